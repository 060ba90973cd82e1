"""What becomes known of the clock, as an alarm and for the status."""

from __future__ import annotations

from speaker.alarms import CLOCK_NOT_SET, CLOCK_UNTRUSTED, CLOCK_UNTRUSTED_WITHOUT_BUTTON, AlarmBoard
from speaker.condition import ClockStatus
from speaker.trust.keeper import ClockTrust
from speaker.trust.proposal import TimeProposal
from speaker.trust.states import Trust


class ClockWatch:
    """Turns how far the clock can be believed into an alarm. ``proposal`` is what a person may confirm."""

    def __init__(self, trust: ClockTrust, alarms: AlarmBoard, proposal: TimeProposal) -> None:
        self._trust = trust
        self.proposal = proposal
        self._alarms = alarms
        self.look()

    @property
    def is_lost(self) -> bool:
        """Whether nobody knows what time it is."""
        return self._trust.trust is Trust.UNTRUSTED

    def look(self) -> bool:
        """Look at the clock; tell whether it can be believed again, which is as if it had been set."""
        was_lost = self.is_lost
        self._trust.look()
        if self.is_lost:
            confirmable = self.proposal.hindrance() is None
            self._alarms.put("clock-untrusted", CLOCK_UNTRUSTED if confirmable else CLOCK_UNTRUSTED_WITHOUT_BUTTON)
        else:
            self._alarms.clear("clock-untrusted")
        if self.proposal.has_failed():
            self._alarms.put("clock-not-set", CLOCK_NOT_SET)
        else:
            self._alarms.clear("clock-not-set")
        return was_lost and not self.is_lost

    def status(self) -> ClockStatus:
        """Return how far it can be believed, and why."""
        trust = self._trust
        return ClockStatus(
            trust=trust.trust,
            proof=trust.proof,
            checked=trust.checked,
            wants_checking=trust.wants_checking,
            waits=self.proposal.waits,
            confirmable=self.proposal.hindrance() is None,
        )
