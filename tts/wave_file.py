"""The one kind of WAV in this project: 48 kHz, mono, S16_LE, whole."""

from __future__ import annotations

import wave
from pathlib import Path

from programme.publication import SAMPLE_RATE_HZ

SAMPLE_BYTES = 2
_FRAMES_AT_ONCE = 1 << 18


def whole_frames(path: Path) -> int | None:
    """Return the frames of the WAV at ``path``, or None if it is not one of ours, cut, or not there."""
    try:
        with wave.open(str(path), "rb") as file:
            ours = (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, SAMPLE_BYTES, SAMPLE_RATE_HZ)
            frames = file.getnframes()
            there = 0
            while samples := file.readframes(_FRAMES_AT_ONCE):
                there += len(samples)
    except (OSError, EOFError, wave.Error):
        return None
    return frames if ours and frames > 0 and there == frames * SAMPLE_BYTES else None
