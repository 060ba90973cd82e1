"""时段: the week as a picture, the broadcasts and exceptions of the programme, and a preview of any day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from programme.file import Edition
from programme.model import Broadcast, DayException, Programme
from web.archive import Archived, waiting
from web.day import local_day
from web.handed_in import HandedIn, handed_in
from web.language import listed
from web.schedule.exception_form import mark_of
from web.schedule.foresight import Foreseeing
from web.schedule.week_picture import DAYS, week_picture
from web.schedule.words import day_title, days_words, exception_air, exception_span, length_words, weekday_letter
from web.shared.cards import moved_words, shared_lines
from web.words import about, day_name, part_of_day

schedule = Blueprint("schedule", __name__, url_prefix="/schedule")
_YEARS = range(1970, 2200)


@dataclass(frozen=True)
class BroadcastCard:
    """A broadcast in the list."""

    id: str
    at: str
    part: str
    days: str
    titles: tuple[str, ...]
    length: str
    volume: int
    repeat: int


@dataclass(frozen=True)
class ExceptionCard:
    """An exception in the list."""

    mark: str
    reason: str
    span: str
    air: str
    over: bool


@schedule.get("/")
def show() -> ResponseReturnValue:
    """Show the week of today, or the one that a day is named of."""
    house = handed_in()
    edition = edition_on_desk(house)
    programme = edition.programme
    today = local_day(house.clock.now(), programme)
    day = _day_in(request.args.get("day", ""), today)
    first = day - timedelta(days=day.weekday())
    foreseeing = Foreseeing(house)
    undo, on_air = house.archive.find(request.args.get("undo", "")), house.on_air()
    aside = waiting(house.archive.entries(), programme)
    return render_template(
        "schedule.html",
        words={"airs": _("会播"), "stopped": _("停播"), "quiet": _("在静音时段，不响"), "silent": _("没有稿件可播")},
        picture=week_picture(programme, first, foreseeing.quiet),
        today=today,
        before=first - timedelta(days=DAYS),
        after=first + timedelta(days=DAYS),
        broadcasts=_broadcast_cards(programme, foreseeing),
        exceptions=[_exception_card(programme, one, today) for one in programme.exceptions],
        quiet=foreseeing.quiet,
        shared=shared_lines(on_air),
        moved=moved_words(house.desk.on_desk().edition, on_air),
        hub=on_air.hub if on_air else "",
        undo=undo if undo in aside else None,
        aside=[(entry, aside_name(entry)) for entry in aside if entry.aside.message is None],
        broken=house.desk.on_desk().broken,
        aside_name=aside_name,
        day_name=day_name,
        day_title=day_title,
        weekday_letter=weekday_letter,
    )


@schedule.get("/day")
def day() -> ResponseReturnValue:
    """Show what will be played on a day: today unless another is named."""
    house = handed_in()
    programme = edition_on_desk(house).programme
    today = local_day(house.clock.now(), programme)
    chosen = _day_in(request.args.get("day", ""), today)
    foreseeing = Foreseeing(house)
    return render_template(
        "schedule_day.html",
        sheet=foreseeing.sheet(programme, chosen),
        quiet=foreseeing.quiet,
        programme=programme,
        today=today,
        name=day_name(chosen),
        before=chosen - timedelta(days=1),
        after=chosen + timedelta(days=1),
        length_words=length_words,
        part_of_day=part_of_day,
    )


def aside_name(entry: Archived) -> str:
    """Return what a person calls what was put aside."""
    aside = entry.aside
    if aside.message is not None:
        return _("稿件《%(title)s》", title=aside.message[1].title)
    if aside.exception is not None:
        return _("例外“%(reason)s”", reason=aside.exception[1].reason)
    return _("%(at)s 的时段", at=listed(f"{one.at:%H:%M}" for _place, one in aside.broadcasts))


def edition_on_desk(house: HandedIn) -> Edition:
    """Return what lies on the desk; where nothing does, the page says so."""
    edition = house.desk.on_desk().edition
    if edition is None:
        abort(503, _("还看不到节目单。请到“今天”页看看是什么问题。"))
    return edition


def _day_in(text: str, otherwise: date) -> date:
    """Return the day in ``text``; one that is none, or that no calendar reaches, is told."""
    if not text:
        return otherwise
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.year not in _YEARS:
        flash(_("没有这一天，给您看今天的。"), "bad")
        return otherwise
    return found


def _broadcast_cards(programme: Programme, foreseeing: Foreseeing) -> list[BroadcastCard]:
    def card(broadcast: Broadcast) -> BroadcastCard:
        volume = programme.volume_percent if broadcast.volume_percent is None else broadcast.volume_percent
        messages = [message for message in map(programme.message, broadcast.messages) if message]
        return BroadcastCard(
            id=broadcast.id,
            at=f"{broadcast.at:%H:%M}",
            part=part_of_day(broadcast.at),
            days=days_words(broadcast.days),
            titles=tuple(message.title for message in messages),
            length=about(foreseeing.seconds_of(programme, broadcast)),
            volume=volume,
            repeat=broadcast.repeat,
        )

    return [card(broadcast) for broadcast in sorted(programme.broadcasts, key=lambda one: (one.at, one.id))]


def _exception_card(programme: Programme, exception: DayException, today: date) -> ExceptionCard:
    return ExceptionCard(
        mark=mark_of(exception),
        reason=exception.reason,
        span=exception_span(exception),
        air=exception_air(programme, exception),
        over=exception.last < today,
    )


def gone() -> ResponseReturnValue:
    """Return to the schedule with a word: what was asked for is not there any more."""
    flash(_("它不在了，可能刚被别人删掉。"), "bad")
    return redirect(url_for("schedule.show"), 303)
