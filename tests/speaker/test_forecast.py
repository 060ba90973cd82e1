"""The day sheet says exactly what the speaker then does: random programmes, days and limits through both."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from box.folders import Folders
from box.settings import Limits
from programme.chimes import Chime
from programme.cues import Cue, Occurrence
from programme.daysheet import DayRow, day_sheet
from programme.model import (
    Broadcast,
    Dates,
    DayException,
    EveryDay,
    InExceptions,
    Message,
    Programme,
    RestDays,
    Weekday,
    Weekdays,
    Workdays,
)
from programme.publication import SAMPLE_RATE_HZ, Publication
from speaker.forecast import forecast_within
from speaker.limits import HardLimits
from speaker.record import Airing
from speaker.stage import Stage
from speaker.trust.states import Trust
from tests.programme.test_timetable import published
from tests.speaker.simulated import Courtyard

ZONES = ("Asia/Shanghai", "Europe/Berlin", "Australia/Lord_Howe")
FIRST_DAYS = (  # among them days with make-up working days, and nights in which two of the zones change their clocks
    date(2026, 2, 13),
    date(2026, 3, 27),
    date(2026, 4, 3),
    date(2026, 10, 3),
    date(2026, 10, 23),
    date(2026, 12, 30),
)
BEFORE = timedelta(days=2)
LOOKED_AT = 2
IN_MEMORY = Path("/dev/shm")  # noqa: S108 - thousands of durable writes; a private folder is made in it
NAMES = ("a", "b", "c", "d")

near = st.integers(7 * 60, 7 * 60 + 12)  # most of them, so that they meet one another and a night of a minute
minutes = st.one_of(near, near, near, st.integers(0, 1439), st.integers(1430, 1439), st.integers(0, 9))
milliseconds = st.sampled_from([1, 480, 9_999, 30_001, 61_234, 100_000, 150_003]) | st.integers(
    1, 150_000
)  # whole: both reckon in microseconds


@dataclass(frozen=True)
class Case:
    """A programme as it is on air, the installer's limits, and the first of the days that are looked at."""

    programme: Programme
    on_air: Publication
    limits: Limits
    day: date


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw a programme that is likely to meet itself, the night and the limits."""
    first = draw(st.sampled_from(FIRST_DAYS)) + BEFORE
    around = st.integers(-2, LOOKED_AT).map(lambda days: first + timedelta(days=days))
    messages = tuple(
        Message(
            id=name,
            title=name,
            text=f"这是{name}",
            valid_from=draw(st.sampled_from([None, None, None, first])),
            valid_until=draw(st.none() | st.just(date(2030, 1, 1)) | around),
        )
        for name in NAMES
    )
    some_days = st.sampled_from(
        [
            EveryDay(),
            EveryDay(),
            Workdays(),
            RestDays(),
            Weekdays(days=(Weekday.MON, Weekday.SAT, Weekday.SUN)),
            Dates(dates=(first, first + timedelta(days=1))),
            InExceptions(),
        ]
    )
    broadcasts = tuple(
        Broadcast(
            id=f"b{number}",
            at=time(*divmod(draw(minutes), 60)),
            days=draw(some_days),
            messages=tuple(draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4))),
            repeat=draw(st.integers(1, 3)),
            gap_seconds=draw(st.integers(0, 20)),
            chime=draw(st.booleans() | st.sampled_from(Chime)),
            volume_percent=draw(st.none() | st.integers(0, 100)),
            grace_minutes=draw(st.sampled_from([10, 0, 1, 5, 120])),
        )
        for number in range(draw(st.sampled_from([4, 1, 2, 3, 5, 6])))
    )
    names = st.lists(st.sampled_from([one.id for one in broadcasts]), min_size=1, unique=True).map(tuple)
    exceptions = tuple(
        DayException(first=day, last=day, reason="考试", air=draw(st.just("none") | names))
        for day in draw(st.lists(around, max_size=2, unique=True))
    )
    programme = Programme(
        zone="x",
        timezone=draw(st.sampled_from(ZONES)),
        volume_percent=draw(st.integers(0, 100)),
        pause_seconds=draw(st.integers(0, 5)),
        messages=messages,
        broadcasts=broadcasts,
        exceptions=exceptions,
    )
    plan = published(programme)
    clips = tuple(msgspec.structs.replace(one, frames=48 * draw(milliseconds)) for one in plan.messages)
    limits = Limits(
        timezone=draw(st.just(programme.timezone) | st.sampled_from(ZONES)),
        quiet_hours=draw(
            st.sampled_from(["", "21:30-06:30", "07:08-07:09", "12:00-14:00", "00:05-23:58", "07:00-07:00"])
        ),
        loudest_percent=draw(st.integers(0, 100)),
        longest_minutes=draw(st.sampled_from([60, 20, 5, 1])),
        longest_minutes_per_day=draw(st.sampled_from([1440, 30, 8, 1])),
    )
    return Case(programme, msgspec.structs.replace(plan, messages=clips), limits, first)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """Return a data folder in which the chimes are made once."""
    folder = tmp_path_factory.mktemp("data")
    return Folders(folder, folder / "runtime")


def expected(row: DayRow, day: date) -> tuple[object, ...]:
    """Return what the day sheet says of a broadcast."""
    foretold = row.foretold
    assert foretold is not None
    begins = foretold.begins
    return (
        day,
        row.broadcast,
        tuple(said.id for said in row.messages),
        row.frames,
        str(foretold.outcome),
        str(foretold.reason),
        begins,
        foretold.frames,
        foretold.volume_percent,
    )


def on_record(row: Airing) -> tuple[object, ...]:
    """Return what the speaker's own record says of it."""
    return (
        row.day,
        row.broadcast,
        tuple(said.message for said in row.said),
        row.frames,
        str(row.outcome),
        str(row.reason),
        row.started,
        row.frames_played,
        row.volume_percent,
    )


