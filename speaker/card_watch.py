"""What becomes known of the sound card and the clips, as alarms."""

from __future__ import annotations

from typing import Literal, Protocol

from box.sentences import Sentence
from speaker.airing import Playout, Reason, Result
from speaker.alarms import CARD_MISSING, CLIP_DAMAGED, AlarmBoard


class PlayoutOnCard(Playout, Protocol):
    """A playout that tells what it plays on; it is the card's one user."""

    def card_state(self) -> Literal["card", "recorder", "missing"]:
        """Return what it plays on, or that the card could not be opened when it was last tried."""
        ...

    def card_sentence(self) -> Sentence | None:
        """Return what is wrong with the card and what to do, or None."""
        ...


class CardWatch:
    """Turns what the playout tells of its card into alarms."""

    def __init__(self, playout: PlayoutOnCard, alarms: AlarmBoard) -> None:
        self._playout = playout
        self._alarms = alarms

    @property
    def state(self) -> Literal["card", "recorder", "missing"]:
        """What sounds: the card, the recorder in its place, or nothing."""
        return self._playout.card_state()

    def look(self) -> None:
        """Raise or clear the alarm about the card."""
        if self.state == "missing":
            self._alarms.put("card-missing", self._playout.card_sentence() or CARD_MISSING)
        else:
            self._alarms.clear("card-missing")

    def learn(self, result: Result) -> None:
        """Take note of what an airing has shown."""
        if result.reason is Reason.CLIP_DAMAGED:
            self._alarms.put("clip-damaged", CLIP_DAMAGED)
