"""The civil calendar of mainland China."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from programme import civil
from programme.model import CivilYear, Holiday
from tests.programme.arrangements import LINES, YEARS, days_of, free, worked

NEXT = CivilYear(
    year=2027,
    holidays=(
        Holiday(name="元旦", first=date(2026, 12, 31), last=date(2027, 1, 3)),
        Holiday(name="春节", first=date(2027, 2, 5), last=date(2027, 2, 11)),
    ),
    workdays=(date(2027, 1, 30),),
)


@pytest.mark.parametrize("year", YEARS)
def test_every_day_of_eight_years_is_as_it_was_announced(year: int) -> None:
    """Announced holidays are free, make-up days are worked, and all else goes by its weekday."""
    for day in days_of(year):
        works = day in worked() or (day.weekday() < 5 and day not in free())
        assert civil.covers(day)
        assert civil.is_workday(day) is works, day


def test_a_day_that_is_not_as_its_weekday_has_its_holiday_as_the_reason() -> None:
    """Free for it or worked instead: so that a person who looks at the day finds out why."""
    for _year, name, first, _last, *made_up in LINES:
        if date.fromisoformat(first).weekday() < 5:
            assert (civil.occasion_of(date.fromisoformat(first)) or "") in name
        for day in made_up:
            assert (civil.occasion_of(date.fromisoformat(day)) or "?") in name, day
    assert civil.occasion_of(date(2026, 3, 3)) is None
    assert civil.occasion_of(date(2026, 3, 7)) is None  # a plain Saturday


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2199, 3, 8), True),  # a Friday
        (date(2199, 3, 9), False),
        (date(1999, 10, 1), True),
        (date(2027, 1, 1), False),  # free by law, whatever will be announced
        (date(2027, 2, 5), False),  # New Year's Eve of the lunar year, a Friday
        (date(2027, 2, 8), True),  # nobody knows yet
        (date(2027, 10, 1), False),
    ],
)
def test_where_the_table_ends_monday_to_friday_are_workdays(day: date, works: bool) -> None:
    """It says that it does not know, and guesses what is mostly right."""
    assert not civil.covers(day)
    assert civil.is_workday(day) is works


@pytest.mark.parametrize(
    ("day", "works", "occasion"),
    [
        (date(2026, 12, 31), False, "元旦"),  # belongs to the year before, and to the arrangement of the next
        (date(2027, 1, 4), True, None),
        (date(2027, 1, 30), True, None),  # a Saturday that is worked
        (date(2027, 1, 31), False, None),
        (date(2027, 2, 8), False, "春节"),
        (date(2027, 10, 1), True, None),  # what was dropped in is believed, and checked when it is
    ],
)
def test_a_year_that_was_dropped_in_counts(day: date, works: bool, occasion: str | None) -> None:
    """From then on its days are known."""
    assert civil.is_workday(day, [NEXT]) is works
    assert civil.occasion_of(day, [NEXT]) == occasion
    assert civil.covers(date(2027, 7, 1), [NEXT])


def test_a_year_that_was_dropped_in_goes_before_what_ships() -> None:
    """An arrangement may be changed after it was announced, as that of Spring Festival 2020 was."""
    longer = CivilYear(year=2026, holidays=(Holiday(name="春节", first=date(2026, 2, 15), last=date(2026, 2, 25)),))
    assert not civil.is_workday(date(2026, 2, 24), [longer])
    assert civil.is_workday(date(2026, 2, 24))
    assert civil.is_workday(date(2026, 10, 1), [longer])  # it is the whole year, not a part of it


def test_how_far_the_calendar_is_known() -> None:
    """Year after year without a gap."""
    shipped = civil.known_until()
    assert shipped.year >= 2026
    assert civil.covers(shipped)
    assert not civil.covers(shipped + timedelta(days=1))
    following = CivilYear(year=shipped.year + 1, holidays=())
    after_a_gap = CivilYear(year=shipped.year + 3, holidays=())
    assert civil.known_until([following, after_a_gap]) == date(shipped.year + 1, 12, 31)
