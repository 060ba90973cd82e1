"""Programmes for the tests: a small one, and a hypothesis strategy for any that is allowed."""

from __future__ import annotations

from datetime import date, time, timedelta

from hypothesis import strategies as st

from programme.chimes import Chime
from programme.festivals import Festival
from programme.model import (
    AfterCut,
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
from programme.unseen import UNSEEN

SMALL = Programme(
    zone="警苑小区",
    messages=(
        Message(id="stay-home", title="守好阵地", text="待在家里守阵地！"),
        Message(id="hotline", title="热线", text="请拨打 12345。"),
    ),
    broadcasts=(
        Broadcast(id="morning", at=time(7, 30), messages=("stay-home", "hotline")),
        Broadcast(id="evening", at=time(18, 30), messages=("hotline",)),
    ),
)

# Words that YAML would take for something else, or that would end or open something in it.
NASTY = (
    "yes", "No", "null", "~", "18:00", "07:30", "12345", "0x10", "1e3", "2026-02-17", "- a", "? b", ": c", "# d",
    "a # b", "a: b", "a:", "'", '"', "\\", "\\n", "'a' \"b\"", "[x]", "{x: y}", "*ref", "&mark", "!tag", "%TAG",
    "@", "`", "|", ">", "|-\n  a", "---", "...", "<<", "=", " 前面有空格", "后面有空格 ", "\t制表", "a\tb",
    "一行\n又一行", "一行\n\n隔一行\n", "\n前面空行", "a\n  b\n c", "a\n# 不是说明\nb: c", "a\n---\nb", "a\n ",
    "a \n b", "“引号”：冒号；感叹！", "\U0001f637\U0001f468\u200d\U0001f469", "中\u3000文", "a\u00a0b", "a\u200bb",
    "\U00020000", "﹏", "é", "-", "true", ".inf", "0o7", "1_000",
)  # fmt: skip


def _allowed(text: str) -> bool:
    return bool(text.strip()) and not UNSEEN.search(text)


texts = st.one_of(st.sampled_from(NASTY), st.text(min_size=1, max_size=30)).filter(_allowed)
lines = texts.filter(lambda text: "\n" not in text)
ids = st.one_of(
    st.sampled_from(["yes", "no", "null", "-", "--", "1", "0x1", "on"]),
    st.from_regex(r"[a-z0-9-]{1,8}", fullmatch=True),
)
dates = st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 12, 31))
weekdays = st.sets(st.sampled_from(list(Weekday)), min_size=1).map(
    lambda some: tuple(day for day in Weekday if day in some)
)
days: st.SearchStrategy[Days] = st.one_of(
    st.sampled_from([EveryDay(), Workdays(), RestDays(), InExceptions()]),
    weekdays.map(lambda some: Weekdays(days=some)),
    st.sets(dates, min_size=1, max_size=4).map(lambda some: Dates(dates=tuple(sorted(some)))),
    st.sets(st.sampled_from(list(Festival)), min_size=1, max_size=3).map(
        lambda some: Festivals(festivals=tuple(one for one in Festival if one in some))
    ),
    st.builds(EverySecondWeek, days=weekdays, first=dates),
    st.builds(
        EveryMonth,
        which=st.sets(st.sampled_from(list(Which)), min_size=1).map(lambda some: tuple(w for w in Which if w in some)),
        days=weekdays,
    ),
)


_NAMES = ("抗战胜利纪念日", "yes", "# d", "a: b", "12345", "- a", "'", "校庆")


@st.composite
def calendars(draw: st.DrawFn) -> tuple[CivilYear, ...]:
    """Any years that may be dropped in."""
    found = []
    for year in sorted(draw(st.sets(st.integers(2019, 2032), max_size=2))):
        starts = sorted(draw(st.sets(st.integers(0, 11), min_size=1, max_size=4)))
        holidays = []
        for month in starts:
            first = date(year, month + 1, draw(st.integers(1, 20)))
            last = first + timedelta(days=draw(st.integers(0, 7)))
            holidays.append(Holiday(name=draw(st.sampled_from(_NAMES)), first=first, last=last))
        weekends = [date(year, 1, 1) + timedelta(days=index) for index in range(360)]
        weekends = [day for day in weekends if day.weekday() >= 5]
        worked = draw(st.sets(st.sampled_from(weekends), max_size=5))
        free = {day for day in worked if any(one.first <= day <= one.last for one in holidays)}
        found.append(CivilYear(year=year, holidays=tuple(holidays), workdays=tuple(sorted(worked - free))))
    return tuple(found)


zones = st.sampled_from([("all",), ("all", "group:old-town"), ("all", "panlong-4")])
"""Zones of an entry in a programme whose every entry is for all: then any may name any."""


@st.composite
def messages(draw: st.DrawFn, message_id: str) -> Message:
    """Any message that is allowed."""
    span = sorted(draw(st.tuples(dates, dates)))
    return Message(
        id=message_id,
        title=draw(lines),
        text=draw(texts),
        voice=draw(st.none() | lines),
        recording=draw(st.none() | lines),
        valid_from=draw(st.sampled_from([None, span[0]])),
        valid_until=draw(st.sampled_from([None, span[1]])),
        source=draw(st.none() | lines),
        author=draw(st.none() | lines),
        say_numbers_twice=draw(st.booleans()),
        zones=draw(zones),
    )


@st.composite
def programmes(draw: st.DrawFn) -> Programme:
    """Any programme that is allowed."""
    message_ids = draw(st.lists(ids, unique=True, max_size=4))
    broadcast_ids = draw(st.lists(ids, unique=True, max_size=3)) if message_ids else []
    times = draw(st.lists(st.integers(0, 1439), unique=True, min_size=3, max_size=3))
    some_ids = st.lists(st.sampled_from(message_ids or ["-"]), min_size=1, max_size=4).map(tuple)
    broadcasts = tuple(
        Broadcast(
            id=broadcast_id,
            at=time(*divmod(minute, 60)),
            days=draw(days),
            messages=draw(some_ids),
            repeat=draw(st.integers(1, 10)),
            gap_seconds=draw(st.integers(0, 60)),
            chime=draw(st.booleans() | st.sampled_from(Chime)),
            volume_percent=draw(st.none() | st.integers(0, 100)),
            grace_minutes=draw(st.integers(0, 120)),
            after_cut=draw(st.sampled_from(AfterCut)),
            zones=draw(st.just(()) | zones),
        )
        for broadcast_id, minute in zip(broadcast_ids, times, strict=False)
    )
    return Programme(
        zone=draw(lines),
        timezone=draw(st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "UTC"])),
        voice=draw(lines),
        volume_percent=draw(st.integers(0, 100)),
        pause_seconds=draw(st.integers(0, 30)),
        messages=tuple(draw(messages(message_id)) for message_id in message_ids),
        broadcasts=broadcasts,
        hotlines=tuple(draw(st.lists(st.sampled_from(["12345", "110", "0371-6432-1234"]), unique=True))),
        exceptions=tuple(draw(st.lists(_exceptions(broadcast_ids), max_size=2))),
        calendar=draw(calendars()),
    )


@st.composite
def _exceptions(draw: st.DrawFn, broadcast_ids: list[str]) -> DayException:
    first, last = sorted(draw(st.tuples(dates, dates)))
    some = draw(st.lists(st.sampled_from(broadcast_ids), unique=True)) if broadcast_ids else []
    air = tuple(some) if some else "none"
    return DayException(
        first=first, last=last, reason=draw(lines), air=air, zones=draw(st.sampled_from([(), ("here",)]))
    )
