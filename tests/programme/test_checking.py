"""The rules of a programme that was put together by a form or by code."""

from __future__ import annotations

from datetime import UTC, date, time, timedelta

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from programme.checking import faults_in
from programme.faults import Path
from programme.festivals import Festival
from programme.meeting import broadcast_seconds, share_a_day
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
from programme.timetable import falls_on
from tests.programme.samples import SMALL, days
from tests.thorough import examples

MESSAGE, HOTLINE = SMALL.messages
MORNING, EVENING = SMALL.broadcasts
MON, TUE = Weekdays(days=(Weekday.MON,)), Weekdays(days=(Weekday.TUE,))
SPRING, LANTERN = Festivals(festivals=(Festival.SPRING,)), Festivals(festivals=(Festival.LANTERN,))
FORTNIGHT = EverySecondWeek(days=(Weekday.MON,), first=date(2026, 3, 2))
FIRST_MONDAY = EveryMonth(which=(Which.FIRST,), days=(Weekday.MON,))
NEW_YEAR = Dates(dates=(date(2026, 2, 17),))  # a Tuesday that is a holiday


def said(message: Message) -> Programme:
    """Return a programme with that message in place of the first."""
    return replace(SMALL, messages=(message, HOTLINE))


def sent(broadcast: Broadcast) -> Programme:
    """Return a programme with that broadcast in place of the first."""
    return replace(SMALL, broadcasts=(broadcast, EVENING))


EXAM = DayException(first=date(2026, 6, 7), last=date(2026, 6, 9), reason="高考")


def excepted(exception: DayException) -> Programme:
    """Return a programme with that exception."""
    return replace(SMALL, exceptions=(exception,))


def test_a_right_programme_has_no_faults() -> None:
    """Nor has an empty one: it says nothing, and that is allowed."""
    assert faults_in(SMALL) == ()
    assert faults_in(Programme(zone="x")) == ()


@pytest.mark.parametrize(
    ("programme", "path"),
    [
        (replace(SMALL, zone=" "), ("zone",)),
        (replace(SMALL, zone="a\nb"), ("zone",)),
        (replace(SMALL, timezone=""), ("timezone",)),
        (replace(SMALL, timezone="Mars/Olympus"), ("timezone",)),
        (replace(SMALL, timezone="x" * 1000), ("timezone",)),
        (replace(SMALL, timezone="a\x00b"), ("timezone",)),
        (replace(SMALL, voice=""), ("voice",)),
        (replace(SMALL, volume_percent=-1), ("volume",)),
        (replace(SMALL, volume_percent=101), ("volume",)),
        (replace(SMALL, messages=(MESSAGE, HOTLINE, HOTLINE)), ("messages", "hotline")),
        (replace(SMALL, broadcasts=(MORNING, EVENING, MORNING)), ("broadcasts", "morning")),
        (
            replace(SMALL, broadcasts=(), messages=tuple(replace(MESSAGE, id=f"m{n}") for n in range(201))),
            ("messages",),
        ),
        (said(replace(MESSAGE, title="")), ("messages", "stay-home", "title")),
        (said(replace(MESSAGE, title="长" * 81)), ("messages", "stay-home", "title")),
        (said(replace(MESSAGE, text="\n ")), ("messages", "stay-home", "text")),
        (said(replace(MESSAGE, text="长" * 4001)), ("messages", "stay-home", "text")),
        (said(replace(MESSAGE, text="a\x1b[31m")), ("messages", "stay-home", "text")),
        (said(replace(MESSAGE, text="a\ud800")), ("messages", "stay-home", "text")),
        (said(replace(MESSAGE, voice="")), ("messages", "stay-home", "voice")),
        (
            said(replace(MESSAGE, valid_from=date(2026, 3, 2), valid_until=date(2026, 3, 1))),
            ("messages", "stay-home", "valid_until"),
        ),
        (sent(replace(MORNING, at=time(7, 30, 1))), ("broadcasts", "morning", "at")),
        (sent(replace(MORNING, at=time(7, 30, tzinfo=UTC))), ("broadcasts", "morning", "at")),
        (sent(replace(MORNING, messages=())), ("broadcasts", "morning", "messages")),
        (sent(replace(MORNING, messages=("hotline",) * 21)), ("broadcasts", "morning", "messages")),
        (sent(replace(MORNING, messages=("hotline", "hotlin"))), ("broadcasts", "morning", "messages", 1)),
        (sent(replace(MORNING, repeat=0)), ("broadcasts", "morning", "repeat")),
        (sent(replace(MORNING, gap_seconds=-1)), ("broadcasts", "morning", "gap_seconds")),
        (sent(replace(MORNING, grace_minutes=121)), ("broadcasts", "morning", "grace_minutes")),
        (sent(replace(MORNING, volume_percent=101)), ("broadcasts", "morning", "volume")),
        (sent(replace(MORNING, days=Weekdays(days=()))), ("broadcasts", "morning", "days")),
        (sent(replace(MORNING, days=Weekdays(days=(Weekday.TUE, Weekday.MON)))), ("broadcasts", "morning", "days")),
        (sent(replace(MORNING, days=Dates(dates=(date(2026, 2, 17),) * 2))), ("broadcasts", "morning", "days")),
        (replace(SMALL, hotlines=("12a",)), ("hotlines", 0)),
        (replace(SMALL, hotlines=("12345", "12345")), ("hotlines",)),
        (
            excepted(replace(EXAM, last=date(2026, 6, 6))),
            ("exceptions", 0, "to"),
        ),
        (
            excepted(replace(EXAM, reason="")),
            ("exceptions", 0, "reason"),
        ),
        (
            excepted(replace(EXAM, air=("z",))),
            ("exceptions", 0, "air", 0),
        ),
        (
            excepted(replace(EXAM, air=())),
            ("exceptions", 0, "air"),
        ),
    ],
)
def test_a_fault_says_where_it_is_in_both_languages(programme: Programme, path: Path) -> None:
    """One mistake, one fault, at the place a form can point at."""
    (fault,) = faults_in(programme)
    assert fault.path == path
    assert fault.zh
    assert fault.en


