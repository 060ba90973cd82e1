"""The yard's own programme beside the shared one: the shared one goes first, and what is the yard's own stays aired."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from programme.checking import faults_in
from programme.model import Broadcast, DayException, InExceptions, Programme, Workdays
from programme.publication import Publication, PublicationInvalid, PublishedMessage
from programme.rules import as_messages
from programme.shared import Shared, decode_shared, encode_shared
from programme.timetable import cues_on
from programme.together import Moved, together
from tests.programme.samples import SMALL, programmes

NOTICE = PublishedMessage(
    id="c-notice",
    title="全社区通知",
    text="警苑小区的居民请注意。",
    clip="a" * 64,
    frames=48_000,
    voice="zh-CN-XiaoxiaoNeural",
    engine="edge",
    stand_in=False,
)
SHARED = Shared(
    revision="h1",
    published=datetime(2026, 3, 1, tzinfo=UTC),
    hub="大石社区",
    messages=(NOTICE,),
    broadcasts=(
        Broadcast(id="c-morning", at=time(7, 30), messages=("c-notice",)),
        Broadcast(id="c-exam", at=time(12, 0), messages=("c-notice",), days=InExceptions()),
    ),
    exceptions=(DayException(first=date(2026, 6, 8), last=date(2026, 6, 9), reason="高考", air=("c-exam",)),),
)


def published(programme: Programme, shared: Shared) -> Publication:
    """Return both as they are published."""
    both = together(programme, shared)
    return Publication(
        revision="r",
        published=datetime(2026, 3, 1, tzinfo=UTC),
        zone=programme.zone,
        timezone=programme.timezone,
        volume_percent=both.volume_percent,
        broadcasts=both.broadcasts,
        messages=(*shared.messages, *(replace(NOTICE, id=message.id) for message in both.own.messages)),
        exceptions=both.exceptions,
        calendar=both.calendar,
    )


def aired(programme: Programme, day: date, shared: Shared = SHARED) -> list[tuple[str, str]]:
    """Return what is due on ``day`` in Shanghai, by time and id."""
    publication = published(programme, shared)
    return [(f"{cue.due:%H:%M}", cue.occurrence.broadcast_id) for cue in cues_on(publication, day)]


def test_without_a_shared_programme_nothing_changes() -> None:
    """A box that has joined nothing airs what it always did."""
    both = together(SMALL, None)
    assert (both.own, both.broadcasts, both.left_out, both.moved) == (SMALL, SMALL.broadcasts, (), ())


def test_at_the_same_minute_the_yards_own_comes_a_minute_later() -> None:
    """Nothing is lost, and the panel can say what was moved."""
    assert aired(SMALL, date(2026, 3, 2)) == [("07:30", "c-morning"), ("07:31", "morning"), ("18:30", "evening")]
    both = together(SMALL, SHARED)
    assert both.moved == (Moved("morning", time(7, 30), time(7, 31)),)
    assert both.left_out == ()


def test_on_other_days_it_is_not_moved() -> None:
    """A shared broadcast of dates that the yard's own never has is in nobody's way."""
    workdays = replace(SHARED.broadcasts[0], days=Workdays())
    own = replace(SMALL, exceptions=(), broadcasts=(replace(SMALL.broadcasts[0], days=InExceptions()),))
    assert together(own, replace(SHARED, broadcasts=(workdays,), exceptions=())).moved == ()


def test_an_exception_of_the_yard_silences_its_own_alone() -> None:
    """What is shared is the hub's: it airs on those days as ever, also what the hub airs instead."""
    own = replace(SMALL, exceptions=(DayException(first=date(2026, 6, 7), last=date(2026, 6, 10), reason="丧事"),))
    assert aired(own, date(2026, 6, 7)) == [("07:30", "c-morning")]
    assert aired(own, date(2026, 6, 8)) == [("12:00", "c-exam")]
    assert aired(own, date(2026, 6, 10)) == [("07:30", "c-morning")]
    assert aired(own, date(2026, 6, 11))[0] == ("07:30", "c-morning")
    assert len(aired(own, date(2026, 6, 11))) == 3


