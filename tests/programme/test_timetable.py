"""Which broadcasts are due on a day, and when exactly."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from programme.chimes import Chime
from programme.festivals import Festival
from programme.model import (
    Broadcast,
    CivilYear,
    Dates,
    DayException,
    Days,
    EveryDay,
    EveryMonth,
    EverySecondWeek,
    Festivals,
    Holiday,
    InExceptions,
    Message,
    Programme,
    RestDays,
    Weekday,
    Weekdays,
    Which,
    Workdays,
)
from programme.publication import Publication, PublishedMessage, decode_publication, encode_publication
from programme.timetable import cues_on, next_days
from tests.programme.samples import SMALL, programmes
from tests.thorough import examples


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
        (Festivals(festivals=(Festival.SPRING, Festival.NATIONAL)), date(2026, 2, 17), True),
        (Festivals(festivals=(Festival.SPRING,)), date(2026, 2, 18), False),
        (Festivals(festivals=(Festival.NATIONAL,)), date(2199, 10, 1), True),
        (EverySecondWeek(days=(Weekday.MON,), first=date(2026, 3, 2)), date(2026, 3, 2), True),
        (EverySecondWeek(days=(Weekday.MON,), first=date(2026, 3, 2)), date(2026, 3, 9), False),
        (EverySecondWeek(days=(Weekday.MON,), first=date(2026, 3, 2)), date(2026, 3, 16), True),
        (EverySecondWeek(days=(Weekday.MON,), first=date(2026, 3, 2)), date(2026, 2, 16), False),  # not begun
        (EverySecondWeek(days=(Weekday.MON,), first=date(2026, 3, 5)), date(2026, 3, 16), True),  # its week counts
        (EverySecondWeek(days=(Weekday.SUN,), first=date(2026, 12, 28)), date(2027, 1, 3), True),
        (EverySecondWeek(days=(Weekday.SUN,), first=date(2026, 12, 28)), date(2027, 1, 10), False),
        (EveryMonth(which=(Which.FIRST,), days=(Weekday.MON,)), date(2026, 6, 1), True),
        (EveryMonth(which=(Which.FIRST,), days=(Weekday.MON,)), date(2026, 9, 7), True),
        (EveryMonth(which=(Which.FIRST,), days=(Weekday.MON,)), date(2026, 6, 8), False),
        (EveryMonth(which=(Which.LAST,), days=(Weekday.FRI,)), date(2026, 2, 27), True),
        (EveryMonth(which=(Which.LAST,), days=(Weekday.MON,)), date(2026, 6, 29), True),  # the fifth
        (EveryMonth(which=(Which.FOURTH,), days=(Weekday.MON,)), date(2026, 6, 29), False),
        (EveryMonth(which=(Which.FOURTH,), days=(Weekday.FRI,)), date(2026, 2, 27), True),  # the last too
        (InExceptions(), date(2026, 2, 17), False),
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
        pause_seconds=programme.pause_seconds, exceptions=programme.exceptions, calendar=programme.calendar,
        messages=tuple(
            PublishedMessage(
                id=message.id, title=message.title, text=message.text, clip="0" * 64, frames=48000, voice="v",
                engine="e", stand_in=False, valid_from=message.valid_from, valid_until=message.valid_until,
            )
            for message in programme.messages
        ),
    )  # fmt: skip


@settings(max_examples=examples(50, everyday=20), deadline=None, derandomize=True)
@given(programme=programmes(), day=st.dates(date(2019, 1, 1), date(2031, 12, 31)))
def test_what_is_published_is_due_as_the_programme_says(programme: Programme, day: date) -> None:
    """The speaker's timetable is the panel's."""
    cues = cues_on(programme, day)
    assert cues_on(decode_publication(encode_publication(published(programme))), day) == cues
    assert [cue.due for cue in cues] == sorted(cue.due for cue in cues)
    assert all(cue.occurrence.day == day for cue in cues)


def test_an_exception_may_air_others_in_the_place_of_the_usual() -> None:
    """What is kept for exceptions airs on the days of those that name it, and on no other."""
    quiet = Broadcast(id="exam", at=time(12, 40), days=InExceptions(), messages=("hotline",))
    exam = DayException(first=date(2026, 6, 7), last=date(2026, 6, 9), reason="高考", air=("exam", "evening"))
    programme = replace(SMALL, broadcasts=(*SMALL.broadcasts, quiet), exceptions=(exam,))
    aired = {
        day: [cue.occurrence.broadcast_id for cue in cues_on(programme, date(2026, 6, day))] for day in (6, 7, 9, 10)
    }
    assert aired == {
        6: ["morning", "evening"],
        7: ["exam", "evening"],
        9: ["exam", "evening"],
        10: ["morning", "evening"],
    }
    silence = DayException(first=date(2026, 6, 8), last=date(2026, 6, 8), reason="停电")
    assert cues_on(replace(programme, exceptions=(exam, silence)), date(2026, 6, 8)) == ()


def test_a_year_that_was_dropped_in_moves_the_workdays() -> None:
    """The next year is guessed until somebody puts its arrangement in."""
    programme = one(days=Workdays())
    assert cues_on(programme, date(2027, 2, 8))
    spring = Holiday(name="春节", first=date(2027, 2, 5), last=date(2027, 2, 11))
    known = replace(programme, calendar=(CivilYear(year=2027, holidays=(spring,), workdays=(date(2027, 1, 30),)),))
    assert not cues_on(known, date(2027, 2, 8))
    assert cues_on(known, date(2027, 1, 30))


@pytest.mark.parametrize(
    ("days", "coming"),
    [
        (Workdays(), ["2026-09-28", "2026-09-29", "2026-09-30", "2026-10-08", "2026-10-09"]),
        (RestDays(), ["2026-09-26", "2026-09-27", "2026-10-01", "2026-10-02", "2026-10-03"]),
        (Festivals(festivals=(Festival.MID_AUTUMN,)),
         ["2027-09-15", "2028-10-03", "2029-09-22", "2030-09-12", "2031-10-01"]),
        (EveryMonth(which=(Which.LAST,), days=(Weekday.SAT,)),
         ["2026-09-26", "2026-10-31", "2026-11-28", "2026-12-26", "2027-01-30"]),
        (EverySecondWeek(days=(Weekday.TUE,), first=date(2026, 9, 22)),
         ["2026-10-06", "2026-10-20", "2026-11-03", "2026-11-17", "2026-12-01"]),
        (Dates(dates=(date(2026, 2, 17), date(2026, 12, 31))), ["2026-12-31"]),
        (InExceptions(), []),
    ],
)  # fmt: skip
def test_the_next_five_days_of_a_broadcast(days: Days, coming: list[str]) -> None:
    """Only those on which it will be heard: an exception takes one away."""
    programme = one(days=days)
    found = next_days(programme, programme.broadcasts[0], date(2026, 9, 26), 5)
    assert [day.isoformat() for day in found] == coming
    stop = DayException(first=date(2026, 9, 26), last=date(2035, 1, 1), reason="修路")
    assert next_days(replace(programme, exceptions=(stop,)), programme.broadcasts[0], date(2026, 9, 26), 5) == ()
