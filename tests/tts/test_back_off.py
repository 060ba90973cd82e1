"""How long a voice that failed is left alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from box.sentences import Sentence
from tests.fakes import SetClock
from tts.back_off import LONGEST_REST_SECONDS, BackOff

AWAY = Sentence("连不上", "away")


def rests(chance: float, failures: int) -> list[float]:
    """Return the seconds of rest after each of so many failures in a row, to the second."""
    clock = SetClock(datetime(2020, 1, 17, 8, 0, tzinfo=UTC))
    back_off = BackOff(clock=clock, chance=lambda: chance)
    lengths = []
    for _ in range(failures):
        back_off.failed(AWAY)
        begun = clock.monotonic()
        while back_off.resting:
            clock.advance(1)
        lengths.append(clock.monotonic() - begun)
    return lengths


@pytest.mark.parametrize(("chance", "expected"), [(0.0, [45, 90, 180]), (0.5, [60, 120, 240]), (0.99, [75, 150, 299])])
def test_each_failure_doubles_the_rest_within_the_jitter(chance: float, expected: list[float]) -> None:
    """Three quarters to five quarters of a minute, then twice as long, and again."""
    assert rests(chance, 3) == pytest.approx(expected, abs=1)


def test_no_rest_is_longer_than_an_hour_and_a_quarter() -> None:
    """A week without internet does not make the box forget to try."""
    assert rests(0.999, 12)[-1] <= LONGEST_REST_SECONDS * 1.25


def test_success_ends_all_rest() -> None:
    """After a success the next failure begins with a short rest."""
    clock = SetClock(datetime(2020, 1, 17, 8, 0, tzinfo=UTC))
    back_off = BackOff(clock=clock, chance=lambda: 0.5)
    back_off.failed(AWAY)
    back_off.failed(AWAY)
    back_off.succeeded()
    assert (back_off.resting, back_off.why) == (False, None)
    back_off.failed(AWAY)
    clock.advance(60)
    assert not back_off.resting
