"""The civil calendar of mainland China."""

from __future__ import annotations

from datetime import date

import pytest

from programme import civil


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2025, 1, 26), True),  # a Sunday worked for the Spring Festival
        (date(2025, 10, 1), False),
        (date(2026, 1, 1), False),
        (date(2026, 2, 14), True),
        (date(2026, 2, 17), False),
        (date(2026, 3, 2), True),
        (date(2026, 3, 7), False),
    ],
)
def test_holidays_and_make_up_working_days(day: date, works: bool) -> None:
    """As the State Council announced them."""
    assert civil.covers(day)
    assert civil.is_workday(day) is works


@pytest.mark.parametrize(
    ("day", "works"), [(date(2199, 3, 8), True), (date(2199, 3, 9), False), (date(1999, 10, 1), True)]
)
def test_where_the_table_ends_monday_to_friday_are_workdays(day: date, works: bool) -> None:
    """It says that it does not know, and guesses what is mostly right."""
    assert not civil.covers(day)
    assert civil.is_workday(day) is works
