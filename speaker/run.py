"""One airing in hand: armed, sounding, or waiting for its end to be reported."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from programme.cues import Occurrence
from programme.publication import SAMPLE_RATE_HZ
from speaker.airing import Outcome, Priority, Result, Rundown
from speaker.limits import HardLimits
from speaker.record import Part
from speaker.script import Asker, Script

STOP_BEFORE_QUIET = timedelta(milliseconds=500)  # stop takes 50 ms, the amplifier's tail some hundred more

_ABOUT_NOW = timedelta(seconds=1)  # two clocks that run on differ by less: what is due just now begins when it is due
_PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class Turn:
    """What has its row in the as-run log and is to sound now: a cue, a page, or what is left of one that was cut.

    ``asked`` is the monotonic second at which it was wanted. ``above_quiet_hours`` says that the quiet hours are not
    asked: it is only recorded. Of what was cut, ``parts`` are what was heard before, ``first`` is how the first ended.
    """

    row: int
    script: Script
    asker: Asker
    asked: float
    occurrence: Occurrence | None = None
    above_quiet_hours: bool = False
    parts: tuple[Part, ...] = ()
    first: Result | None = None

    @property
    def frames_before(self) -> int:
        """How many frames of it were heard before it was cut."""
        return sum(part.frames_played for part in self.parts)

    @property
    def seconds_before(self) -> float:
        """How many seconds of it were heard before it was cut."""
        return self.frames_before / SAMPLE_RATE_HZ

    def parts_with(self, result: Result, cut_by: int | None = None) -> tuple[Part, ...]:
        """Return its parts with the one that has ended as ``result``; none where it was never cut."""
        if (not self.parts and cut_by is None) or not result.frames_played:
            return self.parts
        last = Part(started=result.started, ended=result.ended, frames_played=result.frames_played, cut_by=cut_by)
        return (*self.parts, last)

    def whole(self, result: Result) -> Result:
        """Return ``result``, that of its last part, as that of all of it."""
        first = self.first
        if first is None:
            return result
        return replace(
            result,
            outcome=Outcome.CUT if result.outcome in {Outcome.MISSED, Outcome.REFUSED} else result.outcome,
            frames_played=self.frames_before + result.frames_played,
            started=first.started,
            lateness_ms=first.lateness_ms,
            listening=first.listening if result.listening is None else result.listening,
        )


@dataclass(frozen=True)
class Run:
    """An airing that was handed to the playout, as it sounds this time.

    ``due_monotonic`` is the monotonic second its first sample was due when it was armed.
    """

    number: int
    turn: Turn
    rundown: Rundown
    due_monotonic: float

    @property
    def row(self) -> int:
        """Its row in the as-run log."""
        return self.turn.row

    @property
    def script(self) -> Script:
        """What it says."""
        return self.turn.script

    @property
    def occurrence(self) -> Occurrence | None:
        """Which occurrence it is, None for a page."""
        return self.turn.occurrence

    @property
    def priority(self) -> Priority:
        """Who gives way to whom."""
        return self.rundown.priority

    def end_before_quiet(
        self, limits: HardLimits, now: datetime, monotonic: float, early: timedelta
    ) -> datetime | None:
        """Return when it is to be ended, or was, because the quiet hours begin before its end; None if they don't.

        ``early`` is how long before the last sample the quiet hours are looked for. What sounds already, sounds now,
        whenever it was due: somebody may have set the clock back into the night.
        """
        start, due = now, self.rundown.due
        if due is not None and (monotonic < self.due_monotonic or due - now < _ABOUT_NOW):
            start = max(now, due.astimezone(UTC))
        length = timedelta(seconds=self.rundown.frames / SAMPLE_RATE_HZ) + STOP_BEFORE_QUIET + early
        quiet = None if self.rundown.above_quiet_hours else limits.quiet_from(start, length)
        return quiet - STOP_BEFORE_QUIET if quiet else None

    def is_overdue(self, monotonic: float) -> bool:
        """Tell whether it should have ended long ago."""
        return monotonic > self.due_monotonic + self.rundown.frames / SAMPLE_RATE_HZ + _PATIENCE_SECONDS
