"""What the timetable makes of a programme: dated broadcasts that are due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from programme.chimes import Chime


@dataclass(frozen=True, order=True)
class Occurrence:
    """A broadcast on a local date: what is aired at most once."""

    day: date
    broadcast_id: str


@dataclass(frozen=True)
class Cue:
    """One dated broadcast that is due.

    ``due`` is aware, in the programme's time zone. ``messages`` are the ids that are valid that day, in order;
    ``expired`` those that are not (any more, or yet). A cue without messages has nothing to say.
    """

    occurrence: Occurrence
    due: datetime
    grace: timedelta
    messages: tuple[str, ...]
    expired: tuple[str, ...]
    repeat: int
    gap_seconds: int
    pause_seconds: int
    chime: Chime | None
    volume_percent: int
