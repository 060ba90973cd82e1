"""What is promised of a yard, told in the plainest way there is: by what a microphone heard and what is on record.

Nothing here asks the code how it decides: neither its timetable nor its limits, its zones or its ledger.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from programme.cues import Occurrence
from speaker.airing import Outcome, Reason
from speaker.record import Airing
from tests.speaker.simulated import Heard

ANEW_WITHIN = timedelta(minutes=5)
CALM = timedelta(seconds=15)  # after an emergency nothing else begins (docs/order.md); here after any page
EARLY = timedelta(seconds=5)  # a row is begun, and the playout told, up to 3 s before it is to sound
_ENDING_FRAMES = 3 * 48_000
_A_MOMENT = timedelta(milliseconds=1)
_A_MINUTE = timedelta(minutes=1)
_A_DAY = timedelta(days=1)
_MAY_COME_AGAIN = {Reason.TOO_LATE, Reason.CARD_MISSING, Reason.BUSY, Reason.CLOCK_UNTRUSTED}


@dataclass(frozen=True)
class Due:
    """A broadcast of one day: at which instant, and how long after it it may begin."""

    occurrence: Occurrence
    at: datetime
    grace: timedelta


@dataclass(frozen=True)
class Plan:
    """The broadcasts ``b0``, ``b1`` and so on: the minute of the day and the minutes of grace of each, in one zone."""

    zone: str
    broadcasts: tuple[tuple[int, int], ...]

    def timings(self) -> dict[str, tuple[str, int]]:
        """Return what makes the time of each."""
        return {f"b{number}": (self.zone, minute) for number, (minute, _) in enumerate(self.broadcasts)}

    def on(self, day: date) -> list[Due]:
        """Return what is due on that day. An hour that daylight saving leaves out is what the clock shows then."""
        zone = ZoneInfo(self.zone)
        return [
            Due(
                Occurrence(day, f"b{number}"),
                datetime.combine(day, time(minute // 60, minute % 60), zone).astimezone(UTC),
                timedelta(minutes=grace),
            )
            for number, (minute, grace) in enumerate(self.broadcasts)
        ]

    def around(self, now: datetime, first: int, last: int) -> list[Due]:
        """Return what is due from so many days from today on until so many."""
        today = now.astimezone(ZoneInfo(self.zone)).date()
        return [due for number in range(first, last + 1) for due in self.on(today + number * _A_DAY)]


@dataclass(frozen=True)
class Night:
    """The installer's quiet hours, by the clock on the wall of his zone."""

    hours: str
    zone: str

    def is_on(self, instant: datetime) -> bool:
        """Tell whether it is night then."""
        if not self.hours:
            return False
        shown = f"{instant.astimezone(ZoneInfo(self.zone)):%H:%M}"
        start, _, end = self.hours.partition("-")
        return start <= shown < end if start < end else shown >= start or shown < end

    def next_start(self, now: datetime) -> datetime | None:
        """Return when the next night begins, within a day; None where there is none."""
        minute = now.replace(second=0, microsecond=0)
        for _ in range(1440):
            minute += _A_MINUTE
            if self.is_on(minute) and not self.is_on(minute - _A_MINUTE):
                return minute
        return None

    def touches(self, start: datetime, end: datetime) -> bool:
        """Tell whether any of the time from ``start`` on and before ``end`` is night: they change at full minutes."""
        full = start.replace(second=0, microsecond=0) + _A_MINUTE
        instants = [start] if start < end else []
        while full < end:
            instants.append(full)
            full += _A_MINUTE
        return any(self.is_on(instant) for instant in instants)