@pytest.mark.parametrize("name", ["", "A", "a b", "a_b", "á", "ａ", "１", "x" * 41, "a\n", "../x", "稿"])
def test_ids_are_small_ascii(name: str) -> None:
    """They become file names, topics and addresses."""
    programme = Programme(zone="x", messages=(replace(MESSAGE, id=name),))
    assert [fault.path for fault in faults_in(programme)] == [("messages", name)]


def test_a_recording_needs_no_words() -> None:
    """Her own voice says it."""
    assert faults_in(said(replace(MESSAGE, text="", recording="2026-02-17.m4a"))) == ()


@pytest.mark.parametrize("number", ["110", "12345", "0371-6432-1234", "13800138000"])
def test_telephone_numbers_are_digits_and_hyphens(number: str) -> None:
    """Short and long ones are allowed."""
    assert faults_in(replace(SMALL, hotlines=(number,))) == ()


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        (EveryDay(), NEW_YEAR, True),
        (Workdays(), RestDays(), False),
        (Workdays(), Workdays(), True),
        (RestDays(), MON, True),  # a holiday may be a Monday
        (Workdays(), Weekdays(days=(Weekday.SAT,)), True),  # a make-up working day may be a Saturday
        (MON, TUE, False),
        (MON, MON, True),
        (NEW_YEAR, RestDays(), True),
        (NEW_YEAR, Workdays(), False),
        (NEW_YEAR, TUE, True),
        (NEW_YEAR, MON, False),
        (NEW_YEAR, NEW_YEAR, True),
        (SPRING, NEW_YEAR, True),
        (SPRING, Workdays(), False),  # free by law, also in years that are not announced yet
        (SPRING, RestDays(), True),
        (LANTERN, Workdays(), True),
        (SPRING, LANTERN, False),
        (SPRING, Dates(dates=(date(2026, 2, 18),)), False),
        (FORTNIGHT, MON, True),
        (FORTNIGHT, TUE, False),
        (FORTNIGHT, replace(FORTNIGHT, first=date(2026, 3, 9)), False),
        (FORTNIGHT, replace(FORTNIGHT, first=date(2026, 3, 16)), True),
        (FORTNIGHT, FIRST_MONDAY, True),
        (FIRST_MONDAY, replace(FIRST_MONDAY, which=(Which.SECOND, Which.LAST)), False),
        (replace(FIRST_MONDAY, which=(Which.FOURTH,)), replace(FIRST_MONDAY, which=(Which.LAST,)), True),
        (FIRST_MONDAY, Workdays(), True),
    ],
)
def test_which_days_can_be_the_same(one: Days, other: Days, share: bool) -> None:
    """The order of asking does not matter."""
    assert share_a_day(one, other) is share
    assert share_a_day(other, one) is share


