"""What kind of day it is and which days are meant, in words for a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from box.sentences import Sentence
from programme import civil
from programme.festivals import TITLES, Festival, festivals_on
from programme.model import (
    CivilYear,
    Days,
    EveryMonth,
    EverySecondWeek,
    Festivals,
    InExceptions,
    RestDays,
    Weekday,
    Weekdays,
    Which,
    Workdays,
)

WEEKDAYS = {
    Weekday.MON: Sentence("星期一", "Monday"),
    Weekday.TUE: Sentence("星期二", "Tuesday"),
    Weekday.WED: Sentence("星期三", "Wednesday"),
    Weekday.THU: Sentence("星期四", "Thursday"),
    Weekday.FRI: Sentence("星期五", "Friday"),
    Weekday.SAT: Sentence("星期六", "Saturday"),
    Weekday.SUN: Sentence("星期日", "Sunday"),
}
WHICH = {
    Which.FIRST: Sentence("第一个", "first"),
    Which.SECOND: Sentence("第二个", "second"),
    Which.THIRD: Sentence("第三个", "third"),
    Which.FOURTH: Sentence("第四个", "fourth"),
    Which.LAST: Sentence("最后一个", "last"),
}
# Of the names in which holidays are announced; what is not here is told as it is written.
_HOLIDAYS_IN_ENGLISH = {festival.zh: festival.en for festival in TITLES.values()} | {
    "抗战胜利纪念日": "the anniversary of victory"
}
_SATURDAY = 5


def kind_of_day(day: date, calendar: Sequence[CivilYear] = ()) -> Sentence:
    """Return the weekday, the festivals, and whether people work: 星期六，上班（春节调休）."""
    weekday = WEEKDAYS[list(Weekday)[day.weekday()]]
    works, occasion = civil.is_workday(day, calendar), civil.occasion_of(day, calendar)
    kind = Sentence("上班", "a workday") if works else Sentence("休息", "a day of rest")
    if works and day.weekday() >= _SATURDAY:
        why = Sentence(f"{occasion}调休", f"made up for {holiday_in_english(occasion)}") if occasion else None
        kind = _with(kind, why or Sentence("调休", "a make-up working day"))
    elif occasion:
        kind = _with(kind, Sentence(f"{occasion}放假", f"{holiday_in_english(occasion)} holiday"))
    parts = [weekday, *(TITLES[festival] for festival in festivals_on(day)), kind]
    return Sentence("，".join(part.zh for part in parts), ", ".join(part.en for part in parts))


def why_not_among(days: Days) -> Sentence:  # noqa: PLR0911 - a kind of days, a sentence
    """Return why a day is none of ``days``."""
    match days:
        case Workdays():
            return Sentence("这天不上班，它只在工作日播", "no workday; it is aired on workdays")
        case RestDays():
            return Sentence("这天要上班，它只在休息日播", "a workday; it is aired on rest days")
        case Weekdays(days=named):
            return Sentence(f"它只在{_zh(named)}播", f"it is aired on {_short(named)}")
        case EverySecondWeek(days=named):
            return Sentence(f"它隔一周播一次，在{_zh(named)}", f"it is aired every second week, on {_short(named)}")
        case EveryMonth(which=which, days=named):
            zh = "、".join(WHICH[one].zh for one in which)
            en = " and ".join(WHICH[one].en for one in which)
            return Sentence(f"它只在每月{zh}{_zh(named)}播", f"it is aired on the {en} {_short(named)} of the month")
        case Festivals(festivals=festivals):
            return Sentence(
                f"它只在{'、'.join(TITLES[one].zh for one in festivals)}播",
                f"it is aired on {_listed(festivals)}",
            )
        case InExceptions():
            return Sentence("它只在特殊日子里播", "it is aired in exceptions only")
    return Sentence("它只在指定的日期播，这天不是", "it is aired on named dates, and this is none of them")


def _with(kind: Sentence, why: Sentence) -> Sentence:
    return Sentence(f"{kind.zh}（{why.zh}）", f"{kind.en} ({why.en})")


def holiday_in_english(name: str | None) -> str:
    """Return a holiday's English name; as it is written where there is none, empty for None."""
    return _HOLIDAYS_IN_ENGLISH.get(name or "", name or "")


def _zh(weekdays: Iterable[Weekday]) -> str:
    return "、".join(WEEKDAYS[weekday].zh for weekday in weekdays)


def _short(weekdays: Iterable[Weekday]) -> str:
    return ", ".join(weekday.name.capitalize() for weekday in weekdays)


def _listed(festivals: Iterable[Festival]) -> str:
    return ", ".join(TITLES[one].en for one in festivals)
