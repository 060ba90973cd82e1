"""One table from percent to decibels."""

import math

from hypothesis import given
from hypothesis import strategies as st

from box.volume import decibels_at


def test_every_halving_is_ten_decibels() -> None:
    """From the loudest down; nothing is silence, and more than all is all."""
    assert [round(decibels_at(percent), 9) for percent in (100, 50, 25, 12.5, 200)] == [0, -10, -20, -30, 0]
    assert decibels_at(0) == -math.inf
    assert decibels_at(-5) == -math.inf


@given(st.integers(1, 99))
def test_louder_is_louder(percent: int) -> None:
    """At every step."""
    assert decibels_at(percent) < decibels_at(percent + 1) <= 0
