"""What becomes known of the clock, as an alarm and for the status."""

from __future__ import annotations

from speaker.alarms import CLOCK_UNTRUSTED, AlarmBoard
from speaker.protocol import ClockStatus
from speaker.trust.keeper import ClockTrust
from speaker.trust.states import Trust


class ClockWatch:
    """Turns how far the clock can be believed into an alarm."""

    def __init__(self, trust: ClockTrust, alarms: AlarmBoard) -> None:
        self._trust = trust
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
            self._alarms.put("clock-untrusted", CLOCK_UNTRUSTED)
        else:
            self._alarms.clear("clock-untrusted")
        return was_lost and not self.is_lost

    def status(self) -> ClockStatus:
        """Return how far it can be believed, and why."""
        trust = self._trust
        return ClockStatus(
            trust=trust.trust, proof=trust.proof, checked=trust.checked, wants_checking=trust.wants_checking
        )
