"""Broadcasts that would meet: two at the same minute, or one still sounding when the next is due."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, time, timedelta
from itertools import combinations

from msgspec.structs import replace

from programme.chimes import SECONDS, Chime, chime_of
from programme.cues import Cue
from programme.faults import Fault
from programme.festivals import FIRST_YEAR, LAST_YEAR, festival_day
from programme.model import (
    Broadcast,
    CivilYear,
    Dates,
    Days,
    EveryDay,
    EveryMonth,
    EverySecondWeek,
    Festivals,
    InExceptions,
    Message,
    Programme,
    RestDays,
    Weekdays,
    Which,
    Workdays,
)
from programme.publication import SAMPLE_RATE_HZ
from programme.quoting import quoted
from programme.timetable import airs, falls_on, is_planned, monday_of
from programme.zones import never_together

_A_DAY = 24 * 60  # minutes
_DAY = timedelta(days=1)
_DAYS_THAT_TELL = date(2024, 1, 1)  # a Monday; the holidays of what follows are announced
_TWO_YEARS = 2 * 366  # whatever weekdays, second weeks, months and work days do beside one another, they do within it


def meetings(programme: Programme, seconds_of: Callable[[Message], float] | None) -> Iterator[Fault]:
    """Yield a fault for each pair of broadcasts that meet on a day they share.

    Without ``seconds_of`` (how long a message takes to say), only those at the same minute meet. What runs past
    midnight meets what is due on the day after.
    """
    ordered = sorted(programme.broadcasts, key=lambda broadcast: (_minute(broadcast.at), broadcast.id))
    lengths = {item.id: broadcast_seconds(programme, item, seconds_of) if seconds_of else 0.0 for item in ordered}
    aired: _Aired = {}
    for earlier, later in combinations(ordered, 2):
        apart = (_minute(later.at) - _minute(earlier.at)) * 60
        if apart and apart >= lengths[earlier.id]:
            continue
        if earlier.id != later.id and _share_a_day(programme, earlier, later, aired):
            yield _fault(earlier, later, lengths[earlier.id] if apart else 0.0)
    usual: dict[str, int] = {}
    for late in ordered:
        past_midnight = lengths[late.id] - (_A_DAY - _minute(late.at)) * 60
        for early in ordered:
            if past_midnight > _minute(early.at) * 60 and _follow(programme, late, early, usual):
                yield _fault(late, early, lengths[late.id], next_day=True)


def broadcast_seconds(programme: Programme, broadcast: Broadcast, seconds_of: Callable[[Message], float]) -> float:
    """Return how long ``broadcast`` sounds: chime, its messages as often as it repeats them, what lies between."""
    messages = (programme.message(name) for name in broadcast.messages)
    return sounding_seconds(
        chime_of(broadcast.chime),
        [seconds_of(message) for message in messages if message],
        repeat=broadcast.repeat,
        gap_seconds=broadcast.gap_seconds,
        pause_seconds=programme.pause_seconds,
    )


def sounding_seconds(
    chime: Chime | None, said: Sequence[float], *, repeat: int, gap_seconds: int, pause_seconds: int
) -> float:
    """Return the seconds of a chime (if any) and of what is ``said``, in seconds a message.

    The pause lies between two messages, the gap between two rounds.
    """
    once = sum(said) + pause_seconds * max(len(said) - 1, 0)
    return (SECONDS[chime] if chime else 0.0) + once * repeat + gap_seconds * (repeat - 1)


def meet(programme: Programme, one: Broadcast, other: Broadcast) -> bool:
    """Tell whether there may be a day on which both are due, by the calendar and the exceptions of ``programme``."""
    return _share_a_day(programme, one, other, {})


def sounding_frames(cue: Cue, said: Sequence[int]) -> int:
    """Return the frames, at 48 kHz, of ``cue`` where its messages take so many each: exactly what the speaker plays."""
    once = sum(said) + round(cue.pause_seconds * SAMPLE_RATE_HZ) * max(len(said) - 1, 0)
    chime = round(SECONDS[cue.chime] * SAMPLE_RATE_HZ) if cue.chime else 0
    return chime + once * cue.repeat + round(cue.gap_seconds * SAMPLE_RATE_HZ) * (cue.repeat - 1)


def share_a_day(one: Days, other: Days, calendar: Sequence[CivilYear] = ()) -> bool:
    """Tell whether some day may belong to both; a named weekday may always be a holiday or a make-up workday.

    Not for the days of exceptions, which only the exceptions name.
    """
    for days, against in ((one, other), (other, one)):
        if isinstance(days, EveryDay):
            return True
        if isinstance(days, Dates | Festivals):
            return any(falls_on(against, day, calendar) for day in _named(days))
    if isinstance(one, _OF_WEEKDAYS) and isinstance(other, _OF_WEEKDAYS):
        return not set(one.days).isdisjoint(other.days) and _may_be_in_one_week(one, other)
    return {type(one), type(other)} != {Workdays, RestDays}


def _follow(programme: Programme, one: Broadcast, other: Broadcast, usual: dict[str, int]) -> bool:
    """Tell whether ``other`` may be due on the day after ``one``; ``usual`` keeps what was found of each."""
    if never_together(one.zones, other.zones):
        return False
    named = _named_days(programme, one)
    if named is None:
        named = _named_days(programme, other)
        named = None if named is None else [day - _DAY for day in named if day > date.min]
    if named is None:  # no exception holds on all the days of either
        for each in (one, other):
            if each.id not in usual:
                usual[each.id] = _usual_days(programme, each.days)
        return bool(usual[one.id] << 1 & usual[other.id])
    return any(
        _is_aired(programme, one, day) and _is_aired(programme, other, day + _DAY) for day in named if day < date.max
    )


def _usual_days(programme: Programme, days: Days) -> int:
    """Return on which of the days that tell it falls, a bit for each."""
    if isinstance(days, EverySecondWeek):  # from whenever on: only which of two weeks it is counts
        days = replace(
            days, first=_DAYS_THAT_TELL + timedelta(days=(monday_of(days.first) - _DAYS_THAT_TELL).days % 14)
        )
    every = (_DAYS_THAT_TELL + timedelta(days=number) for number in range(_TWO_YEARS))
    return sum(1 << number for number, day in enumerate(every) if falls_on(days, day, programme.calendar))


def _is_aired(programme: Programme, broadcast: Broadcast, day: date) -> bool:
    return is_planned(programme, broadcast, day) and airs(broadcast.id, day, programme.exceptions)


def _named_days(programme: Programme, broadcast: Broadcast) -> list[date] | None:
    """Return the days that ``broadcast`` or an exception names for it, None where its days go on for ever."""
    if isinstance(broadcast.days, Dates | Festivals):
        return list(_named(broadcast.days))
    if not isinstance(broadcast.days, InExceptions):
        return None
    return [
        each.first + timedelta(days=number)
        for each in programme.exceptions
        if each.air != "none" and broadcast.id in each.air
        for number in range(min((each.last - each.first).days + 1, _TWO_YEARS))
        if each.first <= date.max - timedelta(days=number)
    ]


_OF_WEEKDAYS = (Weekdays, EverySecondWeek, EveryMonth)


_Aired = dict[str, tuple[date, ...]]


def _share_a_day(programme: Programme, one: Broadcast, other: Broadcast, aired: _Aired) -> bool:
    """Tell whether some day may air both; ``aired`` keeps what was found of broadcasts on named days.

    An exception that airs only one of them keeps them apart, where the days are named.
    """
    if never_together(one.zones, other.zones):
        return False
    if isinstance(one.days, InExceptions) or isinstance(other.days, InExceptions):
        return any(one.id in each.air and other.id in each.air for each in programme.exceptions if each.air != "none")
    for named, against in ((one, other), (other, one)):
        if isinstance(named.days, Dates | Festivals):
            shared = (
                day for day in _aired_on(programme, named, aired) if falls_on(against.days, day, programme.calendar)
            )
            held = [each for each in programme.exceptions if each.air == "none" or against.id not in each.air]
            return any(airs(against.id, day, held) for day in shared)
    return share_a_day(one.days, other.days, programme.calendar)


def _aired_on(programme: Programme, broadcast: Broadcast, aired: _Aired) -> tuple[date, ...]:
    """Return the named days of ``broadcast`` on which every exception lets it be aired."""
    if broadcast.id not in aired and isinstance(broadcast.days, Dates | Festivals):
        days = (day for day in _named(broadcast.days) if airs(broadcast.id, day, programme.exceptions))
        aired[broadcast.id] = tuple(days)
    return aired.get(broadcast.id, ())


def _named(days: Dates | Festivals) -> Iterator[date]:
    if isinstance(days, Dates):
        yield from days.dates
        return
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        yield from filter(None, (festival_day(festival, year) for festival in days.festivals))


def _may_be_in_one_week(one: Days, other: Days) -> bool:
    if isinstance(one, EverySecondWeek) and isinstance(other, EverySecondWeek):
        return (monday_of(one.first) - monday_of(other.first)).days % 14 == 0
    if isinstance(one, EveryMonth) and isinstance(other, EveryMonth):
        return not _may_be(one).isdisjoint(_may_be(other))
    return True


def _may_be(days: EveryMonth) -> frozenset[Which]:
    """Return which of a month's weekdays they may be: the fourth may be the last."""
    ends = {Which.FOURTH, Which.LAST} if {Which.FOURTH, Which.LAST} & set(days.which) else set()
    return frozenset(days.which) | frozenset(ends)


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _fault(earlier: Broadcast, later: Broadcast, seconds: float, *, next_day: bool = False) -> Fault:
    at = f"{later.at:%H:%M}"
    path = ("broadcasts", later.id, "at")
    if not seconds:
        zh = f"{at} 已有{quoted(earlier.id)}，两个时段不能在同一分钟，请改一个"
        return Fault(None, zh, f"{at} is also the time of {quoted(earlier.id, 'en')}; move one", path)
    minutes = seconds / 60
    since = f"{earlier.at:%H:%M}"
    if next_day:
        zh = f"{at} 时，前一天 {since} 的{quoted(earlier.id)}还没播完（约 {minutes:.1f} 分钟），请推后或删减"
        en = (
            f"at {at} {quoted(earlier.id, 'en')} of {since} the day before is still sounding "
            f"(about {minutes:.1f} minutes); move or shorten one"
        )
        return Fault(None, zh, en, path)
    zh = f"{at} 时，{since} 的{quoted(earlier.id)}还没播完（约 {minutes:.1f} 分钟），请推后或删减"
    en = (
        f"at {at} {quoted(earlier.id, 'en')} of {since} is still sounding (about {minutes:.1f} minutes); "
        "move or shorten one"
    )
    return Fault(None, zh, en, path)
