"""What is sounded in order: the chime, the messages with pauses between them, the repeats with gaps between them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from speaker.airing import Item, Priority, Rundown, Silence, Sound
from speaker.sound.card import RATE_HZ


def rundown_of(
    *,
    sounds: Sequence[Sound],
    chime: Sound | None,
    repeat: int,
    gap_seconds: float,
    pause_seconds: float,
    priority: Priority,
    volume_percent: int,
    due: datetime | None = None,
    said_before: int = 0,
) -> Rundown:
    """Return the rundown: the chime once, then ``sounds`` in order, ``repeat`` times with the gap in between.

    Between two sounds lies the pause. The chime fades by itself, so nothing is laid after it. The first
    ``said_before`` sounds, over all rounds, are left out with what lies after them.
    """
    items: list[Item] = [chime] if chime else []
    gap = Silence(frames=round(gap_seconds * RATE_HZ))
    pause = Silence(frames=round(pause_seconds * RATE_HZ))
    for number in range(said_before, repeat * len(sounds)):
        turn, place = divmod(number, len(sounds))
        between = pause if place else gap
        if number > said_before and between.frames and (place or turn):
            items.append(between)
        items.append(sounds[place])
    return Rundown(items=tuple(items), priority=priority, volume_percent=volume_percent, due=due)
