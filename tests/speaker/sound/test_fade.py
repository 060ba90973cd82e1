"""The fade of what is cut."""

import array
from itertools import pairwise

import pytest

from speaker.airing import FADE_FRAMES
from speaker.sound.fade import STEP_FRAMES, faded

LOUD = array.array("h", [20_000] * (FADE_FRAMES + 100)).tobytes()


def test_it_goes_down_in_steps_that_are_not_heard_and_ends_in_silence() -> None:
    """Over 300 ms, never louder again; no step is larger than one hundredth of full scale."""
    samples = array.array("h", faded(LOUD, 0))
    assert len(samples) == FADE_FRAMES + 100
    falls = [before - after for before, after in pairwise(samples)]
    assert min(falls) == 0
    assert max(falls) < 328
    assert samples[0] > 19_800
    assert set(samples[FADE_FRAMES - STEP_FRAMES :]) == {0}


@pytest.mark.parametrize("at", [1, 47, 48, 49, 4_800, FADE_FRAMES - 1])
def test_it_is_the_same_in_one_piece_and_in_two(at: int) -> None:
    """Wherever a block ends."""
    assert faded(LOUD[: 2 * at], 0) + faded(LOUD[2 * at :], at) == faded(LOUD, 0)
