"""What will become of a cue, as the day sheet shows it; who keeps the limits tells it (``speaker.forecast``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from box.sentences import Sentence
from programme.cues import Cue, Occurrence


@dataclass(frozen=True)
class Foretold:
    """What becomes of a cue if nothing else happens: nobody speaks in, the power stays, the clock is right.

    ``begins`` is in UTC, None where nothing will be heard; ``frames`` is how much will be, of 48 kHz. ``outcome`` and
    ``reason`` are as the as-run log will have them. ``warning`` is what a person should know of it before.
    """

    begins: datetime | None
    frames: int
    volume_percent: int
    outcome: str
    reason: str
    warning: Sentence | None = None


FramesOf = Callable[[Cue], int]
Foretell = Callable[[Sequence[Cue], FramesOf], Mapping[Occurrence, Foretold]]
