"""What a person sees of a day before it is heard."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from box.sentences import Sentence
from programme.cues import Cue, Occurrence
from programme.daysheet import DaySheet, day_sheet, estimated_seconds
from programme.festivals import Festival
from programme.foretold import Foretell, Foretold, FramesOf
from programme.model import (
    Broadcast,
    Dates,
    DayException,
    Days,
    EveryMonth,
    EverySecondWeek,
    Festivals,
    InExceptions,
    Message,
    Programme,
    RestDays,
    Weekday,
    Weekdays,
    Which,
    Workdays,
)
from programme.publication import Publication
from programme.timetable import cues_on
from tests.programme.samples import SMALL, programmes
from tests.programme.test_timetable import published
from tests.programme.test_together import SHARED
from tests.programme.test_together import published as both_published
from tests.thorough import examples

DAY = date(2026, 2, 17)


def warnings(sheet: DaySheet) -> list[str]:
    """Return what is to be known, in English: of the broadcasts and then of the day."""
    return [warning.en for row in sheet.rows for warning in row.warnings] + [note.en for note in sheet.notes]


def of_seconds(seconds: int) -> Publication:
    """Return the small programme as it is on air, each clip that long."""
    plan = published(SMALL)
    return replace(plan, messages=tuple(replace(one, frames=48_000 * seconds) for one in plan.messages))


def test_a_day_without_surprises_has_no_warnings() -> None:
    """Four plain facts a broadcast: when, what, how long, how loud."""
    sheet = day_sheet(SMALL, DAY)
    assert [(f"{row.due:%H:%M}", row.broadcast, row.volume_percent) for row in sheet.rows] == [
        ("07:30", "morning", 80),
        ("18:30", "evening", 80),
    ]
    assert [said.title for said in sheet.rows[0].messages] == ["守好阵地", "热线"]
    assert warnings(sheet) == []


def test_a_length_is_measured_where_the_same_words_are_on_air() -> None:
    """A message that was changed since is estimated, and with it its broadcast."""
    sheet = day_sheet(SMALL, DAY, on_air=of_seconds(10))
    assert [(row.seconds, row.exact) for row in sheet.rows] == [(23.3, True), (12.3, True)]
    slogan, hotline = SMALL.messages
    changed = replace(SMALL, messages=(slogan, replace(hotline, text="长" * 42)))
    assert [row.exact for row in day_sheet(changed, DAY, on_air=of_seconds(10)).rows] == [False, False]
    assert day_sheet(changed, DAY, on_air=of_seconds(10)).rows[1].seconds == pytest.approx(12.3)


def test_an_estimate_counts_what_is_said() -> None:
    """About 4.2 characters a second; blanks take no time."""
    assert estimated_seconds("长 " * 42) == pytest.approx(10)


def test_a_message_out_of_its_time_is_named() -> None:
    """And a broadcast that is left with nothing to say stays silent."""
    slogan, hotline = SMALL.messages
    over = replace(SMALL, messages=(slogan, replace(hotline, valid_until=date(2026, 2, 16))))
    assert warnings(day_sheet(over, DAY)) == [
        "'热线' is not valid that day and is left out",
        "'热线' is not valid that day and is left out",
        "nothing to say: it stays silent",
    ]
    assert day_sheet(over, DAY).rows[1].seconds == 0


def foretold_as(**what: Any) -> Foretell:
    """Return a foretelling by which so much becomes of each cue."""
    known = Foretold(begins=None, frames=0, volume_percent=80, outcome="aired", reason="")
    return lambda cues, _: {cue.occurrence: dataclasses.replace(known, **what) for cue in cues}


def test_what_the_speaker_will_make_of_it_is_named() -> None:
    """What will not sound, or not to its end; it is told of two days before too, and how long each takes."""
    told = Sentence("到安静时段", "cut")
    sheet = day_sheet(SMALL, DAY, on_air=of_seconds(10), foretell=foretold_as(warning=told))
    assert warnings(sheet) == ["cut", "cut"]
    asked: list[tuple[str, int]] = []

    def foretell(cues: Sequence[Cue], frames_of: FramesOf) -> dict[Occurrence, Foretold]:
        asked.extend((f"{cue.due:%d %H}", frames_of(cue)) for cue in cues)
        return {}

    assert [row.foretold for row in day_sheet(SMALL, DAY, on_air=of_seconds(10), foretell=foretell).rows] == [None] * 2
    assert asked == [
        (f"{day} {hour}", frames) for day in (15, 16, 17) for hour, frames in (("07", 1_118_400), ("18", 590_400))
    ]


def test_a_broadcast_that_runs_into_the_next_is_named() -> None:
    """The next would find the loudspeaker busy."""
    morning, evening = SMALL.broadcasts
    near = replace(SMALL, broadcasts=(morning, replace(evening, at=time(7, 31))))
    assert warnings(day_sheet(near, DAY, on_air=of_seconds(29))) == [
        "it still sounds when the next is due: shorten or move one"
    ]
    assert warnings(day_sheet(near, DAY, on_air=of_seconds(28))) == []
    late = foretold_as(begins=datetime(2026, 2, 16, 23, 30, 40, tzinfo=UTC), frames=48_000 * 21)
    assert len(warnings(day_sheet(near, DAY, on_air=of_seconds(28), foretell=late))) == 1


def test_volume_nought_is_named() -> None:
    """A slip of the finger, mostly."""
    assert warnings(day_sheet(replace(SMALL, volume_percent=0), DAY)) == ["the volume is 0: nobody will hear it"] * 2


def test_an_exception_and_what_it_leaves_out_are_named() -> None:
    """So that a silent day is no riddle."""
    exam = DayException(first=DAY, last=DAY, reason="高考", air=("evening",))
    sheet = day_sheet(replace(SMALL, exceptions=(exam,)), DAY)
    assert [row.broadcast for row in sheet.rows] == ["evening"]
    assert [(one.broadcast, one.why.zh) for one in sheet.skipped] == [("morning", "高考，这天停播")]
    assert warnings(sheet) == ["an exception: 高考"]


@pytest.mark.parametrize(
    ("days", "day", "why"),
    [
        (Workdays(), date(2026, 2, 17), "这天不上班，它只在工作日播"),
        (RestDays(), date(2026, 2, 28), "这天要上班，它只在休息日播"),  # a make-up working Saturday
        (Weekdays(days=(Weekday.MON, Weekday.SUN)), date(2026, 2, 17), "它只在星期一、星期日播"),
        (Dates(dates=(date(2026, 2, 18),)), date(2026, 2, 17), "它只在指定的日期播，这天不是"),
    ],
)
def test_a_broadcast_of_other_days_is_named_with_the_reason(days: Days, day: date, why: str) -> None:
    """A person who looks for it learns why it is not there."""
    morning, evening = SMALL.broadcasts
    sheet = day_sheet(replace(SMALL, broadcasts=(morning, replace(evening, days=days))), day)
    assert [row.broadcast for row in sheet.rows] == ["morning"]
    assert [(one.at, one.broadcast, one.why.zh) for one in sheet.skipped] == [(time(18, 30), "evening", why)]


def test_a_length_that_is_known_otherwise_is_taken() -> None:
    """A recording has a length before it is on air."""
    sheet = day_sheet(SMALL, DAY, seconds_of=lambda _message: 7.0)
    assert [row.seconds for row in sheet.rows] == [17.3, 9.3]


def test_a_day_without_broadcasts_says_so() -> None:
    """An empty page could be a mistake."""
    assert warnings(day_sheet(replace(SMALL, broadcasts=()), DAY)) == ["nothing is broadcast that day"]


def test_a_year_whose_holidays_are_not_known_is_named_where_it_matters() -> None:
    """Only broadcasts of workdays and rest days depend on it."""
    day = date(2199, 3, 8)
    assert warnings(day_sheet(SMALL, day)) == []
    on_workdays = tuple(replace(broadcast, days=Workdays()) for broadcast in SMALL.broadcasts)
    assert warnings(day_sheet(replace(SMALL, broadcasts=on_workdays), day)) == [
        "the holidays of 2199 are not known; Monday to Friday count as workdays, but for the festivals"
    ]


def test_a_number_that_is_nearly_a_registered_one_is_warned_of() -> None:
    """On the broadcast that says it; and a message that says its numbers twice takes longer."""
    wrong = Message(id="m", title="热线", text="请拨打12354。")
    programme = Programme(
        zone="z",
        messages=(wrong, replace(wrong, id="n", text="请拨打12345。", say_numbers_twice=True)),
        broadcasts=(
            Broadcast(id="a", at=time(7, 30), messages=("m",)),
            Broadcast(id="b", at=time(8, 30), messages=("n",)),
        ),
        hotlines=("12345",),
    )
    first, second = day_sheet(programme, date(2026, 6, 3)).rows
    assert [warning.zh for warning in first.warnings] == ["《热线》：号码 12354 和登记的 12345 只差一两位，请核对"]
    assert second.warnings == ()
    assert second.seconds > first.seconds


@pytest.mark.parametrize(
    ("day", "zh", "en"),
    [
        (date(2026, 3, 4), "星期三，上班", "Wednesday, a workday"),
        (date(2026, 3, 7), "星期六，休息", "Saturday, a day of rest"),
        (date(2026, 2, 14), "星期六，上班（春节调休）", "Saturday, a workday (made up for Spring Festival)"),
        (
            date(2026, 2, 17),
            "星期二，春节，休息（春节放假）",
            "Tuesday, Spring Festival, a day of rest (Spring Festival holiday)",
        ),
        (date(2026, 10, 18), "星期日，重阳节，休息", "Sunday, Double Ninth Festival, a day of rest"),
        (date(2027, 3, 3), "星期三，上班", "Wednesday, a workday"),
    ],
)
def test_what_kind_of_day_it_is(day: date, zh: str, en: str) -> None:
    """Its weekday, its festival, and whether people work, with the reason where the weekday would not say so."""
    kind = day_sheet(SMALL, day).kind
    assert (kind.zh, kind.en) == (zh, en)


@pytest.mark.parametrize(
    ("days", "zh"),
    [
        (EverySecondWeek(days=(Weekday.MON,), first=date(2026, 2, 23)), "它隔一周播一次，在星期一"),
        (EveryMonth(which=(Which.FIRST, Which.LAST), days=(Weekday.FRI,)), "它只在每月第一个、最后一个星期五播"),
        (Festivals(festivals=(Festival.LANTERN,)), "它只在元宵节播"),
        (InExceptions(), "它只在特殊日子里播"),
    ],
)
def test_days_of_the_calendar_are_named_with_the_reason_too(days: Days, zh: str) -> None:
    """Each kind in its words."""
    morning, evening = SMALL.broadcasts
    sheet = day_sheet(replace(SMALL, broadcasts=(morning, replace(evening, days=days))), DAY)
    assert [one.why.zh for one in sheet.skipped] == [zh]


def test_what_a_hub_has_this_yard_say_is_in_its_day() -> None:
    """With the length of its clip and by the hub's volume; a name that only the hub vouches for is no doubt here."""
    sheet = day_sheet(SMALL, DAY, shared=replace(SHARED, volume_percent=55))
    assert [(f"{row.due:%H:%M}", row.broadcast, row.shared, row.volume_percent) for row in sheet.rows] == [
        ("07:30", "c-morning", True, 55),
        ("07:31", "morning", False, 55),
        ("18:30", "evening", False, 55),
    ]
    assert sheet.rows[0].exact
    assert [said.frames for said in sheet.rows[0].messages] == [48_000]
    assert "改在 07:31 播" in sheet.rows[1].warnings[0].zh


