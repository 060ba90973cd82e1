"""What a contact calls for: its message said, again while it stays active, and no more when it is at rest. Pure.

Instants are monotonic seconds, so that a clock that is set changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from speaker.contacts.line import Line

RETRY_SECONDS = 5.0  # after a refusal: the night may end, the card may be plugged in, something else may have ended


class Act(Enum):
    """What is to be done at once with what sounds."""

    NOTHING = "nothing"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Rules:
    """The installer's: how often, with which gap, and what the return to rest does.

    ``from_start`` says whether a contact that is active when the speaker starts calls. An emergency's does: the power
    came back and it burns. A page's does not: a stuck button would be heard after each power cut.
    """

    most: int
    gap_seconds: float
    at_once: bool
    from_start: bool


@dataclass(frozen=True, slots=True)
class Call:
    """How a contact's call stands. ``active`` is None before its line is known.

    A call ``stands`` from when the contact becomes active until it is at rest and nothing of the call sounds any more.
    """

    active: bool | None = None
    stands: bool = False
    saying: bool = False
    silenced: bool = False
    said: int = 0
    next_at: float = 0.0

    @property
    def is_stuck(self) -> bool:
        """Whether it was active when the speaker started and calls for nothing until it has been at rest."""
        return bool(self.active) and not self.stands

    def line_is(self, line: Line, rules: Rules, now: float) -> tuple[Call, Act]:
        """Return the call after the line has become ``line``.

        A fault of the wires neither begins nor ends a call: a fire may burn the cable of the contact that told of it.
        """
        if line is Line.ACTIVE:
            if self.active or self.stands:
                return replace(self, active=True), Act.NOTHING
            if self.active is None and not rules.from_start:
                return replace(self, active=True), Act.NOTHING
            return Call(active=True, stands=True, next_at=now), Act.NOTHING
        if line is Line.REST:
            if not self.saying:
                return Call(active=False), Act.NOTHING
            return replace(self, active=False), Act.STOP if rules.at_once else Act.NOTHING
        return self, Act.NOTHING

    def is_due(self, rules: Rules, now: float) -> bool:
        """Tell whether the message is to be said now."""
        wanted = self.stands and self.active and not self.saying and not self.silenced
        return bool(wanted) and self.said < rules.most and now >= self.next_at

    def begun(self) -> Call:
        """Return the call while its message is on its way."""
        return replace(self, saying=True)

    def refused(self, now: float) -> Call:
        """Return the call after its message was refused: it is asked for again while the contact is active."""
        return replace(self, saying=False, next_at=now + RETRY_SECONDS) if self.active else Call(active=self.active)

    def ended(self, rules: Rules, now: float, *, by_person: bool) -> Call:
        """Return the call after its message has ended; one that a person stopped is silenced."""
        if not self.active:
            return Call(active=self.active)
        return replace(
            self,
            saying=False,
            silenced=self.silenced or by_person,
            said=self.said + 1,
            next_at=now + rules.gap_seconds,
        )

    def at_once(self, now: float) -> Call:
        """Return the call whose next saying does not wait for the gap: what was to be said could not be."""
        return replace(self, next_at=now)

    def silence(self) -> Call:
        """Return the call after somebody pressed stop: nothing more of it until the contact has been at rest."""
        return replace(self, silenced=True) if self.stands else self