def test_a_shared_exception_is_for_the_yards_own_too() -> None:
    """While an examination is on, it is quiet in every yard."""
    assert aired(SMALL, date(2026, 6, 9)) == [("12:00", "c-exam")]


def test_the_hubs_volume_and_calendar_go_first() -> None:
    """Where the hub sets a volume it counts; else the yard's own does."""
    assert together(SMALL, SHARED).volume_percent == SMALL.volume_percent
    assert together(SMALL, replace(SHARED, volume_percent=35)).volume_percent == 35


def test_what_has_no_room_is_named() -> None:
    """Fifteen minutes that are all taken leave no minute: the broadcast is left out, and that can be told."""
    taken = tuple(Broadcast(id=f"c-{minute}", at=time(7, minute), messages=("c-notice",)) for minute in range(30, 46))
    both = together(SMALL, replace(SHARED, broadcasts=taken, exceptions=()))
    assert both.left_out == ("morning",)


def test_an_id_like_a_shared_one_gives_way() -> None:
    """The hub's ids begin with c-: one of the yard's own that looks like them is left out, and named."""
    own = replace(SMALL, messages=(replace(SMALL.messages[0], id="c-notice"), SMALL.messages[1]))
    own = replace(own, broadcasts=(replace(SMALL.broadcasts[1]),))
    assert together(own, SHARED).left_out == ("c-notice",)


def test_what_gives_way_moves_nothing_else() -> None:
    """A broadcast of the yard's own that looks like a shared one is not aired, so its minute is free."""
    twin = replace(SMALL.broadcasts[1], id="c-evening")
    both = together(replace(SMALL, broadcasts=(*SMALL.broadcasts, twin)), replace(SHARED, exceptions=()))
    assert both.left_out == ("c-evening",)
    assert [one.broadcast for one in both.moved] == ["morning"]


@given(programmes())
@settings(max_examples=60, deadline=None)
def test_both_together_keep_the_rules(programme: Programme) -> None:
    """Whatever the yard's own is, the speaker does not refuse it for what was put beside it."""
    publication = published(programme, SHARED)
    whole = replace(
        programme,
        messages=as_messages(publication.messages),
        broadcasts=tuple(replace(one, zones=()) for one in publication.broadcasts),
        exceptions=tuple(replace(one, zones=()) for one in publication.exceptions),
        calendar=publication.calendar,
    )
    assert faults_in(whole) == ()


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"messages": (replace(NOTICE, id="notice"),)},
        {"messages": (replace(NOTICE, clip="../../etc/passwd"),)},
        {"messages": (replace(NOTICE, frames=0),)},
        {"messages": (replace(NOTICE, text="字" * 4001),)},
        {"messages": (replace(NOTICE, voice="x" * 81),)},
        {"hub": "\x1b[2J"},
        {"broadcasts": (Broadcast(id="c-b", at=time(7), messages=("c-notice",), repeat=1000),)},
        {"broadcasts": (Broadcast(id="c-b", at=time(7), messages=("stay-home",)),)},
        {"volume_percent": 400},
    ],
)
def test_a_shared_programme_that_breaks_the_rules_is_refused(change: dict[str, object]) -> None:
    """The agent talks to the network: what it writes is held to what a person may save."""
    assert decode_shared(encode_shared(SHARED)) == SHARED
    with pytest.raises(PublicationInvalid):
        decode_shared(encode_shared(replace(SHARED, **change)))


@pytest.mark.parametrize("content", [b"", b"{}", b"[" * 100_000, b"\xff", b" " * 1_100_000])
def test_what_is_no_shared_programme_is_refused(content: bytes) -> None:
    """Whatever the bytes are, it is one kind of error."""
    with pytest.raises(PublicationInvalid):
        decode_shared(content)
