"""Orders that wait long though the broker is there: it does not say that it has those before."""

from __future__ import annotations

from speaker.condition import Alarm

LATE_AFTER_ROUNDS = 12  # a minute: all that 5,000 yards are ordered is with the broker in seconds (docs/scaling.md)


class LateOrders:
    """Is told at each round of the hub how many orders wait."""

    def __init__(self) -> None:
        self._rounds = 0

    def look(self, waiting: int) -> Alarm | None:
        """Return what a person should know, None while they go out."""
        self._rounds = self._rounds + 1 if waiting else 0
        if self._rounds < LATE_AFTER_ROUNDS:
            return None
        return Alarm(
            code="hub-late",
            zh=f"还有 {waiting} 份内容等着发给小区，已经等了一分钟以上；如果一直不变，请重新启动总站",
            en=f"{waiting} orders have waited for more than a minute to go out to the zones; "
            "if it stays so, restart the hub",
        )
