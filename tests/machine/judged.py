"""What must hold on a machine whose power was cut: of what was seen before and is there now, what is broken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from speaker.airing import Outcome
from speaker.record import Airing

ON_RECORD_WITHIN = timedelta(minutes=15)  # grace, and as long as the machine may take to boot
Span = tuple[datetime, datetime]


def lost_rows(before: Iterable[Airing], now: Iterable[Airing]) -> list[str]:
    """Return what ended rows of the log are gone, or not as they were."""
    hashes = {row.id: row.hash for row in now}
    return [
        f"row {row.id} of {row.broadcast} was {row.hash[:8]}, is {hashes.get(row.id)}"
        for row in before
        if row.outcome and hashes.get(row.id) != row.hash
    ]


def twice(rows: Iterable[Airing]) -> list[str]:
    """Return which occurrences were completed more than once, or attempted a third time."""
    begun = [(row.day, row.broadcast) for row in rows if row.broadcast and row.origin == "schedule" and row.started]
    aired = [(row.day, row.broadcast) for row in rows if row.outcome is Outcome.AIRED and row.origin == "schedule"]
    often = [f"{one} aired {count} times" for one, count in Counter(aired).items() if count > 1]
    return often + [f"{one} begun {count} times" for one, count in Counter(begun).items() if count > 2]


def at_night(rows: Iterable[Airing], quiet: Span) -> list[str]:
    """Return which rows say that something sounded within the quiet hours."""
    start, end = quiet
    return [
        f"row {row.id} of {row.broadcast}: {row.started} to {row.ended}"
        for row in rows
        if row.started and row.frames_played and row.started < end and (row.ended or row.started) > start
    ]


def unrecorded(rows: Iterable[Airing], due: Mapping[str, datetime], since: datetime, now: datetime) -> list[str]:
    """Return the broadcasts that were due between and have no row with an outcome."""
    ended = {row.broadcast for row in rows if row.outcome}
    return [
        f"{broadcast} of {at} is not on record"
        for broadcast, at in due.items()
        if since < at < now - ON_RECORD_WITHIN and broadcast not in ended
    ]


def heard_at_night(sounding: Iterable[datetime], quiet: Span) -> list[str]:
    """Return the moments within the quiet hours at which the card was seen running."""
    start, end = quiet
    return [f"the card ran at {at}" for at in sounding if start < at < end]


def lost_words(acknowledged: str, handed_in: Sequence[str], now: str) -> list[str]:
    """Return what is wrong with the words: they are those acknowledged last, or some that were handed in after."""
    if now in (acknowledged, *handed_in):
        return []
    return [f"the words are {now!r}; acknowledged were {acknowledged!r}, then handed in {list(handed_in)!r}"]


def behind(name: str, these: Mapping[str, int], told: str, those: Mapping[str, int]) -> list[str]:
    """Return where a number of ``these``, which is to be on the disk first, is lower than that of ``those``."""
    return [
        f"{name} of {channel} is {these.get(channel, 0)}, {told} {number}"
        for channel, number in those.items()
        if number > these.get(channel, 0)
    ]
