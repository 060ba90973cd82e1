"""The speaker as the agent asks it; ``speaker.client.SpeakerClient`` is one."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Protocol

from speaker.protocol import Done, Records, Refused, Status


class Speaker(Protocol):
    """Every question raises SpeakerAway when nobody answers in time."""

    def play(
        self,
        *,
        bulletin: str | None = None,
        priority: Literal["page", "emergency"] = "page",
        origin: Literal["panel", "command", "first-airing", "fleet"] = "command",
        who: str = "",
        volume_percent: int | None = None,
        repeat: int | None = None,
        occasion: str = "",
        at: datetime | None = None,
    ) -> Done | Refused:
        """Page a bulletin, now or at an instant."""
        ...

    def stop(self, who: str = "") -> Done | Refused:
        """Silence what sounds, and take back what is armed."""
        ...

    def status(self) -> Status:
        """Return how the speaker is."""
        ...

    def records(self, *, after: int = 0, changed_after: int | None = None, most: int = 500) -> Records:
        """Return rows of the as-run log."""
        ...
