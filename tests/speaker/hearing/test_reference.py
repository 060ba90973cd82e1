"""What was sent, at the microphone's rate."""

from __future__ import annotations

import math
import wave
from array import array

import pytest

from speaker.hearing.reference import reference_levels


def clip(path, seconds: float, pitch_hz: float = 1400.0) -> tuple[str, int]:
    """Write a tone as a clip is, and return it as an item."""
    frames = round(seconds * 48_000)
    samples = array("h", [round(8000 * math.sin(2 * math.pi * pitch_hz * i / 48_000)) for i in range(frames)])
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 48_000, frames, "NONE", ""))
        file.writeframes(samples.tobytes())
    return str(path), frames


def test_sounds_and_gaps_lie_where_they_were(tmp_path):
    """A second of tone, half a second of nothing, a second of tone."""
    levels = reference_levels([clip(tmp_path / "a.wav", 1), (None, 24_000), clip(tmp_path / "b.wav", 1)], 10**9)
    assert [len(band) for band in levels] == [125] * 5
    assert min(levels[2][2:49]) > 1e6
    assert max(levels[2][53:74]) < 1e3


def test_only_what_was_played_is_taken(tmp_path):
    """It was stopped after half a second."""
    assert len(reference_levels([clip(tmp_path / "a.wav", 3)], 24_000)[0]) == 25


def test_a_sound_above_the_band_does_not_fold_down(tmp_path):
    """15 kHz would come out at 1 kHz: less than a quarter of it is left."""
    high = reference_levels([clip(tmp_path / "a.wav", 1, 15_000)], 10**9)
    there = reference_levels([clip(tmp_path / "b.wav", 1, 1000)], 10**9)
    assert max(band[25] for band in high) < max(band[25] for band in there) / 4


def test_a_clip_that_has_gone_is_an_error(tmp_path):
    """Whoever asks must know."""
    with pytest.raises(OSError, match=r"gone\.wav"):
        reference_levels([(str(tmp_path / "gone.wav"), 100)], 100)