class OwedSince:
    """From when on each broadcast is owed at its time: since it was on air at it and the time was known."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[tuple[str, int], datetime | None]] = {}

    def put_on_air(self, plan: Plan, now: datetime | None) -> None:
        """Take note of what is on air from ``now`` on, None where nobody knows what time it is."""
        self._known = {
            name: self._known[name] if self._known.get(name, ("",))[0] == timing else (timing, now)
            for name, timing in plan.timings().items()
        }

    def learn(self, now: datetime) -> None:
        """Take note of the time for what was put on air without it, or by a clock that was ahead."""
        for name, (timing, since) in self._known.items():
            if since is None or since > now:
                self._known[name] = (timing, now)

    def is_owed(self, name: str, at: datetime) -> bool:
        """Tell whether what is due ``at`` that instant is owed."""
        since = self._known.get(name, ("", None))[1]
        return since is not None and at >= since

    def knows(self, name: str) -> bool:
        """Tell whether it is on air and the time is known."""
        return self._known.get(name, ("", None))[1] is not None


def occurrence_of(row: Airing) -> Occurrence | None:
    """Return which occurrence a row is about, None for a page."""
    return Occurrence(row.day, str(row.broadcast)) if row.priority == "programme" else None


def hold_once(heard: Sequence[Heard]) -> None:
    """Hold what was heard to it: each to its end at most once and never after that.

    After a cut it goes on. It begins anew only once, and only after death in its first five minutes, whether it
    sounded then or waited to go on; and not where no more was to come than its ending.
    """
    by_occurrence: dict[Occurrence, list[Heard]] = {}
    for one in heard:
        if one.occurrence is not None:
            by_occurrence.setdefault(one.occurrence, []).append(one)
    for times in by_occurrence.values():
        assert not any(one.whole for one in times[:-1])
        assert len({one.life for one in times}) <= 2, "begun anew once at most"
        for before, after in itertools.pairwise(times):
            if before.life == after.life:
                assert before.cut
            else:
                assert before.died or before.cut
                assert not (before.died and is_at_its_ending(before.seconds, before.length_seconds))
                assert after.since - times[0].since < ANEW_WITHIN + EARLY


def is_at_its_ending(seconds: float, length_seconds: float) -> bool:
    """Tell whether so much was heard that only the ending was to come: 3 s, or half of what is shorter than six."""
    return seconds > length_seconds - min(3.0, length_seconds / 2) + _A_MOMENT.total_seconds()


def hold_in_time(heard: Sequence[Heard]) -> None:
    """Hold each to its time: from its due instant to the end of its grace, put off by what was heard of it before.

    By the clock as it was then; and the playout was told a moment before, not more.
    """
    before: dict[tuple[Occurrence | None, int], timedelta] = {}
    for one in heard:
        assert one.ahead_seconds <= EARLY.total_seconds(), f"{one} was armed too early"
        if one.due is not None and one.until is not None:
            had = before.get((one.occurrence, one.life), timedelta())
            assert one.due <= one.since <= one.until + had + _A_MOMENT
            before[one.occurrence, one.life] = had + timedelta(seconds=one.seconds)


def hold_the_night(sounded: Iterable[tuple[datetime, datetime]], night: Night) -> None:
    """Hold that nothing sounds at night, not for a moment."""
    for start, end in sounded:
        assert not night.touches(start, end), f"it sounded from {start} to {end}"


def hold_the_record(heard: Sequence[Heard], rows: Sequence[Airing]) -> None:
    """Hold what is on record to what was heard: whole is aired, once, and nothing else is; the rest has its reason."""
    whole = [one.occurrence for one in heard if one.occurrence is not None and one.whole]
    aired = [row for row in rows if row.priority == "programme" and row.outcome is Outcome.AIRED]
    assert sorted(whole) == sorted(Occurrence(row.day, str(row.broadcast)) for row in aired)
    assert all(row.reason for row in rows if row.outcome not in {None, Outcome.AIRED})


def hold_punctual(due: Iterable[Due], heard: Sequence[Heard], sounded: Sequence[tuple[datetime, datetime]]) -> None:
    """Hold each that is ``due`` while nothing hinders it to that instant, not a moment later.

    ``heard`` and ``sounded`` are what was heard meanwhile, and when. What sounds then, has just ended or begins at the
    same instant hinders.
    """
    for one in due:
        begun = [mine.since for mine in heard if mine.occurrence == one.occurrence]
        if any(start < one.at <= end + CALM for start, end in sounded):
            continue
        if any(other.occurrence != one.occurrence and other.since == one.at for other in heard):
            continue
        assert begun and abs(begun[0] - one.at) <= _A_MOMENT, f"{one} was begun at {begun}"


def may_still_sound(rows: Sequence[Airing], now: datetime) -> bool:
    """Tell whether anything may come of an occurrence with these ``rows``.

    Where nothing has sounded it may: a clock may have been set back. One that the power has cut may once more, if less
    than five minutes are gone and more than its ending was to come.
    """
    ended = [row for row in rows if row.outcome is not None]
    died = [row for row in ended if row.reason is Reason.INTERRUPTED]
    if any(row not in died and (row.reason not in _MAY_COME_AGAIN or row.outcome is Outcome.CUT) for row in ended):
        return False
    if not died:
        return True
    if any(row.frames_played >= row.frames - min(_ENDING_FRAMES, row.frames / 2) for row in died if row.frames_played):
        return False
    begun = max(instant for instant in (died[-1].begun, died[-1].due) if instant is not None)
    return len(died) == 1 and now < begun + ANEW_WITHIN - EARLY
