"""What the virtual card tells of a long run: what was heard beyond what is on record, and what was heard at night."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from programme.publication import SAMPLE_RATE_HZ
from tests.card.virtual import VirtualCard

_MINUTE = timedelta(minutes=1)
_SHARE = 0.15  # of the run


@dataclass(frozen=True)
class Night:
    """Quiet hours, in whole minutes of UTC."""

    start: datetime
    end: datetime

    @classmethod
    def in_the_middle(cls, first: datetime, length: timedelta) -> Night:
        """Return a night in the middle of a run of that length from ``first`` on: a part of it, a minute at least."""
        start = (first + length * 0.4).astimezone(UTC).replace(second=0, microsecond=0) + _MINUTE
        minutes = max(1, round(length * _SHARE / _MINUTE))
        return cls(start, start + minutes * _MINUTE)

    def as_setting(self) -> str:
        """Return it as ``settings.toml`` has it."""
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


def heard_beyond_the_rows(card: VirtualCard, rows: int) -> int:
    """Return how often the card has sounded more than there are rows of the as-run log: each is written before."""
    openings = 0
    sounded = True
    for event in card.events():
        if event.name == "OPEN":
            sounded = False
        elif event.name == "START" and not sounded:
            sounded = True
            openings += 1
    return max(0, openings - rows)


def seconds_within(card: VirtualCard, night: Night) -> float:
    """Return how long the card was heard within ``night``: what is not silence, by its own log."""
    start, end = night.start.timestamp(), night.end.timestamp()
    heard = 0
    recorded = card.recorded()
    starts = card.events("START")
    for number, event in enumerate(starts):
        until = starts[number + 1].recorded if number + 1 < len(starts) else len(recorded) // 2
        began = event.realtime_ns / 1e9
        lower = event.recorded + max(0, round((start - began) * SAMPLE_RATE_HZ))
        upper = min(until, event.recorded + max(0, round((end - began) * SAMPLE_RATE_HZ)))
        if lower < upper:
            heard += sum(len(run) for run in re.findall(rb"[^\0]+", recorded[lower * 2 : upper * 2])) // 2
    return heard / SAMPLE_RATE_HZ