@settings(max_examples=examples(200, everyday=50), deadline=None, derandomize=True)
@given(one=days, other=days)
def test_days_that_ever_meet_are_known_to(one: Days, other: Days) -> None:
    """A promise of none on the same day is kept on every day of seven years."""
    first = date(2024, 1, 1)
    both = [first + timedelta(days=index) for index in range(7 * 365)]
    met = [day for day in both if falls_on(one, day) and falls_on(other, day)]
    assert share_a_day(one, other) or not met
    assert share_a_day(one, other) == share_a_day(other, one)


@pytest.mark.parametrize(
    ("air", "meets"), [(None, True), (("special",), False), (("special", "morning"), True), (("morning",), False)]
)
def test_an_exception_that_airs_only_one_keeps_two_apart(air: tuple[str, ...] | None, meets: bool) -> None:
    """A broadcast of named dates at the minute of the usual one, which gives way to it on just those."""
    day = date(2026, 10, 1)
    special = replace(MORNING, id="special", days=Dates(dates=(day,)))
    exceptions = (DayException(first=day, last=day, reason="国庆", air=air),) if air else ()
    assert bool(faults_in(replace(SMALL, broadcasts=(MORNING, special), exceptions=exceptions))) == meets


def test_what_is_kept_for_exceptions_meets_what_they_name_beside_it() -> None:
    """Only there; the usual broadcast at the same minute is what it stands in for."""
    instead = replace(MORNING, id="exam", days=InExceptions())
    programme = replace(SMALL, broadcasts=(MORNING, instead, EVENING), exceptions=(replace(EXAM, air=("exam",)),))
    assert faults_in(programme) == ()
    (fault,) = faults_in(replace(programme, exceptions=(replace(EXAM, air=("exam", "morning")),)))
    assert fault.path == ("broadcasts", "morning", "at")


SUN, SAT = Weekdays(days=(Weekday.SUN,)), Weekdays(days=(Weekday.SAT,))


@pytest.mark.parametrize(
    ("late", "early", "follow"),
    [
        (EveryDay(), EveryDay(), True),
        (MON, TUE, True),
        (MON, MON, False),
        (SUN, MON, True),
        (Workdays(), RestDays(), True),
        (SAT, Workdays(), True),  # a make-up working day may be a Sunday
        (NEW_YEAR, Dates(dates=(date(2026, 2, 18),)), True),
        (NEW_YEAR, NEW_YEAR, False),
        (RestDays(), NEW_YEAR, True),
        (Workdays(), NEW_YEAR, False),  # the day before it is a holiday too
        (Dates(dates=(date.max,)), EveryDay(), False),
        (replace(FORTNIGHT, first=date(2026, 3, 9)), replace(FORTNIGHT, days=(Weekday.TUE,)), False),
        (replace(FORTNIGHT, first=date(2026, 3, 16)), replace(FORTNIGHT, days=(Weekday.TUE,)), True),
        (replace(FORTNIGHT, first=date.max), EveryDay(), True),
        (FORTNIGHT, TUE, True),
        (FORTNIGHT, MON, False),
        (FIRST_MONDAY, replace(FIRST_MONDAY, days=(Weekday.TUE,)), True),
        (InExceptions(), EveryDay(), False),  # no exception names it
    ],
)
def test_what_runs_past_midnight_meets_what_is_due_on_the_day_after(late: Days, early: Days, follow: bool) -> None:
    """23:59 with two minutes to say, and 00:01: only where the one may come on the day after the other."""
    night = replace(EVENING, id="night", at=time(23, 59), days=late)
    dawn = replace(MORNING, id="dawn", at=time(0, 1), days=early)
    faults = faults_in(replace(SMALL, broadcasts=(dawn, night)), lambda _message: 120.0)
    assert [fault.path for fault in faults] == ([("broadcasts", "dawn", "at")] if follow else [])
    assert all("前一天 23:59" in fault.zh for fault in faults)
    assert faults_in(replace(SMALL, broadcasts=(dawn, night)), lambda _message: 10.0) == ()


@settings(max_examples=examples(200, everyday=40), deadline=None, derandomize=True)
@given(one=days, other=days)
def test_days_that_ever_follow_one_another_are_known_to(one: Days, other: Days) -> None:
    """What runs past midnight is let through only where it meets nothing in seven years."""
    night = replace(EVENING, id="night", at=time(23, 59), days=one)
    dawn = replace(MORNING, id="dawn", at=time(0, 1), days=other)
    first = date(2024, 1, 1)
    every = [first + timedelta(days=index) for index in range(7 * 365)]
    met = any(falls_on(one, day) and falls_on(other, day + timedelta(days=1)) for day in every)
    faults = faults_in(replace(SMALL, broadcasts=(dawn, night)), lambda _message: 120.0)
    assert any("前一天" in fault.zh for fault in faults) or not met


