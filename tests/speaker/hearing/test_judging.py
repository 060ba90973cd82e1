"""The verdict in yards of which the truth is known."""

from __future__ import annotations

from array import array
from random import Random

import pytest

from bench.room import Room, at_level, automatic_gain, clipped, hum, mixed, silence, through
from speaker.hearing.bands import HOPS_PER_SECOND
from speaker.hearing.judging import judge
from tests.speaker.hearing.sounds import BEFORE_SECONDS, in_yard, levels, words

WORDS = words(8.0, seed=1)
OTHERS = words(8.0, seed=2)
BEGIN = round(BEFORE_SECONDS * HOPS_PER_SECOND)


def verdict_on(heard: bytes, sent: bytes = WORDS):
    """Return the judgement on what a microphone took, of words that began after two seconds."""
    ours = levels(sent)
    return judge(ours, levels(heard), [(0, len(ours[0]))], BEGIN)


@pytest.mark.parametrize("delay_seconds", [0.0, 0.15, 0.6, 1.2])
def test_words_are_heard_at_any_delay(delay_seconds):
    """And the delay is told to a hop."""
    found = verdict_on(in_yard(WORDS, 3, room=Room(delay_seconds=delay_seconds, echo_seconds=0.0)))
    assert found.verdict == "heard"
    assert found.delay_ms == pytest.approx(delay_seconds * 1000, abs=20)


def test_noise_nearly_as_loud_leaves_them_faint():
    """They are there, and hardly stand out."""
    found = verdict_on(in_yard(WORDS, 4, noise_db=-21))
    assert found.verdict == "faint"
    assert found.above_noise_db < 6


@pytest.mark.parametrize("seed", range(5))
def test_silence_is_not_heard(seed):
    """Nothing but the microphone's own noise."""
    assert verdict_on(in_yard(silence(8.0), seed)).verdict == "not-heard"


@pytest.mark.parametrize("seed", range(10, 20))
def test_other_words_are_not_ours(seed):
    """As loud as they may be: another yard's broadcast, or the wrong one."""
    found = verdict_on(in_yard(words(8.0, seed), seed))
    assert found.verdict == "not-heard"
    assert found.above_noise_db > 10


def test_the_same_words_seconds_later_are_another_yards():
    """Sound takes a third of a second for a hundred metres, not three."""
    yard = Random(5)  # noqa: S311 - the same in every run
    late = silence(3.0) + at_level(through(Room(), WORDS, yard), -20)
    assert verdict_on(mixed(silence(BEFORE_SECONDS) + late, in_yard(silence(12), 5))).verdict == "not-heard"


def test_hum_too_loud_or_automatic_gain_change_nothing():
    """What cheap microphones and bad earths do."""
    heard = in_yard(WORDS, 6)
    humming = mixed(heard, at_level(hum(len(heard) / 32_000), -20))
    for one in (humming, clipped(heard, 20), automatic_gain(heard)):
        assert verdict_on(one).verdict == "heard"


def test_another_cards_clock_drifts_away_over_minutes():
    """200 ppm over four minutes is 48 ms, more than two hops."""
    long = words(240.0, seed=7)
    found = verdict_on(in_yard(long, 7, room=Room(drift_ppm=-200)), long)
    assert found.verdict == "heard"
    assert found.likeness > 0.6


def test_a_microphone_that_gives_nothing_says_nothing_about_the_loudspeaker():
    """Switched off at its cable, it does not even hiss."""
    found = verdict_on(bytes(len(in_yard(WORDS, 8))))
    assert (found.verdict, found.why) == ("not-listened", "deaf")


def test_less_than_a_second_of_words_is_too_short():
    """It was stopped at once."""
    found = verdict_on(in_yard(WORDS, 9), WORDS[: len(silence(0.9))])
    assert (found.verdict, found.why) == ("not-listened", "too-short")


def test_only_the_spans_count():
    """A chime that all yards have in common makes no broadcast ours."""
    chime = words(2.0, seed=30)
    ours, theirs = levels(chime + WORDS), in_yard(chime + OTHERS, 31)
    assert judge(ours, levels(theirs), [(100, 500)], BEGIN).verdict == "not-heard"


def test_a_microphone_that_began_late_is_judged_by_what_it_has():
    """It was opened when the words had begun: no noise before, but after."""
    heard = in_yard(WORDS, 11)[len(silence(3.0)) :]
    found = judge(levels(WORDS), levels(heard), [(0, 400)], BEGIN - 3 * HOPS_PER_SECOND)
    assert found.verdict == "heard"


def test_a_microphone_without_any_quiet_gives_no_level():
    """It was lost before the end, and came after the beginning: alike or not is all that can be told."""
    heard = in_yard(WORDS, 12)[len(silence(2.5)) : len(silence(7.0))]
    found = judge(levels(WORDS), levels(heard), [(0, 400)], BEGIN - round(2.5 * HOPS_PER_SECOND))
    assert (found.verdict, found.above_noise_db) == ("heard", None)


def test_no_hops_at_all_is_no_crash():
    """Nothing came from the microphone."""
    nothing = [array("f") for _ in range(5)]
    assert judge(levels(WORDS), nothing, [(0, 400)], BEGIN).verdict == "not-listened"
