"""Which broadcasts are due on a day, and when exactly."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from programme.chimes import Chime
from programme.model import (
    Broadcast,
    Dates,
    DayException,
    Days,
    EveryDay,
    Message,
    Programme,
    RestDays,
    Weekday,
    Weekdays,
    Workdays,
)
from programme.publication import Publication, PublishedMessage
from programme.timetable import cues_on, first_cue_after
from tests.programme.samples import SMALL, programmes


def one(at: time = time(7, 30), days: Days | None = None, timezone: str = "Asia/Shanghai") -> Programme:
    """Return a programme of one broadcast."""
    broadcast = Broadcast(id="m", at=at, days=days or EveryDay(), messages=("a",))
    message = Message(id="a", title="甲", text="你好")
    return Programme(zone="x", timezone=timezone, messages=(message,), broadcasts=(broadcast,))


@pytest.mark.parametrize(
    ("days", "day", "falls"),
    [
        (EveryDay(), date(2026, 2, 17), True),
        (Workdays(), date(2026, 2, 13), True),  # a Friday
        (Workdays(), date(2026, 2, 14), True),  # a Saturday that is worked for the Spring Festival
        (Workdays(), date(2026, 2, 17), False),  # New Year's Day of the lunar year, a Tuesday
        (RestDays(), date(2026, 2, 14), False),
        (RestDays(), date(2026, 2, 17), True),
        (RestDays(), date(2026, 3, 7), True),  # a Saturday
        (Workdays(), date(2199, 3, 8), True),  # a Friday in a year whose holidays nobody knows
        (RestDays(), date(2199, 3, 9), True),
        (Weekdays(days=(Weekday.TUE,)), date(2026, 2, 17), True),
        (Weekdays(days=(Weekday.MON, Weekday.SUN)), date(2026, 2, 17), False),
        (Dates(dates=(date(2026, 2, 17),)), date(2026, 2, 17), True),
        (Dates(dates=(date(2026, 2, 17),)), date(2027, 2, 17), False),
    ],
)
def test_the_days_of_a_broadcast(days: Days, day: date, falls: bool) -> None:
    """Each form holds on its days and on no other; make-up working days are workdays."""
    assert bool(cues_on(one(days=days), day)) is falls


def test_cues_come_in_the_order_of_due_with_all_they_need() -> None:
    """The file's order does not matter; the broadcast's own volume goes before the programme's."""
    morning, evening = SMALL.broadcasts
    loud = replace(evening, volume_percent=0, repeat=2, gap_seconds=5, chime=False, grace_minutes=3)
    first, second = cues_on(replace(SMALL, broadcasts=(loud, morning)), date(2026, 2, 17))
    assert first.due == datetime(2026, 2, 16, 23, 30, tzinfo=UTC)
    assert (first.occurrence.broadcast_id, first.occurrence.day) == ("morning", date(2026, 2, 17))
    assert (first.messages, first.expired) == (("stay-home", "hotline"), ())
    assert (first.volume_percent, first.repeat, first.gap_seconds, first.chime) == (80, 1, 3, Chime.BELLS)
    assert first.grace == timedelta(minutes=10)
    assert (second.volume_percent, second.repeat, second.gap_seconds, second.chime) == (0, 2, 5, None)
    assert second.grace == timedelta(minutes=3)


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2026, 3, 28), datetime(2026, 3, 28, 1, 30, tzinfo=UTC)),
        (date(2026, 3, 29), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),  # 02:30 is skipped: 03:30 summer time
        (date(2026, 3, 30), datetime(2026, 3, 30, 0, 30, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # 02:30 comes twice: the first
        (date(2026, 10, 26), datetime(2026, 10, 26, 1, 30, tzinfo=UTC)),
    ],
)
def test_a_change_of_the_clocks_airs_a_broadcast_once(day: date, due: datetime) -> None:
    """A time that is skipped moves forward by what is skipped; of one that comes twice the first is meant."""
    (cue,) = cues_on(one(at=time(2, 30), timezone="Europe/Berlin"), day)
    assert cue.due.astimezone(UTC) == due
    assert cue.due.utcoffset() in {timedelta(hours=1), timedelta(hours=2)}
    assert cue.occurrence.day == day


