"""Percent to gain, and the cap on the samples."""

import array
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speaker.sound.gain import FULL_SCALE, cap_of, gain_of, gain_within, scaled

PERCENT = st.integers(0, 100)
SAMPLES = st.lists(st.integers(-32_768, 32_767), min_size=1, max_size=400)


def peak_of(samples: bytes) -> int:
    """Return the largest sample, either way."""
    return max(abs(sample) for sample in array.array("h", samples))


def decibels(gain: float) -> float:
    """Return a gain in dB."""
    return 20 * math.log10(gain)


def level_of(samples: bytes) -> float:
    """Return the root of the mean square."""
    values = array.array("h", samples)
    return math.sqrt(sum(value * value for value in values) / len(values))


@pytest.mark.parametrize(
    ("percent", "expected"), [(100, 0.0), (50, -10.0), (25, -20.0), (80, -3.22), (10, -33.22), (1, -66.44)]
)
def test_the_table_of_volumes(percent: int, expected: float) -> None:
    """100 is 0 dB, and each halving another 10 dB."""
    assert decibels(gain_of(percent)) == pytest.approx(expected, abs=0.01)


def test_zero_is_silence() -> None:
    """No sample gets through at 0, and what is out of range counts as the end of it."""
    assert gain_of(0) == gain_of(-5) == 0.0
    assert gain_of(100) == gain_of(150) == 1.0
    assert scaled(b"\xff\x7f\x00\x80", 0.0) == bytes(4)


@given(PERCENT, PERCENT)
def test_more_percent_is_never_softer(one: int, other: int) -> None:
    """The table is monotone, and a step of a percent above 10 is under a decibel and a half."""
    low, high = sorted((one, other))
    assert gain_of(low) <= gain_of(high)
    if low >= 10 and high == low + 1:
        assert decibels(gain_of(high)) - decibels(gain_of(low)) < 1.5


@given(SAMPLES)
def test_at_full_volume_the_samples_are_the_very_same(values: list[int]) -> None:
    """No rounding where there is nothing to do."""
    samples = array.array("h", values).tobytes()
    assert scaled(samples, 1.0) == samples


@given(SAMPLES, PERCENT, PERCENT)
def test_nothing_gets_over_the_installers_cap(values: list[int], volume: int, loudest: int) -> None:
    """Whatever the samples and the volume asked for, peak and level that come out are within the cap."""
    samples = array.array("h", values).tobytes()
    cap = cap_of(loudest)
    allowed = gain_within(samples, gain_of(volume), cap)
    played = scaled(samples, allowed)
    assert allowed <= min(gain_of(volume), gain_of(loudest))
    assert peak_of(played) <= cap.peak + 1  # samples are whole numbers, rounded down
    assert level_of(played) <= cap.level + 2  # and so is the level that was measured


@given(SAMPLES, PERCENT)
def test_a_clip_of_ordinary_level_is_left_alone(values: list[int], volume: int) -> None:
    """A clip at a quarter of full scale is within both ceilings: the volume asked for is the one it gets."""
    samples = array.array("h", [value // 4 for value in values]).tobytes()
    assert gain_within(samples, gain_of(volume), cap_of(100)) == gain_of(volume)


def test_a_square_wave_is_turned_down_to_the_level_of_speech() -> None:
    """The peak alone would let the loudest of all sounds through; the level does not."""
    square = array.array("h", [32_767] * 240 + [-32_767] * 240).tobytes()
    allowed = gain_within(square, 1.0, cap_of(100))
    assert decibels(allowed) == pytest.approx(-6.0, abs=0.1)
    assert level_of(scaled(square, allowed)) <= 0.502 * FULL_SCALE