def test_an_exception_on_the_day_after_keeps_them_apart() -> None:
    """A named night, and nothing on its morrow."""
    night = replace(EVENING, id="night", at=time(23, 59), days=Dates(dates=(date(2026, 6, 6),)))
    dawn = replace(MORNING, id="dawn", at=time(0, 1))
    programme = replace(SMALL, broadcasts=(dawn, night))
    assert len(faults_in(programme, lambda _message: 120.0)) == 1
    exam = DayException(first=date(2026, 6, 7), last=date(2026, 6, 8), reason="高考")
    assert faults_in(replace(programme, exceptions=(exam,)), lambda _message: 120.0) == ()


YEAR = CivilYear(
    year=2027,
    holidays=(
        Holiday(name="元旦", first=date(2027, 1, 1), last=date(2027, 1, 3)),
        Holiday(name="春节", first=date(2027, 2, 5), last=date(2027, 2, 11)),
    ),
    workdays=(date(2027, 1, 30), date(2027, 2, 13)),
)
NEW, LUNAR = YEAR.holidays


@pytest.mark.parametrize(
    ("year", "place"),
    [
        (replace(YEAR, year=1999), ()),
        (replace(YEAR, holidays=(), workdays=()), ()),
        (replace(YEAR, holidays=(NEW, replace(LUNAR, last=date(2027, 2, 4)))), ("holidays", 1, "to")),
        (replace(YEAR, holidays=(NEW, replace(LUNAR, last=date(2027, 3, 11))), workdays=()), ("holidays", 1, "to")),
        (replace(YEAR, holidays=(NEW, replace(LUNAR, name=" "))), ("holidays", 1, "name")),
        (replace(YEAR, holidays=(NEW, replace(LUNAR, first=date(2027, 2, 7)))), ("holidays", 1, "from")),  # not its day
        (replace(YEAR, holidays=(replace(NEW, first=date(2026, 1, 1)), LUNAR)), ("holidays", 0, "from")),
        (replace(YEAR, holidays=(LUNAR, NEW)), ("holidays",)),
        (replace(YEAR, workdays=(date(2027, 2, 12),)), ("workdays", 0)),  # a Friday
        (replace(YEAR, workdays=(date(2027, 2, 6),)), ("workdays", 0)),  # in the holiday
        (replace(YEAR, workdays=(date(2028, 2, 5),)), ("workdays", 0)),
        (replace(YEAR, workdays=YEAR.workdays[::-1]), ("workdays",)),
    ],
)
def test_a_slip_in_an_announced_year_is_found(year: CivilYear, place: Path) -> None:
    """A wrong digit mostly makes a day that can't be: no weekend, not the festival, outside the year."""
    assert faults_in(replace(SMALL, calendar=(YEAR,))) == ()
    (fault,) = faults_in(replace(SMALL, calendar=(year,)))
    assert fault.path == ("calendar", str(year.year), *place)
    assert fault.zh
    assert fault.en


def test_years_come_in_their_order() -> None:
    """Each once."""
    (fault,) = faults_in(replace(SMALL, calendar=(YEAR, YEAR)))
    assert fault.path == ("calendar",)


def test_a_broadcast_that_would_sound_into_the_next_is_a_fault_where_lengths_are_known() -> None:
    """Without lengths only the same minute is; the sentence says how long the earlier one takes."""
    near = replace(SMALL, broadcasts=(MORNING, replace(EVENING, at=time(7, 31))))
    assert faults_in(near) == ()
    assert faults_in(near, lambda _: 20.0) == ()
    (fault,) = faults_in(near, lambda _: 40.0)
    assert fault.path == ("broadcasts", "evening", "at")
    assert "1.4" in fault.en


def test_the_length_of_a_broadcast() -> None:
    """Chime once, the messages with the pause between them as often as they repeat, and the gaps between."""
    thrice = replace(MORNING, repeat=3, gap_seconds=5)
    assert broadcast_seconds(SMALL, thrice, lambda _: 10.0) == pytest.approx(2.3 + 3 * 21 + 2 * 5)
    slow = replace(SMALL, pause_seconds=4)
    assert broadcast_seconds(slow, thrice, lambda _: 10.0) == pytest.approx(2.3 + 3 * 24 + 2 * 5)
    assert broadcast_seconds(SMALL, replace(EVENING, chime=False), lambda _: 10.0) == pytest.approx(10)
