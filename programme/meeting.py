"""Broadcasts that would meet: two at the same minute, or one still sounding when the next is due."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import time
from itertools import combinations

from programme.chimes import SECONDS, Chime, chime_of
from programme.faults import Fault
from programme.model import Broadcast, Dates, Days, EveryDay, Message, Programme, RestDays, Weekdays, Workdays
from programme.quoting import quoted
from programme.timetable import falls_on


def meetings(programme: Programme, seconds_of: Callable[[Message], float] | None) -> Iterator[Fault]:
    """Yield a fault for each pair of broadcasts that meet on a day they share.

    Without ``seconds_of`` (how long a message takes to say), only those at the same minute meet. What runs past
    midnight is not followed.
    """
    ordered = sorted(programme.broadcasts, key=lambda broadcast: (_minute(broadcast.at), broadcast.id))
    lengths = {item.id: broadcast_seconds(programme, item, seconds_of) if seconds_of else 0.0 for item in ordered}
    for earlier, later in combinations(ordered, 2):
        apart = (_minute(later.at) - _minute(earlier.at)) * 60
        if apart and apart >= lengths[earlier.id]:
            continue
        if earlier.id != later.id and share_a_day(earlier.days, later.days):
            yield _fault(earlier, later, lengths[earlier.id] if apart else 0.0)


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


def share_a_day(one: Days, other: Days) -> bool:
    """Tell whether some day may belong to both; a named weekday may always be a holiday or a make-up workday."""
    for days, against in ((one, other), (other, one)):
        if isinstance(days, EveryDay):
            return True
        if isinstance(days, Dates):
            return any(falls_on(against, day) for day in days.dates)
    if isinstance(one, Weekdays) and isinstance(other, Weekdays):
        return not set(one.days).isdisjoint(other.days)
    return {type(one), type(other)} != {Workdays, RestDays}


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _fault(earlier: Broadcast, later: Broadcast, seconds: float) -> Fault:
    at = f"{later.at:%H:%M}"
    path = ("broadcasts", later.id, "at")
    if not seconds:
        zh = f"{at} 已有{quoted(earlier.id)}，两个时段不能在同一分钟，请改一个"
        return Fault(None, zh, f"{at} is also the time of {quoted(earlier.id, 'en')}; move one", path)
    minutes = seconds / 60
    since = f"{earlier.at:%H:%M}"
    zh = f"{at} 时，{since} 的{quoted(earlier.id)}还没播完（约 {minutes:.1f} 分钟），请推后或删减"
    en = (
        f"at {at} {quoted(earlier.id, 'en')} of {since} is still sounding (about {minutes:.1f} minutes); "
        "move or shorten one"
    )
    return Fault(None, zh, en, path)
