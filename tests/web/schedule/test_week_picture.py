"""The week as a picture: where the marks are, and what they mean."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from programme.model import Broadcast, DayException, Programme, Weekday, Weekdays
from tests.programme.samples import SMALL
from web.schedule.quiet_hours import QuietHours, quiet_hours_in
from web.schedule.week_picture import GAP_PX, MARK_PX, week_picture

MONDAY = date(2026, 6, 1)
NIGHT = quiet_hours_in("21:30-06:30")


def test_each_day_has_its_marks_in_order() -> None:
    """Seven columns from the day that was asked for, each broadcast at its time."""
    picture = week_picture(SMALL, MONDAY, NIGHT)
    assert [column.day.day for column in picture.columns] == [1, 2, 3, 4, 5, 6, 7]
    assert [(mark.broadcast, mark.at, mark.kind) for mark in picture.columns[0].marks] == [
        ("morning", "07:30", "airs"),
        ("evening", "18:30", "airs"),
    ]
    assert (picture.hours[0][0], picture.hours[-1][0]) == (6, 19)
    assert picture.quiet == ((0, 15),)  # half an hour, from six


def test_a_mark_tells_why_nothing_will_be_heard() -> None:
    """Stopped by an exception, in quiet hours, or with nothing to say."""
    morning, evening = SMALL.broadcasts
    late = Broadcast(id="late", at=time(22, 0), days=Weekdays(days=(Weekday.MON,)), messages=("hotline",))
    slogan, hotline = SMALL.messages
    programme = replace(
        SMALL,
        messages=(slogan, replace(hotline, valid_until=date(2026, 6, 1))),
        broadcasts=(morning, evening, late),
        exceptions=(DayException(first=date(2026, 6, 2), last=date(2026, 6, 2), reason="高考", air=("evening",)),),
    )
    days = week_picture(programme, MONDAY, NIGHT).columns
    assert [(mark.broadcast, mark.kind) for mark in days[0].marks] == [
        ("morning", "airs"), ("evening", "airs"), ("late", "quiet"),
    ]  # fmt: skip
    assert [(mark.broadcast, mark.kind) for mark in days[1].marks] == [("morning", "stopped"), ("evening", "silent")]


@given(st.sets(st.integers(0, 1439), max_size=48))
def test_no_mark_covers_another_and_all_are_inside(minutes: set[int]) -> None:
    """However close the broadcasts are, each can be touched."""
    programme = Programme(
        zone="z",
        broadcasts=tuple(Broadcast(id=f"b{at}", at=time(*divmod(at, 60)), messages=("m",)) for at in minutes),
    )
    picture = week_picture(programme, MONDAY, NIGHT)
    tops = [mark.top for mark in picture.columns[3].marks]
    assert all(later - earlier >= MARK_PX + GAP_PX for earlier, later in pairwise(tops))
    assert all(0 <= top <= picture.height - MARK_PX for top in tops)
    assert [top for _, top in picture.hours] == sorted({top for _, top in picture.hours})
    assert all(top >= 0 and top + height <= picture.height for top, height in picture.quiet)


@pytest.mark.parametrize(
    ("written", "minutes", "at_noon", "at_midnight"),
    [
        ("21:30-06:30", ((0, 390), (1290, 1440)), False, True),
        ("12:00-14:00", ((720, 840),), True, False),
        ("00:00-00:00", ((0, 1440),), True, True),
        ("", (), False, False),
    ],
)
def test_quiet_hours_may_cross_midnight(
    written: str, minutes: tuple[tuple[int, int], ...], at_noon: bool, at_midnight: bool
) -> None:
    """As the installer writes them; the same time twice is the whole day."""
    quiet = quiet_hours_in(written)
    assert quiet.minutes() == minutes
    assert quiet.hold_at(datetime(2026, 6, 1, 12, 0, tzinfo=UTC)) is at_noon
    assert quiet.hold_at(datetime(2026, 6, 1, 0, 0, tzinfo=UTC)) is at_midnight


def test_quiet_hours_that_can_not_be_read_are_not_known() -> None:
    """Nothing is guessed."""
    assert quiet_hours_in("by night") == QuietHours(known=False)
