"""The schedule in words: which days, which dates, what airs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from babel.dates import format_date, format_skeleton
from flask_babel import gettext as _

from programme.chimes import TITLES, Chime, chime_of
from programme.day_words import WHICH
from programme.festivals import TITLES as FESTIVALS
from programme.model import (
    AfterCut,
    Broadcast,
    Dates,
    DayException,
    Days,
    EveryDay,
    EveryMonth,
    EverySecondWeek,
    Festivals,
    InExceptions,
    Programme,
    Weekday,
    Weekdays,
    Workdays,
)
from web.language import CHINESE, ENGLISH, language_now, listed, tell
from web.words import about, day_name

MOST_NAMED = 4  # dates; of more, the first and how many


def weekday_names() -> dict[str, str]:
    """Return each day of the week as the form names it, Monday first."""
    words = (_("星期一"), _("星期二"), _("星期三"), _("星期四"), _("星期五"), _("星期六"), _("星期日"))
    return {day.value: word for day, word in zip(Weekday, words, strict=True)}


def weekday_letter(day: date) -> str:
    """Return the day of the week in a character or three letters, for the head of a column."""
    letters: tuple[str, ...] = (_("一"), _("二"), _("三"), _("四"), _("五"), _("六"), _("日"))
    return letters[day.weekday()]


def days_words(days: Days) -> str:  # noqa: PLR0911 - a kind of days, a phrase
    """Return on which days, in words."""
    match days:
        case EveryDay():
            return _("每天")
        case Workdays():
            return _("工作日")
        case Weekdays(days=named):
            return _weekdays(named)
        case EverySecondWeek(days=named, first=first):
            return _("每隔一周的%(days)s，从%(first)s起", days=_weekdays(named), first=day_title(first))
        case EveryMonth(which=which, days=named):
            return _("每月%(which)s%(days)s", which=listed(tell(WHICH[one]) for one in which), days=_weekdays(named))
        case Festivals(festivals=festivals):
            return listed(tell(FESTIVALS[one]) for one in festivals)
        case Dates(dates=dates):
            return dates_words(dates)
        case InExceptions():
            return _("只在例外的日子")
    return _("休息日")


def _weekdays(named: Sequence[Weekday]) -> str:
    names = weekday_names()
    return listed(names[day.value] for day in named)


def dates_words(dates: Sequence[date]) -> str:
    """Return the dates, or the first of many and how many there are."""
    named = listed(day_title(day) for day in dates[:MOST_NAMED])
    return named if len(dates) <= MOST_NAMED else _("%(dates)s 等 %(count)s 天", dates=named, count=len(dates))


def coming_words(days: Sequence[date], today: date) -> str:
    """Return the days that come, each with its weekday, and with its year where that is another; or that none do."""
    if not days:
        return _("以后没有这样的日子")
    named = (
        day_name(day) if day.year == today.year else _("%(year)s年%(day)s", year=day.year, day=day_name(day))
        for day in days
    )
    return listed(named)


def day_title(day: date) -> str:
    """Return a date without its year, as 6月3日, or 3 June."""
    if language_now() == ENGLISH:
        return format_date(day, "d MMMM", locale=ENGLISH)
    return format_skeleton("MMMd", day, locale=CHINESE)


def chime_word(chime: Chime | None) -> str:
    """Return what a person calls a chime; None is none."""
    return tell(TITLES[chime]) if chime else _("不响")


def length_words(seconds: float, *, exact: bool) -> str:
    """Return a length as N 秒 or M 分 S 秒; one that is not ``exact`` is about that long."""
    if not exact:
        return about(seconds)
    minutes, rest = divmod(max(1, round(seconds)), 60)
    if not minutes:
        return _("%(seconds)s 秒", seconds=rest)
    if not rest:
        return _("%(minutes)s 分", minutes=minutes)
    return _("%(minutes)s 分 %(seconds)s 秒", minutes=minutes, seconds=rest)


def exception_span(exception: DayException) -> str:
    """Return from when until when an exception holds."""
    first = _("%(year)s年%(day)s", year=exception.first.year, day=day_title(exception.first))
    return first if exception.first == exception.last else f"{first} – {day_title(exception.last)}"


def exception_air(programme: Programme, exception: DayException) -> str:
    """Return what airs while an exception holds."""
    if exception.air == "none":
        return _("全部停播")
    found = sorted(broadcast.at for broadcast in map(programme.broadcast, exception.air) if broadcast)
    return _("只播 %(times)s", times=listed(f"{at:%H:%M}" for at in found))


def broadcast_words(programme: Programme, broadcast: Broadcast) -> tuple[tuple[str, str], ...]:
    """Return a broadcast as names and values, to be laid beside another."""
    titles = (message.title for message in map(programme.message, broadcast.messages) if message)
    volume = broadcast.volume_percent
    return (
        (_("时间"), f"{broadcast.at:%H:%M}"),
        (_("哪些天"), days_words(broadcast.days)),
        (_("稿件"), listed(titles)),
        (_("播几遍"), _("%(count)s 遍，中间停 %(seconds)s 秒", count=broadcast.repeat, seconds=broadcast.gap_seconds)),
        (_("提示音"), chime_word(chime_of(broadcast.chime))),
        (_("音量"), _("和平时一样") if volume is None else f"{volume}"),
        (_("补播时限"), _("%(minutes)s 分钟", minutes=broadcast.grace_minutes)),
        (_("被打断以后"), after_cut_words()[broadcast.after_cut]),
    )


def after_cut_words() -> dict[AfterCut, str]:
    """Return how a broadcast goes on that was cut, the usual way first."""
    return {
        AfterCut.NEXT_MESSAGE: _("从没播完的那篇接着播"),
        AfterCut.START: _("从头再播一次"),
        AfterCut.DROP: _("不再播了"),
    }
