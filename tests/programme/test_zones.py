"""Which yards an entry is for, and what of a hub's programme its own yard says."""

from datetime import date

import pytest
from msgspec.structs import replace

from programme.checking import faults_in
from programme.faults import ProgrammeInvalid
from programme.model import DayException, Message
from programme.reading import read_programme
from programme.writing import fresh
from programme.zones import for_this_yard, is_for, is_for_here, said_in
from tests.programme.samples import SMALL

WRITTEN = """\
version: 1
zone: 警苑小区
messages:
  for-all: {title: 全社区, text: "{zone}的居民请注意。", zones: all}
  for-some: {title: 老城片, text: 停水。, zones: [here, "group:old-town", panlong-4]}
  ours: {title: 本院, text: 收电费。}
broadcasts:
  morning: {at: "07:30", messages: [for-all], zones: [all]}
  noon: {at: "12:00", messages: [for-some, for-all], zones: [group:old-town]}
  evening: {at: "18:30", messages: [ours, for-all]}
exceptions:
  - {from: 2026-06-07, to: 2026-06-09, reason: 高考, zones: [all]}
"""


def test_zones_are_read_as_a_list_or_one_by_itself_and_written_back() -> None:
    """What was written by hand comes back as it was meant."""
    programme = read_programme(WRITTEN.encode())
    assert [message.zones for message in programme.messages] == [
        ("all",),
        ("here", "group:old-town", "panlong-4"),
        (),
    ]
    assert programme.exceptions[0].zones == ("all",)
    assert read_programme(fresh(programme)) == programme


def test_this_yard_says_what_is_for_it() -> None:
    """A broadcast for another group, and messages for others, are not published here."""
    here = for_this_yard(read_programme(WRITTEN.encode()))
    assert [message.id for message in here.messages] == ["for-all", "for-some", "ours"]
    assert [broadcast.id for broadcast in here.broadcasts] == ["morning", "evening"]
    assert len(here.exceptions) == 1
    assert not any(one.zones for one in (*here.messages, *here.broadcasts, *here.exceptions))


def test_a_programme_without_zones_is_all_this_yards() -> None:
    """A box that is no hub publishes what it always did."""
    assert for_this_yard(SMALL) == SMALL


@pytest.mark.parametrize(
    ("zones", "here", "panlong"),
    [
        ((), True, False),
        (("all",), True, True),
        (("here",), True, False),
        (("panlong-4",), False, True),
        (("group:old-town",), False, True),
        (("group:new-town", "laocheng-1"), False, False),
        (("here", "panlong-4"), True, True),
    ],
)
def test_whom_an_entry_is_for(zones, here, panlong) -> None:
    """By ``all``, by id or by group; without zones it is the yard's own."""
    assert is_for_here(zones) is here
    assert is_for(zones, "panlong-4", {"old-town"}) is panlong


@pytest.mark.parametrize(
    "zones", [("All",), ("group:",), ("盘龙",), ("a" * 33,), ("panlong-4", "panlong-4"), ("+",), ("a/b",)]
)
def test_what_is_no_zone_is_named(zones) -> None:
    """A name may be part of a topic of MQTT: nothing but a-z, 0-9 and hyphens gets there."""
    message = Message(id="m", title="题", text="字", zones=zones)
    (fault,) = faults_in(replace(SMALL, messages=(*SMALL.messages, message)))
    assert fault.path[:3] == ("messages", "m", "zones")


def test_a_message_that_is_not_for_a_broadcasts_zones_is_a_fault() -> None:
    """Else the others would hear a broadcast without it, and nobody would know why."""
    text = WRITTEN.replace("messages: [for-all], zones: [all]", "messages: [for-all, ours], zones: [all]")
    with pytest.raises(ProgrammeInvalid) as caught:
        read_programme(text.encode())
    (fault,) = caught.value.faults
    assert fault.path == ("broadcasts", "morning", "messages", 1)
    assert fault.line == 8


def test_an_exception_names_broadcasts_of_its_zones() -> None:
    """One for all can't let this yard's own broadcast air instead."""
    everywhere = DayException(
        first=date(2026, 6, 7), last=date(2026, 6, 7), reason="高考", air=("morning",), zones=("all",)
    )
    (fault,) = faults_in(replace(SMALL, exceptions=(everywhere,)))
    assert fault.path == ("exceptions", 0, "air", 0)


def test_broadcasts_of_different_yards_may_share_a_minute() -> None:
    """They never meet on one loudspeaker; with one that is for all they would."""
    other = replace(SMALL.broadcasts[0], id="other", zones=("panlong-4",))
    messages = tuple(replace(message, zones=("all",)) for message in SMALL.messages)
    programme = replace(SMALL, messages=messages)
    assert not faults_in(replace(programme, broadcasts=(*SMALL.broadcasts, other)))
    everywhere = replace(other, zones=("all",))
    assert faults_in(replace(programme, broadcasts=(*SMALL.broadcasts, everywhere)))


def test_the_yards_name_is_said_where_the_text_asks_for_it() -> None:
    """Each yard hears its own name."""
    assert said_in("{zone}的居民请注意。", "盘龙苑") == "盘龙苑的居民请注意。"
