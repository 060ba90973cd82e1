"""The rules of a programme that was put together by a form or by code."""

from __future__ import annotations

from datetime import UTC, date, time

import pytest
from msgspec.structs import replace

from programme.checking import faults_in
from programme.faults import Path
from programme.meeting import broadcast_seconds, share_a_day
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
from tests.programme.samples import SMALL

MESSAGE, HOTLINE = SMALL.messages
MORNING, EVENING = SMALL.broadcasts
MON, TUE = Weekdays(days=(Weekday.MON,)), Weekdays(days=(Weekday.TUE,))
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
    ],
)
def test_which_days_can_be_the_same(one: Days, other: Days, share: bool) -> None:
    """The order of asking does not matter."""
    assert share_a_day(one, other) is share
    assert share_a_day(other, one) is share


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