def live_through(case: Case, folders: Folders, folder: Path) -> Iterator[Airing]:
    """Yield the rows of a speaker that has been on air since two days before, and has lived through the days."""
    zone = ZoneInfo(case.programme.timezone)
    start = datetime.combine(case.day - BEFORE, time(), zone).astimezone(UTC)
    stage = Stage(folders, HardLimits(case.limits)).rundown
    yard = Courtyard(start, folder, case.limits, case.on_air, Trust.SYNCHRONISED, stage=stage)
    try:
        for _ in range(2 + LOOKED_AT + 1):
            yard.live(86_400.0)
        yield from (row for row in yard.rows() if case.day <= row.day < case.day + timedelta(days=LOOKED_AT))
        heard = [(one.since, round(one.seconds * SAMPLE_RATE_HZ)) for one in yard.heard if one.seconds]
        assert heard == [(row.started, row.frames_played) for row in yard.rows() if row.started is not None]
    finally:
        yard.end()


def holds(case: Case, folders: Folders) -> None:
    """See that every row of the days' sheets is one of the speaker's record, and the other way about."""
    foretell = forecast_within(case.limits)
    sheets = [
        (day, day_sheet(case.programme, day, on_air=case.on_air, foretell=foretell))
        for day in (case.day + timedelta(days=number) for number in range(LOOKED_AT))
    ]
    said = sorted((expected(row, day) for day, sheet in sheets for row in sheet.rows), key=repr)
    folder = Path(tempfile.mkdtemp(dir=IN_MEMORY if IN_MEMORY.is_dir() else None))
    try:
        done = sorted((on_record(row) for row in live_through(case, folders, folder)), key=repr)
    finally:
        shutil.rmtree(folder)
    assert done == said


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(case=cases())
def test_the_day_sheet_says_what_the_speaker_does(folders: Folders, case: Case) -> None:
    """Begin, messages, length, volume, outcome and reason of every broadcast, exactly; fifty programmes a run."""
    holds(case, folders)


@pytest.mark.slow
@settings(max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(case=cases())
def test_the_day_sheet_says_what_the_speaker_does_of_thousands(folders: Folders, case: Case) -> None:
    """The same, of many more."""
    holds(case, folders)


def a_cue(at: str, *, name: str = "", grace_minutes: int = 10, says: bool = True) -> Cue:
    """Return a cue of 1 June 2026 in Shanghai, named by its time."""
    due = datetime.fromisoformat(f"2026-06-01T{at}+08:00")
    return Cue(
        occurrence=Occurrence(due.date(), name or at),
        due=due,
        grace=timedelta(minutes=grace_minutes),
        messages=("a",) if says else (),
        expired=() if says else ("a",),
        repeat=1,
        gap_seconds=0,
        pause_seconds=0,
        chime=None,
        volume_percent=50,
    )


@pytest.mark.parametrize(
    ("cues", "seconds", "limits", "told"),
    [
        ([a_cue("07:30")], 60, Limits(), [("aired", "", "07:30:00", 60, "")]),
        ([a_cue("07:30", says=False)], 60, Limits(), [("missed", "nothing-to-say", "", 0, "")]),
        ([a_cue("21:29")], 120, Limits(), [("cut", "quiet-hours", "21:29:00", 59.5, "it will be cut")]),
        ([a_cue("21:29")], 59.5, Limits(), [("aired", "", "21:29:00", 59.5, "")]),
        ([a_cue("21:30")], 60, Limits(), [("refused", "quiet-hours", "", 0, "in the quiet hours")]),
        ([a_cue("07:30")], 1201, Limits(), [("refused", "too-long", "", 0, "over the longest 20 minutes")]),
        (
            [a_cue("07:30"), a_cue("07:31")],
            90,
            Limits(),
            [("aired", "", "07:30:00", 90, ""), ("aired", "", "07:31:30", 90, "it begins at 07:31:30")],
        ),
        (
            [a_cue("07:30"), a_cue("07:31", grace_minutes=0), a_cue("07:32", grace_minutes=1)],
            240,
            Limits(),
            [
                ("aired", "", "07:30:00", 240, ""),
                ("missed", "busy", "", 0, "longer than its grace"),
                ("missed", "busy", "", 0, "longer than its grace"),
            ],
        ),
        (
            [a_cue("07:30"), a_cue("08:30"), a_cue("09:30")],
            60,
            Limits(longest_minutes_per_day=2),
            [
                ("aired", "", "07:30:00", 60, ""),
                ("aired", "", "08:30:00", 60, ""),
                ("refused", "day-used-up", "", 0, "used up"),
            ],
        ),
    ],
)
def test_what_can_become_of_a_cue(
    cues: list[Cue], seconds: float, limits: Limits, told: list[tuple[str, str, str, float, str]]
) -> None:
    """Outcome, reason, when it begins, how much is heard, and the sentence that says so."""
    foretold = forecast_within(limits)(cues, lambda cue: round(seconds * 48_000) if cue.messages else 0)
    for cue, (outcome, reason, begins, heard, sentence) in zip(cues, told, strict=True):
        one = foretold[cue.occurrence]
        assert (one.outcome, one.reason, one.frames) == (outcome, reason, heard * 48_000)
        assert (f"{one.begins.astimezone(cue.due.tzinfo):%H:%M:%S}" if one.begins else "") == begins
        assert sentence in one.warning.en if one.warning else not sentence
        assert one.volume_percent == 50
