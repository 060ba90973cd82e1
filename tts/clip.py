"""A clip and the studio that makes one: what the panel, publishing and the command work with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from box.sentences import Sentence


@dataclass(frozen=True)
class Clip:
    """A message's rendered audio: 48 kHz mono S16_LE in ``<sha256>.wav`` of the clip library.

    ``spoken`` is the text as it is read aloud. ``stand_in`` says that a lesser voice speaks in the place of the
    one that was asked for, and ``why`` gives the cause in a sentence (None otherwise).
    """

    sha256: str
    frames: int
    engine: str
    voice: str
    stand_in: bool
    spoken: str
    why: Sentence | None = None


@dataclass(frozen=True)
class Progress:
    """How far a longer piece of work is: ``done`` of ``total`` messages.

    ``doing`` is what is being done: a Sentence, or words in the language of who asked for it.
    """

    done: int
    total: int
    doing: str | Sentence

    @property
    def sentence(self) -> Sentence:
        """What is being done, for either language."""
        return self.doing if isinstance(self.doing, Sentence) else Sentence(self.doing, self.doing)


ReportProgress = Callable[[Progress], None]


class Studio(Protocol):
    """Turns text into clips, when it is saved and never when it is due."""

    def clip(self, text: str, voice: str) -> Clip:
        """Return the clip that says ``text``, from the library or rendered now (seconds).

        Raises EngineError when no engine can say it whole, SpokenFormEmpty when there is nothing to say.
        """
        ...

    def path(self, clip: Clip) -> Path:
        """Return the clip's WAV."""
        ...

    def seconds(self, text: str) -> float:
        """Return about how long ``text`` takes to say, without rendering it."""
        ...
