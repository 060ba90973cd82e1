"""What is not as usual on a day, and a year of days as a table."""

from __future__ import annotations

from datetime import date, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from programme.festivals import Festival
from programme.model import (
    Broadcast,
    CivilYear,
    DayException,
    Days,
    Festivals,
    Holiday,
    InExceptions,
    Programme,
    RestDays,
    Workdays,
)
from programme.reading import read_programme
from programme.timetable import cues_on
from programme.unusual import unusual_on
from programme.year_table import year_table
from tests.programme.samples import SMALL, programmes
from tests.thorough import examples

HERE = Path(__file__).parent
EXAM = DayException(first=date(2026, 6, 7), last=date(2026, 6, 9), reason="高考", air=("evening",))


def of(programme: Programme, day: date) -> list[str]:
    """Return what is unusual, in Chinese."""
    return [told.zh for told in unusual_on(programme, day)]


def on_days(**days: Days) -> Programme:
    """Return the small programme with other days for its broadcasts."""
    changed = (replace(one, days=days[one.id]) if one.id in days else one for one in SMALL.broadcasts)
    return replace(SMALL, broadcasts=tuple(changed))


@pytest.mark.parametrize("day", [date(2026, 3, 4), date(2026, 3, 7), date(2026, 10, 1)])
def test_a_usual_day_says_nothing(day: date) -> None:
    """Also a holiday, where every broadcast is on every day."""
    assert of(SMALL, day) == []


@pytest.mark.parametrize(
    ("exception", "day", "told"),
    [
        (EXAM, date(2026, 6, 7), ["高考，只播 18:30"]),
        (EXAM, date(2026, 6, 10), []),
        (replace(EXAM, air="none"), date(2026, 6, 9), ["高考，全部停播"]),
        (replace(EXAM, air=("exam", "evening")), date(2026, 6, 8), ["高考，只播 12:40、18:30"]),
    ],
)
def test_an_exception_is_told_with_what_it_airs(exception: DayException, day: date, told: list[str]) -> None:
    """The others in the place of the usual too."""
    instead = Broadcast(id="exam", at=time(12, 40), days=InExceptions(), messages=("hotline",))
    programme = replace(SMALL, broadcasts=(*SMALL.broadcasts, instead), exceptions=(exception,))
    assert of(programme, day) == told


def test_a_holiday_and_a_make_up_day_are_told_where_they_move_something() -> None:
    """By the time of what airs, or does not."""
    programme = on_days(morning=Workdays(), evening=RestDays())
    assert of(programme, date(2026, 2, 14)) == ["春节调休，要上班，07:30 也播，18:30 不播"]
    assert of(programme, date(2026, 2, 18)) == ["春节放假，18:30 也播，07:30 不播"]
    assert of(on_days(morning=Workdays()), date(2026, 2, 18)) == ["春节放假，07:30 不播"]
    assert of(programme, date(2026, 2, 15)) == []  # a Sunday is free anyway
    assert of(programme, date(2027, 1, 1)) == ["法定节日放假，18:30 也播，07:30 不播"]  # not announced yet
    spring = Holiday(name="春节", first=date(2027, 2, 5), last=date(2027, 2, 11))
    known = replace(programme, calendar=(CivilYear(year=2027, holidays=(spring,), workdays=(date(2027, 1, 30),)),))
    assert of(known, date(2027, 1, 30)) == ["调休，要上班，07:30 也播，18:30 不播"]
    english = [told.en for told in unusual_on(programme, date(2026, 2, 18))]
    assert english == ["Spring Festival, a day of rest: 18:30 is aired too; 07:30 is not"]


def test_a_festival_is_told_where_it_has_a_broadcast() -> None:
    """And an exception stops it."""
    programme = on_days(evening=Festivals(festivals=(Festival.DRAGON_BOAT,)))
    assert of(programme, date(2026, 6, 19)) == ["端午节，18:30 有广播"]
    stopped = replace(programme, exceptions=(replace(EXAM, last=date(2026, 6, 20), air=("morning",)),))
    assert of(stopped, date(2026, 6, 19)) == ["高考，只播 07:30"]


def test_a_broadcast_with_nothing_to_say_is_told_the_day_before() -> None:
    """All its messages have expired."""
    slogan, hotline = SMALL.messages
    over = replace(SMALL, messages=(slogan, replace(hotline, valid_until=date(2026, 2, 16))))
    assert of(over, date(2026, 2, 16)) == []
    assert of(over, date(2026, 2, 17)) == ["18:30 的稿件都不在有效期，到时候不响，请改一改日期或内容"]


def test_a_year_is_a_table_that_can_be_read() -> None:
    """Every kind of days in one programme; the table was read line by line against a calendar on the wall."""
    programme = read_programme((HERE / "year.yaml").read_bytes())
    written = (HERE / "year-2026.txt").read_text(encoding="utf-8").splitlines()
    assert list(year_table(programme, 2026)) == written
    assert len(written) == 365


@settings(max_examples=examples(20, everyday=6), deadline=None, derandomize=True)
@given(programme=programmes())
def test_the_table_names_what_is_aired_and_nothing_else(programme: Programme) -> None:
    """Its times are those of the timetable that the speaker keeps to, for any programme."""
    first = date(2028, 1, 1)
    for index, line in enumerate(year_table(programme, 2028)):
        day = first + timedelta(days=index)
        times = [f"{cue.due:%H:%M}" for cue in cues_on(programme, day) if cue.messages]
        assert line.startswith(f"{day}  {' '.join(times) or '—'}  星期")
