"""One airing in hand: armed, sounding, or waiting for its end to be reported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from programme.cues import Occurrence
from programme.publication import SAMPLE_RATE_HZ
from speaker.airing import Priority, Rundown
from speaker.limits import HardLimits
from speaker.script import Script

STOP_BEFORE_QUIET = timedelta(milliseconds=500)  # stop takes 50 ms, the amplifier's tail some hundred more

_PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class Run:
    """An airing that was handed to the playout. ``row`` is its row in the as-run log.

    ``due_monotonic`` is the monotonic second its first sample was due when it was armed. ``above_quiet_hours``
    says that the quiet hours do not end it.
    """

    number: int
    row: int
    script: Script
    rundown: Rundown
    occurrence: Occurrence | None
    due_monotonic: float
    above_quiet_hours: bool

    @property
    def priority(self) -> Priority:
        """Who gives way to whom."""
        return self.rundown.priority

    def end_before_quiet(self, limits: HardLimits, now: datetime, early: timedelta) -> datetime | None:
        """Return when it is to be ended, or was, because the quiet hours begin before its end; None if they don't.

        ``early`` is how long before the last sample the quiet hours are looked for.
        """
        start = max(now, self.rundown.due.astimezone(UTC)) if self.rundown.due else now
        length = timedelta(seconds=self.rundown.frames / SAMPLE_RATE_HZ) + STOP_BEFORE_QUIET + early
        quiet = None if self.above_quiet_hours else limits.quiet_from(start, length)
        return quiet - STOP_BEFORE_QUIET if quiet else None

    def is_overdue(self, monotonic: float) -> bool:
        """Tell whether it should have ended long ago."""
        return monotonic > self.due_monotonic + self.rundown.frames / SAMPLE_RATE_HZ + _PATIENCE_SECONDS
