"""Who is told that the calendar's tables end, and when."""

from __future__ import annotations

from datetime import date, time

import pytest

from programme.calendar_end import ending_soon, unknown_days
from programme.civil import known_until
from programme.festivals import LAST_YEAR, Festival
from programme.model import Broadcast, CivilYear, Days, EveryDay, Festivals, Programme, RestDays, Workdays

END = known_until().year
SPRING, NATIONAL = Festivals(festivals=(Festival.SPRING,)), Festivals(festivals=(Festival.NATIONAL,))


def on(days: Days, *years: int) -> Programme:
    """Return a programme of one broadcast, with those years dropped in."""
    calendar = tuple(CivilYear(year=year, holidays=()) for year in years)
    return Programme(
        zone="x", broadcasts=(Broadcast(id="a", at=time(8), days=days, messages=("m",)),), calendar=calendar
    )


@pytest.mark.parametrize(
    ("programme", "today", "told"),
    [
        (on(Workdays()), date(END, 10, 31), False),
        (on(Workdays()), date(END, 11, 1), True),
        (on(RestDays()), date(END + 1, 3, 1), True),
        (on(RestDays(), END + 1), date(END, 11, 1), False),
        (on(RestDays(), END + 1), date(END + 1, 11, 1), True),
        (on(RestDays(), END + 2), date(END, 11, 1), True),  # the year between is not known
        (on(EveryDay()), date(END, 12, 31), False),
        (on(SPRING), date(END, 12, 31), False),
        (on(SPRING), date(LAST_YEAR, 11, 1), True),
        (on(NATIONAL), date(LAST_YEAR, 12, 1), False),
    ],
)
def test_two_months_before_the_end_those_who_depend_on_it_are_told(
    programme: Programme, today: date, told: bool
) -> None:
    """And until the next year is there."""
    assert (ending_soon(programme, today) is not None) is told


def test_a_day_beyond_the_tables_is_told() -> None:
    """Both kinds, where they matter."""
    beyond = date(LAST_YEAR + 1, 2, 3)
    assert [note.en.split(" ")[1] for note in unknown_days(on(Workdays()), beyond)] == ["holidays"]
    assert [note.en.split(" ")[1] for note in unknown_days(on(SPRING), beyond)] == ["lunar"]
    assert list(unknown_days(on(EveryDay()), beyond)) == []
    assert list(unknown_days(on(Workdays()), date(END, 12, 31))) == []
