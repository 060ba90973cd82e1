"""The sound card as playout sees it, and what can become of it. One thread uses a card."""

from __future__ import annotations

from typing import Literal, Protocol

from box.sentences import XiaolabaError

RATE_HZ = 48_000
SAMPLE_BYTES = 2
PERIOD_FRAMES = RATE_HZ // 100  # 10 ms: how often a card tells where it is, and playout looks after it
BUFFER_FRAMES = RATE_HZ // 5  # 200 ms may be written ahead; a stop throws them away, so it is at once all the same


class CardMissing(XiaolabaError):
    """The card can't be opened; it may be later."""


class CardLost(XiaolabaError):
    """The card went away while it was open; close it, and open it again when it is back."""


class Card(Protocol):
    """Takes 48 kHz mono S16_LE and sounds it in real time. Nothing here blocks.

    It starts only when told to, so that silence can be laid in before. An underrun (the writer came too late)
    is counted, and the card then waits, stopped, for samples and another ``start``.
    """

    @property
    def kind(self) -> Literal["card", "recorder"]:
        """What this is: something that sounds, or its stand-in where there is no sound card."""
        ...

    @property
    def running(self) -> bool:
        """Whether its clock runs, that is, since ``start`` and until a drop, an underrun or the close."""
        ...

    @property
    def underruns(self) -> int:
        """How often the writer came too late, since this object was made."""
        ...

    @property
    def period_frames(self) -> int:
        """How many frames the card takes in one go; less than two of them written ahead is not safe."""
        ...

    def probe(self) -> None:
        """See whether the card could be opened, without sounding anything. Raises CardMissing."""
        ...

    def open(self) -> None:
        """Open the card and make it ready for samples. Raises CardMissing."""
        ...

    def write(self, samples: bytes) -> int:
        """Take as many frames of ``samples`` as there is room for, and return how many. Raises CardLost."""
        ...

    def start(self) -> None:
        """Let the first frame that was written sound now. Raises CardLost."""
        ...

    def delay(self) -> int:
        """Return how many of the frames written have not sounded yet. Raises CardLost."""
        ...

    def drop(self) -> None:
        """Fall silent at once, forget what has not sounded, and be ready for samples again. Raises CardLost."""
        ...

    def close(self) -> None:
        """Fall silent and let go of the card; never raises, and does nothing where it is not open."""
        ...
