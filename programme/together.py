"""The yard's own programme and the shared one, as they are aired together. Pure.

The shared one goes first. What is the yard's own is not lost for it: at the same minute it comes a minute later, and
only what finds no room within a quarter of an hour, or is over a limit of both together, is left out, and named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from msgspec.structs import replace

from programme.checking import MOST_BROADCASTS, MOST_EXCEPTIONS, MOST_MESSAGES
from programme.meeting import meet
from programme.model import Broadcast, CivilYear, DayException, InExceptions, Programme
from programme.rules import as_messages
from programme.shared import Shared, looks_shared

LATER_MINUTES = 15
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Moved:
    """A broadcast of the yard's own that is aired later, because a shared one is due at its time."""

    broadcast: str
    at: time
    now_at: time


@dataclass(frozen=True)
class Together:
    """What is aired: ``own`` is the yard's programme as it is aired beside the shared one, without that.

    ``broadcasts``, ``exceptions`` and ``calendar`` are of both. ``left_out`` are ids of the yard's own that are not
    aired while the shared programme is as it is, among them all that look like the hub's.
    """

    own: Programme
    broadcasts: tuple[Broadcast, ...]
    exceptions: tuple[DayException, ...]
    calendar: tuple[CivilYear, ...]
    volume_percent: int
    moved: tuple[Moved, ...] = ()
    left_out: tuple[str, ...] = ()


def together(programme: Programme, shared: Shared | None) -> Together:
    """Return what is aired of ``programme`` and ``shared``."""
    if shared is None:
        return Together(
            own=programme,
            broadcasts=programme.broadcasts,
            exceptions=programme.exceptions,
            calendar=programme.calendar,
            volume_percent=programme.volume_percent,
        )
    room = MOST_MESSAGES - len(shared.messages)
    messages = [message for message in programme.messages if not looks_shared(message.id)][: max(0, room)]
    mine = [broadcast for broadcast in programme.broadcasts if not looks_shared(broadcast.id)]
    known = {message.id for message in messages}
    calendar = _calendar(shared.calendar, programme.calendar)
    judged = replace(programme, broadcasts=(), exceptions=shared.exceptions, calendar=calendar)
    moved: list[Moved] = []
    own: list[Broadcast] = []
    for broadcast in mine:
        said = tuple(name for name in broadcast.messages if name in known)
        if not said or len(own) + len(shared.broadcasts) >= MOST_BROADCASTS:
            continue
        placed = _placed(judged, replace(broadcast, messages=said), (*shared.broadcasts, *own, *mine))
        if placed is not None:
            own.append(placed)
            moved += [Moved(broadcast.id, broadcast.at, placed.at)] if placed.at != broadcast.at else []
    aired = {broadcast.id for broadcast in own}
    exceptions = (*shared.exceptions, *_scoped(programme.exceptions, shared, aired))[:MOST_EXCEPTIONS]
    every = [*(message.id for message in programme.messages), *(one.id for one in programme.broadcasts)]
    return Together(
        own=replace(programme, messages=tuple(messages), broadcasts=tuple(own)),
        broadcasts=(*shared.broadcasts, *own),
        exceptions=exceptions,
        calendar=calendar,
        volume_percent=programme.volume_percent if shared.volume_percent is None else shared.volume_percent,
        moved=tuple(moved),
        left_out=tuple(name for name in every if name not in known | aired),
    )


def as_one(both: Together, shared: Shared | None) -> Programme:
    """Return both layers as one programme: for who asks what a day will be like, not to be saved or published."""
    return replace(
        both.own,
        volume_percent=both.volume_percent,
        messages=(*as_messages(shared.messages), *both.own.messages) if shared else both.own.messages,
        broadcasts=both.broadcasts,
        exceptions=both.exceptions,
        calendar=both.calendar,
    )


def _placed(judged: Programme, broadcast: Broadcast, others: Sequence[Broadcast]) -> Broadcast | None:
    """Return the broadcast at the first minute from its own on at which it meets none of ``others``, or None."""
    others = [one for one in others if one.id != broadcast.id]
    first = broadcast.at.hour * 60 + broadcast.at.minute
    for minute in range(first, min(first + LATER_MINUTES + 1, 24 * 60)):
        moved = replace(broadcast, at=time(*divmod(minute, 60)))
        against = [one for one in others if looks_shared(one.id)] if minute == first else others
        if not any(one.at == moved.at and meet(judged, one, moved) for one in against):
            return moved
    return None


def _scoped(exceptions: Iterable[DayException], shared: Shared, aired: set[str]) -> Iterator[DayException]:
    """Yield the yard's exceptions as they are about its own broadcasts: what is shared airs on those days as ever."""
    usual = tuple(one.id for one in shared.broadcasts if not isinstance(one.days, InExceptions))
    for exception in exceptions:
        own = () if exception.air == "none" else tuple(name for name in exception.air if name in aired)
        for first, last in _spans(exception, shared.exceptions):
            named = [one.air for one in shared.exceptions if one.air != "none" and one.first <= first <= one.last]
            instead = tuple(dict.fromkeys(name for air in named for name in air if name not in usual))
            yield replace(exception, first=first, last=last, air=(*own, *usual, *instead) or "none", zones=())


def _spans(exception: DayException, others: Iterable[DayException]) -> list[tuple[date, date]]:
    """Return the days of ``exception`` in parts in which the same of ``others`` hold."""
    cuts = {exception.first}
    for one in others:
        cuts |= {day for day in (one.first, one.last + _DAY) if exception.first < day <= exception.last}
    starts = sorted(cuts)
    return list(zip(starts, [*(day - _DAY for day in starts[1:]), exception.last], strict=True))


def _calendar(first: tuple[CivilYear, ...], then: tuple[CivilYear, ...]) -> tuple[CivilYear, ...]:
    years = {year.year: year for year in (*then, *first)}
    return tuple(years[year] for year in sorted(years))
