"""What was sent, as the microphone's meter would show it: a rundown's band levels."""

from __future__ import annotations

import audioop
import wave
from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path

from speaker.hearing.bands import BANDS_HZ, RATE_HZ, SAMPLE_BYTES, BandMeter

CLIP_RATE_HZ = 48_000
_BLOCK_FRAMES = CLIP_RATE_HZ
_BLANK = bytes(SAMPLE_BYTES * 2)

Item = tuple[str | None, int]  # a clip's path, or None for silence, and its length in frames of 48 kHz


def reference_levels(items: Iterable[Item], most_frames: int) -> list[array[float]]:
    """Return the levels of the first ``most_frames`` (48 kHz) of ``items``. Raises OSError and wave.Error."""
    meter = BandMeter()
    levels = [array("f") for _ in BANDS_HZ]
    state = None
    before = _BLANK
    for block in _blocks(items, most_frames):
        smooth, before = _smoothed(before + block), block[-len(_BLANK) :]
        narrow, state = audioop.ratecv(smooth, SAMPLE_BYTES, 1, CLIP_RATE_HZ, RATE_HZ, state)
        for band, more in zip(levels, meter.take(narrow), strict=True):
            band.extend(more)
    return levels


def _smoothed(samples: bytes) -> bytes:
    """Return the mean of each three samples in a row, so that little folds down when one of three stays."""
    third = audioop.mul(samples, SAMPLE_BYTES, 1 / 3)
    size = len(samples) - len(_BLANK)
    two = audioop.add(third[:size], third[SAMPLE_BYTES : SAMPLE_BYTES + size], SAMPLE_BYTES)
    return audioop.add(two, third[2 * SAMPLE_BYTES :], SAMPLE_BYTES)


def _blocks(items: Iterable[Item], most_frames: int) -> Iterator[bytes]:
    left = most_frames
    for path, frames in items:
        take = min(frames, left)
        left -= take
        if path is None:
            yield from (bytes(SAMPLE_BYTES * n) for n in _parts(take))
            continue
        with Path(path).open("rb") as file, wave.open(file) as clip:
            for part in _parts(take):
                yield clip.readframes(part)


def _parts(frames: int) -> Iterator[int]:
    for start in range(0, frames, _BLOCK_FRAMES):
        yield min(_BLOCK_FRAMES, frames - start)
