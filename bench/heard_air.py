"""Sounds a clip through the speaker's playout on a virtual card: ``python -m bench.heard_air CHIME CLIP``."""

from __future__ import annotations

import sys
import wave
from pathlib import Path
from queue import SimpleQueue

from box.clock import SystemClock
from speaker.airing import Outcome, Priority, Result, Rundown, Sound
from speaker.sound.alsa import AlsaCard
from speaker.sound.amplifier import NoAmplifier
from speaker.sound.playout import CardPlayout


def main() -> int:
    """Sound both; 0 when they have sounded whole."""
    ended: SimpleQueue[Result] = SimpleQueue()
    playout = CardPlayout(
        card=AlsaCard("default"),
        amplifier=NoAmplifier(),
        clock=SystemClock(),
        lead_in_ms=0,
        tail_ms=0,
        loudest_percent=100,
        quiet_from=lambda *_: None,
    )
    items = tuple(Sound(Path(path), _frames(path), name) for path, name in zip(sys.argv[1:], (None, "m"), strict=True))
    playout.start(Rundown(items, Priority.PAGE, 80), ended.put)
    result = ended.get()
    playout.close()
    return 0 if result.outcome is Outcome.AIRED else 1


def _frames(path: str) -> int:
    with wave.open(path) as clip:
        return int(clip.getnframes())


if __name__ == "__main__":
    sys.exit(main())
