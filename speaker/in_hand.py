"""What was handed to the playout and whose end has not been reported yet: begun, ended early, taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from box.clock import Clock
from programme.cues import Occurrence
from speaker.airing import Playout, Priority, Reason, Result, Rundown
from speaker.limits import HardLimits
from speaker.run import Run, Turn
from speaker.script import Script

_NEARLY_SOUNDING_SECONDS = 0.3


@dataclass(frozen=True)
class Ended:
    """A run that has ended: ``cut_by`` is the row that took its place, ``recalled`` that it was taken back."""

    run: Run
    cut_by: int | None
    recalled: bool


class InHand:
    """Hands turns to the playout, numbers them as runs, and keeps what is known of each until it has ended.

    ``current`` is the one that was begun last: it is armed, or sounds. ``ended`` is handed each run's number and
    result on the playout's thread. ``early`` is how long before it is due a run may be begun.
    """

    def __init__(
        self,
        *,
        playout: Playout,
        clock: Clock,
        limits: HardLimits,
        stage: Callable[[Script], Rundown],
        ended: Callable[[int, Result], None],
        early: timedelta,
    ) -> None:
        self.current: Run | None = None
        self._playout = playout
        self._clock = clock
        self._limits = limits
        self._stage = stage
        self._ended = ended
        self._early = early
        self._numbers = 0
        self._runs: dict[int, Run] = {}
        self._cut_by: dict[int, int] = {}
        self._recalled: set[int] = set()

    @property
    def occurrences(self) -> frozenset[Occurrence]:
        """What is armed or sounds, or ends just now."""
        return frozenset(run.occurrence for run in self._runs.values() if run.occurrence is not None)

    @property
    def scripts(self) -> tuple[Script, ...]:
        """What they say; any thread may ask."""
        return tuple(run.script for run in tuple(self._runs.values()))

    @property
    def priority(self) -> Priority | None:
        """The priority of the current one, None where nothing is in hand."""
        return self.current.priority if self.current else None

    def start(self, turn: Turn) -> None:
        """Sound ``turn``, in the place of the current one."""
        rundown = self._stage(turn.script)
        above = turn.above_quiet_hours or self._limits.sounds_at_night(rundown.priority)
        rundown = replace(rundown, above_quiet_hours=above)
        until_due = (rundown.due - self._clock.now()).total_seconds() if rundown.due else 0.0
        self._numbers += 1
        number = self._numbers
        if self.current is not None:
            self._cut_by[self.current.number] = turn.row
        self.current = self._runs[number] = Run(
            number=number,
            turn=turn,
            rundown=rundown,
            due_monotonic=self._clock.monotonic() + max(0.0, until_due),
        )
        self._playout.start(rundown, lambda result: self._ended(number, result))

    def end(self, number: int) -> Ended:
        """Let go of the run ``number``, which has ended."""
        run = self._runs.pop(number)
        if self.current is run:
            self.current = None
        recalled = number in self._recalled
        self._recalled.discard(number)
        return Ended(run, self._cut_by.pop(number, None), recalled)

    def stop(self, reason: Reason) -> None:
        """End what sounds, and let nothing go on that was cut just now. A cue that is only armed stays: it is next."""
        self._cut_by.clear()
        run = self.current
        if run is not None and (run.occurrence is None or not self._is_only_armed(run)):
            self._playout.stop(reason)

    def stop_row(self, row: int, reason: Reason) -> None:
        """End what sounds if it is that row's, and nothing else."""
        if self.current is not None and self.current.row == row:
            self._playout.stop(reason)

    def hush(self) -> None:
        """End what sounds and take back what is armed, but no emergency: somebody has asked for quiet."""
        self._cut_by.clear()
        run = self.current
        if run is None or run.priority is Priority.EMERGENCY:
            return
        if run.occurrence is None or not self._is_only_armed(run):
            self._playout.stop(Reason.QUIET_REQUEST)
        else:
            self._recall(run)

    def take_back(self, wanted: Callable[[Script], bool]) -> None:
        """Take back what is only armed, if it is ``wanted`` back and there is time for it still."""
        run = self.current
        if run is None or not wanted(run.script) or not self._is_only_armed(run):
            return
        if run.due_monotonic - self._clock.monotonic() > _NEARLY_SOUNDING_SECONDS:
            self._recall(run)

    def keep_the_quiet_hours(self, now: datetime) -> list[datetime]:
        """Stop what reaches into the quiet hours; return when to look again for it."""
        run, monotonic = self.current, self._clock.monotonic()
        end = run.end_before_quiet(self._limits, now, monotonic, self._early) if run else None
        if end is not None and now >= end:
            self._playout.stop(Reason.QUIET_HOURS)
            return []
        return [end] if end else []

    def position(self) -> tuple[int, int] | None:
        """Return the row of what sounds and how many frames of it were heard; None in silence."""
        position = self._playout.position()
        if self.current is None or position is None or not position.frames_played:
            return None
        return self.current.row, self.current.turn.frames_before + position.frames_played

    def is_overdue(self) -> bool:
        """Tell whether what is in hand should have ended long ago: the playout hangs."""
        return self.current is not None and self.current.is_overdue(self._clock.monotonic())

    def _recall(self, run: Run) -> None:
        self._recalled.add(run.number)
        self._playout.stop(Reason.NONE)

    def _is_only_armed(self, run: Run) -> bool:
        position = self._playout.position()
        sounded = position is not None and position.frames_played > 0
        return not sounded and self._clock.monotonic() < run.due_monotonic
