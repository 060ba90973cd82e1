"""What the wires of a contact say: at rest, active, cut or shorted; and when that is believed. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

FAULT_SECONDS = 1.0  # a relay that changes over is open on both sides for some milliseconds; a cut wire stays
CHATTER_WINDOW_SECONDS = 600.0
MOST_CHANGES = 30  # within that window: a person does not press fifteen times, a failing relay does
CALM_SECONDS = 60.0


class Line(StrEnum):
    """How a contact stands. ``CUT`` and ``SHORT`` are told only of a pair of wires, which can't be so by itself."""

    REST = "rest"
    ACTIVE = "active"
    CUT = "cut"
    SHORT = "short"


def line_of(closed: bool, rest_closed: bool | None, *, normally_open: bool) -> Line:
    """Return what the pins say; ``rest_closed`` is the side that is closed at rest, None where it is not wired."""
    if rest_closed is None:
        return Line.ACTIVE if closed is normally_open else Line.REST
    if closed is rest_closed:
        return Line.SHORT if closed else Line.CUT
    return Line.ACTIVE if closed else Line.REST


@dataclass(frozen=True, slots=True)
class Settling:
    """A debounced line: ``settled`` is what it was for long enough, None before it ever was. Seconds are monotonic.

    It goes by levels, looked at over and over, not by edges: one that was missed can't leave it wrong.
    """

    settled: Line | None = None
    heading: Line | None = None
    since: float = 0.0

    def unseen(self) -> Settling:
        """Return how it is after a look that could not be had."""
        return self if self.heading is None else Settling(self.settled)

    def seen(self, line: Line, now: float, debounce_seconds: float) -> Settling:
        """Return how it is when ``line`` is seen at ``now``: another one when it was seen so long without a break."""
        if line is not self.heading:
            return Settling(self.settled, line, now)
        if line is self.settled:
            return self
        long_enough = debounce_seconds if line in {Line.REST, Line.ACTIVE} else max(debounce_seconds, FAULT_SECONDS)
        return Settling(line, line, self.since) if now - self.since >= long_enough else self


@dataclass(frozen=True, slots=True)
class Chatter:
    """Whether a contact changes too often to be believed, until it has been still for a minute."""

    changes: tuple[float, ...] = ()
    chatters: bool = False

    def changed(self, now: float) -> Chatter:
        """Return how it is after another change."""
        changes = (*(one for one in self.changes if now - one < CHATTER_WINDOW_SECONDS), now)[-MOST_CHANGES - 1 :]
        return Chatter(changes, self.chatters or len(changes) > MOST_CHANGES)

    def passed(self, now: float) -> Chatter:
        """Return how it is at ``now``, with no change since the last."""
        calm = self.chatters and now - self.changes[-1] >= CALM_SECONDS
        return Chatter() if calm else self
