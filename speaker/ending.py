"""What is heard to the end is on record as that before it is over: nobody's death leaves it to be heard once more."""

from __future__ import annotations

from datetime import datetime, timedelta

from box.clock import Clock
from programme.publication import SAMPLE_RATE_HZ
from speaker.airing import ending_of
from speaker.asrun.log import AsRunLog
from speaker.in_hand import InHand

SHORTEST_LOOK_SECONDS = 0.05  # the playout's count moves every 10 ms


class Ending:
    """Notes when the occurrence in hand comes to its ending (``ending_of``), once."""

    def __init__(self, log: AsRunLog, clock: Clock, in_hand: InHand) -> None:
        self._log = log
        self._clock = clock
        self._in_hand = in_hand
        self._noted: int | None = None

    def look(self, now: datetime) -> list[datetime]:
        """Note it if it is time; return when to look again for it. Raises LogUnwritable: then it is tried again."""
        run = self._in_hand.current
        if run is None or run.occurrence is None or run.number == self._noted:
            return []
        ending = ending_of(run.rundown.frames)
        left = run.rundown.frames - ending
        position = self._in_hand.position()
        if position is None:
            seconds = max(0.0, run.due_monotonic - self._clock.monotonic()) + left / SAMPLE_RATE_HZ
        else:
            seconds = (left + run.turn.frames_before - position[1]) / SAMPLE_RATE_HZ
        if position is None or seconds > 0:
            return [now + timedelta(seconds=max(seconds, SHORTEST_LOOK_SECONDS))]
        self._log.note_ending(run.row, position[1], ending)
        self._noted = run.number
        return []