def test_a_skipped_time_is_shown_as_it_will_be() -> None:
    """The panel shows 03:30 that night, not a time that no clock shows."""
    (cue,) = cues_on(one(at=time(2, 30), timezone="Europe/Berlin"), date(2026, 3, 29))
    assert f"{cue.due:%H:%M}" == "03:30"


@pytest.mark.parametrize(
    ("first", "last", "valid"),
    [
        (None, None, True),
        (date(2026, 2, 17), date(2026, 2, 17), True),
        (date(2026, 2, 18), None, False),
        (None, date(2026, 2, 16), False),
    ],
)
def test_a_message_is_said_from_its_first_day_to_its_last(first: date | None, last: date | None, valid: bool) -> None:
    """Both days are in; a broadcast of which nothing is valid is still due, with nothing to say."""
    programme = one()
    message = replace(programme.messages[0], valid_from=first, valid_until=last)
    (cue,) = cues_on(replace(programme, messages=(message,)), date(2026, 2, 17))
    assert (cue.messages, cue.expired) == ((("a",), ()) if valid else ((), ("a",)))


@pytest.mark.parametrize(
    ("day", "aired"),
    [
        (date(2026, 6, 6), ["morning", "evening"]),
        (date(2026, 6, 7), []),
        (date(2026, 6, 9), []),
        (date(2026, 6, 10), ["evening"]),
        (date(2026, 6, 11), ["morning", "evening"]),
    ],
)
def test_exceptions_hold_from_their_first_day_to_their_last(day: date, aired: list[str]) -> None:
    """Nothing airs, or only what they name; where two hold, both must allow it."""
    exceptions = (
        DayException(first=date(2026, 6, 7), last=date(2026, 6, 9), reason="高考"),
        DayException(first=date(2026, 6, 9), last=date(2026, 6, 10), reason="中考", air=("evening",)),
    )
    cues = cues_on(replace(SMALL, exceptions=exceptions), day)
    assert [cue.occurrence.broadcast_id for cue in cues] == aired


def published(programme: Programme) -> Publication:
    """Return the publication of a programme, without real clips."""
    return Publication(
        revision="0" * 16, published=datetime(2026, 2, 16, tzinfo=UTC), zone=programme.zone,
        timezone=programme.timezone, volume_percent=programme.volume_percent, broadcasts=programme.broadcasts,
        pause_seconds=programme.pause_seconds, exceptions=programme.exceptions,
        messages=tuple(
            PublishedMessage(
                id=message.id, title=message.title, text=message.text, clip="0" * 64, frames=48000, voice="v",
                engine="e", stand_in=False, valid_from=message.valid_from, valid_until=message.valid_until,
            )
            for message in programme.messages
        ),
    )  # fmt: skip


@settings(max_examples=50, deadline=None, derandomize=True)
@given(programme=programmes(), day=st.dates(date(2019, 1, 1), date(2031, 12, 31)))
def test_what_is_published_is_due_as_the_programme_says(programme: Programme, day: date) -> None:
    """The speaker's timetable is the panel's."""
    cues = cues_on(programme, day)
    assert cues_on(published(programme), day) == cues
    assert [cue.due for cue in cues] == sorted(cue.due for cue in cues)
    assert all(cue.occurrence.day == day for cue in cues)


@pytest.mark.parametrize(
    ("instant", "due"),
    [
        (datetime(2026, 2, 16, 23, 29, tzinfo=UTC), datetime(2026, 2, 16, 23, 30, tzinfo=UTC)),
        (datetime(2026, 2, 16, 23, 30, tzinfo=UTC), datetime(2026, 2, 17, 10, 30, tzinfo=UTC)),
        (datetime(2026, 2, 17, 10, 30, tzinfo=UTC), datetime(2026, 2, 17, 23, 30, tzinfo=UTC)),
    ],
)
def test_the_first_cue_after_an_instant(instant: datetime, due: datetime) -> None:
    """It is strictly later, today or another day."""
    cue = first_cue_after(SMALL, instant)
    assert cue is not None
    assert cue.due == due


def test_a_programme_whose_days_are_over_has_no_next_cue() -> None:
    """There is an end to the search."""
    past = one(days=Dates(dates=(date(2026, 2, 17),)))
    assert first_cue_after(past, datetime(2026, 2, 17, 12, tzinfo=UTC)) is None
