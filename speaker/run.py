"""One airing in hand: armed, sounding, or waiting for its end to be reported."""

from __future__ import annotations

from dataclasses import dataclass

from programme.cues import Occurrence
from programme.publication import SAMPLE_RATE_HZ
from speaker.airing import Priority, Rundown
from speaker.script import Script

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

    def is_overdue(self, monotonic: float) -> bool:
        """Tell whether it should have ended long ago."""
        return monotonic > self.due_monotonic + self.rundown.frames / SAMPLE_RATE_HZ + _PATIENCE_SECONDS
