"""A sound becomes five levels, fifty times a second."""

from __future__ import annotations

import math
from array import array
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speaker.hearing.bands import BANDS_HZ, HOP_FRAMES, RATE_HZ, BandMeter
from tests.speaker.hearing.sounds import words

WORDS = words(1.0, seed=1)


def tone(pitch_hz: float) -> bytes:
    """Return a second of a tone."""
    samples = [round(10_000 * math.sin(2 * math.pi * pitch_hz * i / RATE_HZ)) for i in range(RATE_HZ)]
    return array("h", samples).tobytes()


@pytest.mark.parametrize(("pitch_hz", "band"), [(350, 4), (700, 3), (1400, 2), (2800, 1), (5600, 0)])
def test_a_tone_is_loudest_in_its_band(pitch_hz, band):
    """Every other band has less than half of it."""
    middle = [one[25] for one in BandMeter().take(tone(pitch_hz))]
    assert max(range(len(BANDS_HZ)), key=middle.__getitem__) == band
    assert sorted(middle)[-2] < middle[band] / 2


def test_the_mains_hum_is_left_out():
    """50 Hz as loud as a voice is fifty decibels down in the lowest band."""
    hum, voice = BandMeter().take(tone(50)), BandMeter().take(tone(350))
    assert hum[4][25] < voice[4][25] / 300


def test_a_full_square_wave_does_not_run_over():
    """The loudest there can be stays within the filters' 32 bits: it is no quieter than half as much."""
    loud = array("h", [32_767 if i // 8 % 2 else -32_768 for i in range(RATE_HZ)])
    half = array("h", [16_383 if i // 8 % 2 else -16_384 for i in range(RATE_HZ)])
    for full, less in zip(BandMeter().take(loud.tobytes()), BandMeter().take(half.tobytes()), strict=True):
        assert full[25] == pytest.approx(2 * less[25], rel=0.01)


@given(st.lists(st.integers(0, RATE_HZ * 2 // 2), max_size=6))
def test_it_is_the_same_however_the_samples_come(cuts):
    """In one piece or in many, some of them empty or shorter than a hop."""
    whole = BandMeter().take(WORDS)
    meter, parts = BandMeter(), [array("f") for _ in BANDS_HZ]
    edges = [0, *sorted(2 * cut for cut in cuts), len(WORDS)]
    for first, last in pairwise(edges):
        for band, more in zip(parts, meter.take(WORDS[first:last]), strict=True):
            band.extend(more)
    assert parts == whole


def test_what_is_not_a_whole_hop_waits():
    """Half a hop is no level yet."""
    meter = BandMeter()
    assert [len(band) for band in meter.take(bytes(HOP_FRAMES))] == [0] * 5
    assert [len(band) for band in meter.take(bytes(HOP_FRAMES))] == [1] * 5
