"""The yards of the bench and the two ways that ours is measured against."""

from __future__ import annotations

from random import Random

import pytest

from bench.heard_naive import best_threshold, louder_by_db, waveform_fit
from bench.heard_yards import BEFORE_SECONDS, YARDS, Case, taken
from bench.room import loudness, silence
from tests.speaker.hearing.sounds import words

WORDS = words(3.0, seed=1)
OTHERS = [words(4.0, seed=seed) for seed in range(2, 7)]


@pytest.mark.parametrize("yard", YARDS, ids=lambda yard: yard.name)
def test_a_yard_is_the_same_for_the_same_seed(yard):
    """And as long as the microphone listens."""

    def heard() -> bytes:
        return taken(yard, Case(WORDS, OTHERS, Random(1)))  # noqa: S311 - the same in every run

    once = heard()
    assert once == heard()
    assert len(once) == len(silence(Case(WORDS, OTHERS, Random(1)).seconds))  # noqa: S311 - as above


def test_where_it_sounds_it_is_louder_than_silence():
    """In the first yard; in the one without anything there is only the microphone's own noise."""
    loud, quiet = (
        loudness(taken(next(yard for yard in YARDS if yard.name == name), Case(WORDS, OTHERS, Random(1))))  # noqa: S311
        for name in ("a quiet yard", "silence")
    )
    assert loud > 50 * quiet


def test_the_ways_that_first_come_to_mind_work_where_it_is_quiet():
    """Words that arrive are louder than before, and their waveform fits; others fit less."""
    ours = taken(YARDS[0], Case(WORDS, OTHERS, Random(1)))  # noqa: S311 - the same in every run
    theirs = taken(YARDS[0], Case(OTHERS[0], OTHERS, Random(1)))  # noqa: S311 - the same in every run
    assert louder_by_db(ours, BEFORE_SECONDS, 3.0) > 20
    assert waveform_fit(WORDS, ours, BEFORE_SECONDS) > waveform_fit(WORDS, theirs, BEFORE_SECONDS) + 0.2


def test_the_threshold_is_the_one_that_errs_least():
    """Of the ones at 3, some are wrong whatever is done; fewer from 5 on."""
    assert best_threshold([3, 5, 6], [1, 2, 3, 3]) == 5
