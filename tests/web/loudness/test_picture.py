"""The picture of a month keeps within its frame, and shows what is over the ceiling above the line."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.web.loudness.test_budget import SHANGHAI, TODAY, reading, sounded
from web.loudness.budget import budget_of
from web.loudness.kept import Kept
from web.loudness.picture import LEFT, RIGHT, Plot, picture_of


@given(
    st.lists(st.tuples(st.integers(0, 30), st.floats(1, 7200), st.integers(1, 100)), max_size=20),
    st.floats(30, 120),
    st.integers(40, 70),
    st.booleans(),
)
def test_whatever_the_month_it_is_within_its_frame(
    rows: list[tuple[int, float, int]], dba: float, ceiling: int, known: bool
) -> None:
    """Bars between the lines, none upside down; the ceiling between the lowest and the highest line."""
    kept = Kept(ceiling_dba=ceiling, readings=(reading(dba, volume=100),) if known else ())
    airings = [sounded(seconds, volume=volume, days=day) for day, seconds, volume in rows]
    budget = budget_of(airings, kept, TODAY, TODAY + timedelta(days=30), SHANGHAI)
    picture = picture_of(budget)
    assert (picture.level is not None) == known
    for plot in filter(None, (picture.minutes, picture.level)):
        inside(plot)
    if picture.level is None:
        return
    assert picture.level.top <= picture.ceiling <= picture.level.bottom
    over = [bar for bar in picture.level.bars if bar.over]
    assert len(over) == len(budget.over)
    assert all(bar.y <= picture.ceiling + 0.01 for bar in over)
    assert all(bar.y >= picture.ceiling - 0.01 for bar in picture.level.bars if not bar.over)


def inside(plot: Plot) -> None:
    """Hold a plot to its frame."""
    for bar in plot.bars:
        assert plot.top - 0.01 <= bar.y <= plot.bottom
        assert bar.height >= 0
        assert bar.x >= LEFT
        assert bar.x + bar.width <= RIGHT
    for line in plot.lines:
        assert plot.top - 0.01 <= line.y <= plot.bottom
    assert 2 <= len(plot.lines) <= 6
