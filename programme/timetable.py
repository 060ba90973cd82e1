"""The timetable: a programme or a publication, and a day, make dated cues. Pure; it reads no YAML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from programme import civil
from programme.chimes import chime_of
from programme.cues import Cue, Occurrence
from programme.festivals import festivals_on
from programme.model import (
    Broadcast,
    CivilYear,
    DayException,
    Days,
    EveryDay,
    EveryMonth,
    EverySecondWeek,
    Festivals,
    InExceptions,
    Programme,
    RestDays,
    Weekday,
    Weekdays,
    Which,
    Workdays,
)
from programme.publication import Publication

Plan = Programme | Publication

FURTHEST_DAYS = 400  # the programme is known to return within a year, whatever its days are
_LOOKED_FOR_DAYS = 5 * 366 + 5  # so that a festival's next five are found
_WEEK = tuple(Weekday)
_COUNTED = (Which.FIRST, Which.SECOND, Which.THIRD, Which.FOURTH)


def cues_on(plan: Plan, day: date) -> tuple[Cue, ...]:
    """Return what is due on the local date ``day``, in the order of due.

    A broadcast whose messages are all outside their validity is still a cue, with nothing to say. Dates reach from
    year 1 to 9999 less a day at both ends; outside that OverflowError is raised.
    """
    zone = ZoneInfo(plan.timezone)
    cues = [
        _cue(plan, broadcast, day, zone)
        for broadcast in plan.broadcasts
        if is_planned(plan, broadcast, day) and airs(broadcast.id, day, plan.exceptions)
    ]
    return tuple(sorted(cues, key=lambda cue: (cue.due, cue.occurrence.broadcast_id)))


def falls_on(days: Days, day: date, calendar: Sequence[CivilYear] = ()) -> bool:  # noqa: PLR0911 - a kind, a line
    """Tell whether ``day`` is one of ``days``; ``calendar`` are the years that were dropped in.

    Which days are those of exceptions is for ``is_planned``.
    """
    match days:
        case EveryDay():
            return True
        case Workdays():
            return civil.is_workday(day, calendar)
        case RestDays():
            return not civil.is_workday(day, calendar)
        case Festivals():
            return not set(days.festivals).isdisjoint(festivals_on(day))
        case Weekdays():
            return _WEEK[day.weekday()] in days.days
        case EverySecondWeek():
            weeks = (monday_of(day) - monday_of(days.first)).days // 7
            return day >= days.first and weeks % 2 == 0 and _WEEK[day.weekday()] in days.days
        case EveryMonth():
            return _WEEK[day.weekday()] in days.days and not set(days.which).isdisjoint(_which_of(day))
        case InExceptions():
            return False
    return day in days.dates


def is_planned(plan: Plan, broadcast: Broadcast, day: date) -> bool:
    """Tell whether ``day`` is one of the broadcast's, whether or not an exception stops it."""
    if isinstance(broadcast.days, InExceptions):
        return any(broadcast.id in one.air for one in _holding(day, plan.exceptions) if one.air != "none")
    return falls_on(broadcast.days, day, plan.calendar)


def next_days(plan: Plan, broadcast: Broadcast, first: date, count: int) -> tuple[date, ...]:
    """Return the first ``count`` days from ``first`` on that air it, or as many as come within five years."""
    found: list[date] = []
    for index in range(_LOOKED_FOR_DAYS):
        day = first + timedelta(days=index)
        if is_planned(plan, broadcast, day) and airs(broadcast.id, day, plan.exceptions):
            found.append(day)
            if len(found) == count:
                break
    return tuple(found)


def monday_of(day: date) -> date:
    """Return the Monday of ``day``'s week."""
    return day - timedelta(days=day.weekday())


def _which_of(day: date) -> Iterator[Which]:
    """Yield which of its month's weekdays ``day`` is: the last may be the fourth too."""
    place = (day.day - 1) // 7
    if place < len(_COUNTED):
        yield _COUNTED[place]
    if (day + timedelta(days=7)).month != day.month:
        yield Which.LAST


def airs(broadcast_id: str, day: date, exceptions: Iterable[DayException]) -> bool:
    """Tell whether every exception that holds on ``day`` lets the broadcast be aired."""
    return all(one.air != "none" and broadcast_id in one.air for one in _holding(day, exceptions))


def _holding(day: date, exceptions: Iterable[DayException]) -> Iterator[DayException]:
    return (exception for exception in exceptions if exception.first <= day <= exception.last)


def local_instant(day: date, broadcast: Broadcast, zone: ZoneInfo) -> datetime:
    """Return the instant at which the clocks on the wall show the broadcast's time on ``day``.

    A time that is skipped when summer time begins moves forward by what is skipped (02:30 becomes 03:30); of a
    time that comes twice when it ends, the first is meant.
    """
    shown = datetime.combine(day, broadcast.at.replace(fold=0), tzinfo=zone)
    return shown.astimezone(UTC).astimezone(zone)


def _cue(plan: Plan, broadcast: Broadcast, day: date, zone: ZoneInfo) -> Cue:
    valid: list[str] = []
    expired: list[str] = []
    for message_id in broadcast.messages:
        (valid if _is_valid(plan, message_id, day) else expired).append(message_id)
    own = broadcast.volume_percent
    return Cue(
        occurrence=Occurrence(day=day, broadcast_id=broadcast.id),
        due=local_instant(day, broadcast, zone),
        grace=timedelta(minutes=broadcast.grace_minutes),
        messages=tuple(valid),
        expired=tuple(expired),
        repeat=broadcast.repeat,
        gap_seconds=broadcast.gap_seconds,
        pause_seconds=plan.pause_seconds,
        chime=chime_of(broadcast.chime),
        volume_percent=plan.volume_percent if own is None else own,
    )


def _is_valid(plan: Plan, message_id: str, day: date) -> bool:
    message = plan.message(message_id)
    if message is None:
        return False
    return (message.valid_from or day) <= day <= (message.valid_until or day)
