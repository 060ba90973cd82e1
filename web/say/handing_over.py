"""What is to be said once, handed to the speaker while she still listens to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from programme.publication import PublishedMessage
from speaker.client import SpeakerAway
from speaker.protocol import Status
from tts.bulletins import BulletinBoard
from tts.clip import Clip

_LOOK_AGAIN_SECONDS = 0.2
_MOST_LOOKS = 25  # five seconds: the speaker looks every second, and copies minutes of sound in one or two


class Tells(Protocol):
    """A speaker that tells how it is."""

    def status(self) -> Status:
        """Return how it is; raises SpeakerAway."""
        ...


@dataclass(frozen=True)
class HandingOver:
    """Puts a bulletin up and waits a little for the speaker to have checked it. ``pause`` waits that many seconds."""

    board: BulletinBoard
    speaker: Tells
    pause: Callable[[float], None]

    def hand_over(self, clip: Clip, text: str, title: str = "", wrote: str = "") -> PublishedMessage:
        """Put up what ``clip`` says. That the speaker does not have it in time is no error: it is told at play."""
        bulletin = self.board.put(clip, text, title, wrote)
        for _ in range(_MOST_LOOKS):
            try:
                if bulletin.id in self.speaker.status().bulletins:
                    break
            except SpeakerAway:
                break
            self.pause(_LOOK_AGAIN_SECONDS)
        return bulletin
