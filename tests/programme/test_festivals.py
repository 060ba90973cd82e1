"""The days of the festivals."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from programme.festivals import FIRST_YEAR, LAST_YEAR, Festival, festival_day, festival_named, festivals_on
from tests.programme.arrangements import LINES


@pytest.mark.parametrize(
    ("festival", "day"),
    [
        (Festival.NEW_YEARS_DAY, date(2026, 1, 1)),
        (Festival.NEW_YEARS_EVE, date(2026, 2, 16)),
        (Festival.SPRING, date(2026, 2, 17)),
        (Festival.LANTERN, date(2026, 3, 3)),
        (Festival.TOMB_SWEEPING, date(2026, 4, 5)),
        (Festival.LABOUR, date(2026, 5, 1)),
        (Festival.DRAGON_BOAT, date(2026, 6, 19)),
        (Festival.MID_AUTUMN, date(2026, 9, 25)),
        (Festival.NATIONAL, date(2026, 10, 1)),
        (Festival.DOUBLE_NINTH, date(2026, 10, 18)),
        (Festival.SPRING, date(2027, 2, 6)),  # the new moon is four minutes before midnight
        (Festival.SPRING, date(2033, 1, 31)),  # the year whose leap month was long argued about
        (Festival.MID_AUTUMN, date(2033, 9, 8)),
        (Festival.DOUBLE_NINTH, date(2020, 10, 25)),
        (Festival.NEW_YEARS_EVE, date(2025, 1, 28)),
    ],
)
def test_the_day_of_a_festival(festival: Festival, day: date) -> None:
    """As calendars on the wall have it."""
    assert festival_day(festival, day.year) == day
    assert festival in festivals_on(day)


def test_every_holiday_that_was_announced_holds_its_festival() -> None:
    """The State Council's arrangements are another witness of the table."""
    for year, names, first, last, *_made_up in LINES:
        for name in names.split("、"):
            festival = festival_named(name)
            assert festival is not None, name
            day = festival_day(festival, int(year))
            assert day is not None
            assert date.fromisoformat(first) <= day <= date.fromisoformat(last), (year, name)


def test_the_lunar_festivals_keep_to_their_moons() -> None:
    """New Year is between 21 January and 20 February, and what lies between festivals is whole months of the moon."""
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        spring, dragon, autumn, ninth = (
            festival_day(festival, year) or date.max
            for festival in (Festival.SPRING, Festival.DRAGON_BOAT, Festival.MID_AUTUMN, Festival.DOUBLE_NINTH)
        )
        assert date(year, 1, 21) <= spring <= date(year, 2, 20)
        moons = ((spring, dragon, 4), (dragon, autumn, 10), (autumn, ninth, -6))
        for earlier, later, days_over in moons:
            rest = (later - earlier).days - days_over
            months = round(rest / 29.53)
            assert abs(rest - months * 29.53) < 1.5, (year, earlier, later)
        assert (festival_day(Festival.TOMB_SWEEPING, year) or date.max).replace(year=2000) in {
            date(2000, 4, 4),
            date(2000, 4, 5),
        }


def test_two_festivals_may_be_one_day() -> None:
    """Mid-Autumn on National Day, or Double Ninth in the year of the late leap month."""
    named = {year: festivals_on(date(year, 10, 1)) for year in range(FIRST_YEAR, LAST_YEAR + 1)}
    assert {year: found for year, found in named.items() if len(found) > 1} == {
        2020: (Festival.MID_AUTUMN, Festival.NATIONAL),
        2031: (Festival.MID_AUTUMN, Festival.NATIONAL),
        2033: (Festival.NATIONAL, Festival.DOUBLE_NINTH),
    }


def test_beyond_the_table_only_fixed_festivals_are_known() -> None:
    """It does not guess the moon."""
    assert festival_day(Festival.SPRING, LAST_YEAR + 1) is None
    assert festival_day(Festival.LANTERN, FIRST_YEAR - 1) is None
    assert festivals_on(date(LAST_YEAR + 1, 10, 1)) == (Festival.NATIONAL,)
    days = [date(LAST_YEAR + 1, 1, 1) + timedelta(days=index) for index in range(365)]
    assert sum(len(festivals_on(day)) for day in days) == 3


@pytest.mark.parametrize(
    ("name", "festival"),
    [
        ("端午", Festival.DRAGON_BOAT),
        ("端午节", Festival.DRAGON_BOAT),
        ("五一", Festival.LABOUR),
        (" 国庆节", Festival.NATIONAL),
        ("圣诞节", None),
        ("", None),
    ],
)
def test_a_festival_has_the_names_people_use(name: str, festival: Festival | None) -> None:
    """With and without 节."""
    assert festival_named(name) == festival