def test_an_id_alone_makes_nothing_the_hubs() -> None:
    """Where nothing is shared, an own broadcast is the yard's own; beside a hub's it is not aired, and says why."""
    named = replace(SMALL, broadcasts=(replace(SMALL.broadcasts[0], id="c-morning"),))
    assert [(row.broadcast, row.shared) for row in day_sheet(named, DAY).rows] == [("c-morning", False)]
    skipped = day_sheet(
        replace(named, broadcasts=(replace(named.broadcasts[0], id="c-2"),)), DAY, shared=SHARED
    ).skipped
    assert [(one.broadcast, one.why.zh) for one in skipped if one.broadcast == "c-2"] == [
        ("c-2", "编号以 c- 开头的是社区统一的，请换个编号")
    ]


@given(programmes(), st.sampled_from([date(2026, 6, 8), date(2026, 6, 9), DAY, date(2026, 10, 1)]))
@settings(max_examples=examples(100, everyday=15), deadline=None)
def test_the_sheet_has_the_cues_that_are_published(programme: Programme, day: date) -> None:
    """Of both layers: an exception of the hub's silences the yard's own too, and airs what it names instead."""
    sheet = day_sheet(programme, day, shared=SHARED)
    cues = cues_on(both_published(programme, SHARED), day)
    assert [(row.due, row.broadcast) for row in sheet.rows] == [(cue.due, cue.occurrence.broadcast_id) for cue in cues]
