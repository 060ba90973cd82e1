"""The order of what is sounded."""

from pathlib import Path

import pytest

from speaker.airing import Item, Priority, Silence, Sound
from speaker.sound.rundown import rundown_of

CHIME = Sound(Path("chime.wav"), 100)
A = Sound(Path("a.wav"), 10, "a")
B = Sound(Path("b.wav"), 20, "b")
GAP = Silence(3 * 48_000)
PAUSE = Silence(2 * 48_000)


@pytest.mark.parametrize(
    ("sounds", "chime", "repeat", "silences", "items"),
    [
        ((A,), None, 1, (3, 2), (A,)),
        ((A, B), CHIME, 1, (3, 0), (CHIME, A, B)),
        ((A, B), CHIME, 1, (3, 2), (CHIME, A, PAUSE, B)),
        ((A, B), CHIME, 2, (3, 2), (CHIME, A, PAUSE, B, GAP, A, PAUSE, B)),
        ((A,), CHIME, 3, (0, 2), (CHIME, A, A, A)),
        ((A,), None, 3, (3, 2), (A, GAP, A, GAP, A)),
        ((), CHIME, 1, (3, 2), (CHIME,)),
    ],
)
def test_the_chime_opens_the_pause_parts_messages_and_the_gap_rounds(
    sounds: tuple[Sound, ...],
    chime: Sound | None,
    repeat: int,
    silences: tuple[int, int],
    items: tuple[Item, ...],
) -> None:
    """The chime sounds once, the messages in order, a pause only between two of them, a gap between two rounds."""
    gap_seconds, pause_seconds = silences
    rundown = rundown_of(
        sounds=sounds,
        chime=chime,
        repeat=repeat,
        gap_seconds=gap_seconds,
        pause_seconds=pause_seconds,
        priority=Priority.PROGRAMME,
        volume_percent=80,
    )
    assert rundown.items == items
    assert rundown.frames == sum(item.frames for item in items)
    assert (rundown.priority, rundown.volume_percent, rundown.due) == (Priority.PROGRAMME, 80, None)
