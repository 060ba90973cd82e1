"""What makes the time of a broadcast, so that it is owed from its change on only."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from programme.model import CivilYear, EveryDay, Holiday, Workdays
from speaker.timings import timings_of
from tests.speaker.fakes import a_broadcast, a_publication

SPRING = Holiday(name="春节", first=date(2027, 2, 5), last=date(2027, 2, 11))


def test_a_year_that_is_put_in_changes_the_time_of_workdays_alone() -> None:
    """What is on every day is owed as before."""
    publication = a_publication(a_broadcast("a", "07:30", days=Workdays()), a_broadcast("b", "08:30", days=EveryDay()))
    known = replace(publication, calendar=(CivilYear(year=2027, holidays=(SPRING,)),))
    before, after = timings_of(publication), timings_of(known)
    assert before["a"] != after["a"]
    assert before["b"] == after["b"]
    assert timings_of(replace(known, revision="r2")) == after
