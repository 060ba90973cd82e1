"""How loud a day was: worked by hand, and what must hold whatever the figures."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from box.volume import decibels_at
from speaker.record import Airing
from tests.web.fakes import airing
from tests.web.house import NOON
from web.loudness.budget import budget_of, level_of
from web.loudness.kept import Kept, Reading

SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = NOON.date()


def reading(dba: float = 70.0, *, volume: int = 80, days: int = 0, hours: float = 0) -> Reading:
    """Return a reading of today, or of that much later."""
    at = NOON + timedelta(days=days, hours=hours)
    return Reading(at=at, who="师傅", dba=dba, volume_percent=volume, place="2 号楼 201 窗前")


def sounded(seconds: float, *, volume: int = 80, days: int = 0, hours: float = 0) -> Airing:
    """Return an airing of so many seconds, today at noon or so much later."""
    at = NOON + timedelta(days=days, hours=hours)
    return airing(1, at, volume_percent=volume, frames_played=round(seconds * 48_000))


def of(*rows: Airing, kept: Kept, first: date = TODAY, last: date = TODAY) -> object:
    """Return the budget of some rows."""
    return budget_of(rows, kept, first, last, SHANGHAI)


def test_an_hour_of_a_day_at_67_is_55_over_the_day() -> None:
    """16 hours have 16 such hours: 10 lg 16 = 12.04 dB less, which is the whole budget of a ceiling of 55."""
    budget = budget_of([sounded(3600)], Kept(readings=(reading(67.0412),)), TODAY, TODAY, SHANGHAI)
    (day,) = budget.days
    assert day.sounding_dba == pytest.approx(67.0412)
    assert day.day_dba == pytest.approx(55.0, abs=1e-3)
    assert day.share_of(55) == pytest.approx(1.0, abs=1e-3)
    assert budget.mean_dba == pytest.approx(55.0, abs=1e-3)


def test_half_the_volume_is_ten_decibels_less_and_a_tenth_of_the_budget() -> None:
    """By the table of the speaker."""
    kept = Kept(readings=(reading(70, volume=80),))
    loud, soft = (budget_of([sounded(360, volume=v)], kept, TODAY, TODAY, SHANGHAI) for v in (80, 40))
    assert soft.days[0].sounding_dba == pytest.approx(60.0)
    assert soft.share == pytest.approx((loud.share or 0) / 10)
    assert loud.days[0].day_dba == pytest.approx(70 - 22.04, abs=0.01)
    assert loud.percent == "20"


def test_a_month_is_the_mean_energy_of_its_days() -> None:
    """A day of silence halves it; days before the first reading are left out, since nobody knows."""
    kept = Kept(readings=(reading(70),))
    rows = [sounded(3600, days=-1), sounded(3600)]
    budget = budget_of(rows, kept, TODAY - timedelta(days=1), TODAY + timedelta(days=1), SHANGHAI)
    before, today, silent = budget.days
    assert (before.energy, before.day_dba, before.seconds) == (None, None, 3600)
    assert (silent.energy, silent.day_dba) == (0.0, None)
    assert today.day_dba is not None
    assert budget.mean_dba == pytest.approx(today.day_dba - 3.01, abs=0.01)
    assert (budget.seconds, budget.over) == (7200, (today,))


def test_the_reading_that_counts_is_the_last_before_the_airing() -> None:
    """After the amplifier's knob was moved there is another; of its day the first counts for the hours before it."""
    readings = (reading(70), reading(60, hours=4), reading(50, days=1))
    assert [level_of(sounded(60, hours=h), readings, SHANGHAI) for h in (-2, 1, 5, 24)] == [70, 70, 60, 50]
    assert level_of(sounded(60, days=-1), readings, SHANGHAI) is None
    assert level_of(sounded(60, volume=0), readings, SHANGHAI) is None


@given(
    st.lists(st.tuples(st.floats(1, 7200), st.integers(1, 100)), min_size=1, max_size=12),
    st.floats(30, 120),
    st.integers(40, 70),
)
def test_what_holds_of_any_day(rows: list[tuple[float, int]], dba: float, ceiling: int) -> None:
    """More sound is never less level; no day is louder than its loudest airing; above the ceiling is over budget."""
    kept = Kept(ceiling_dba=ceiling, readings=(reading(dba, volume=100),))
    airings = [sounded(seconds, volume=volume) for seconds, volume in rows]
    (day,) = budget_of(airings, kept, TODAY, TODAY, SHANGHAI).days
    (less,) = budget_of(airings[:-1], kept, TODAY, TODAY, SHANGHAI).days
    assert day.energy is not None
    assert less.energy is not None
    assert day.energy > less.energy
    loudest = max(dba + decibels_at(volume) for _, volume in rows)
    assert day.sounding_dba is not None
    assert day.sounding_dba <= loudest + 1e-6
    assert day.day_dba is not None
    assert ((day.share_of(ceiling) or 0) > 1) == (day.day_dba > ceiling)
