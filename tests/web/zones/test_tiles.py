"""A zone's states: each with a word, an icon and a tone, the worst first."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fleet.hub import protocol as p
from fleet.hub.devices import Standing
from fleet.wire.accounts import AUDIO_AWAY, DeviceState
from speaker.condition import Alarm
from speaker.trust.states import Trust
from tests.web.house import NOON
from tests.web.zones.fake_hub import zone
from web.zones.applied import applied_in
from web.zones.tiles import Rank, matches, tile_of, tiles_of

LATER = NOON + timedelta(hours=3)
ALARM = Alarm(code="disk-full", zh="存储卡快满了", en="the card is nearly full")

AUDIO = Alarm(code=AUDIO_AWAY, zh="声音还没有取到", en="a clip can't be had yet")


def state(**changes: object) -> DeviceState:
    """Return how a zone is that says r1 and is well, but for ``changes``."""
    values: dict[str, object] = {"online": True, "card": "card", "revision": "r1", "clock": Trust.SYNCHRONISED}
    return DeviceState(**(values | changes))  # type: ignore[arg-type] - the fields above, by name


@pytest.mark.parametrize(
    ("changes", "rank", "words"),
    [
        ({"state": state()}, Rank.WELL, ["在线，没在播"]),
        ({"state": state(sounding="停水通知")}, Rank.SOUNDING, ["正在播"]),
        ({"online": False, "state": state(card="missing")}, Rank.OFFLINE, ["离线"]),
        ({"online": False, "state": None, "heard": None, "ordered": ""}, Rank.OFFLINE, ["还没有连上过"]),
        ({"state": state(card="missing")}, Rank.CARD, ["声卡没有连接", "在线，没在播"]),
        ({"state": state(card="recorder")}, Rank.TROUBLE, ["没有音箱，只录下来", "在线，没在播"]),
        ({"state": state(clock=Trust.UNTRUSTED)}, Rank.CLOCK, ["时间不可信", "在线，没在播"]),
        ({"state": state(alarms=(ALARM,)), "fault": ALARM}, Rank.TROUBLE, ["有 2 件事要看", "在线，没在播"]),
        ({"state": state(alarms=(AUDIO,))}, Rank.TROUBLE, ["在等声音", "在线，没在播"]),
        ({"state": state(alarms=(ALARM, AUDIO))}, Rank.TROUBLE, ["在等声音", "有 1 件事要看", "在线，没在播"]),
        ({"state": state(stand_ins=3)}, Rank.STAND_IN, ["3 篇是备用声音", "在线，没在播"]),
        ({"state": state(revision="r0")}, Rank.BEHIND, ["新节目还没用上", "在线，没在播"]),
        ({"state": state(), "waiting": ("停水",)}, Rank.BEHIND, ["新节目还没用上", "在线，没在播"]),
        ({"standing": Standing.INVITED, "ticket_until": LATER}, Rank.INVITED, ["等它入网"]),
        ({"standing": Standing.INVITED, "ticket_until": NOON}, Rank.INVITED, ["入网票过期了"]),
        ({"standing": Standing.INVITED, "digits": "123456"}, Rank.INVITED, ["等它入网"]),
        ({"standing": Standing.LOST, "online": False}, Rank.LOST, ["已挂失"]),
    ],
)
def test_every_state_has_a_word(changes: dict[str, object], rank: Rank, words: list[str]) -> None:
    """The worst comes first and decides where the zone stands on the list."""
    tile = tile_of(zone("yard-1", "一号院", NOON, **changes), NOON)
    assert tile.rank == rank
    assert [look.sentence.zh for look in tile.looks] == words
    assert all(look.icon and look.tone for look in tile.looks)


def test_the_worst_are_first_and_those_that_are_lost_last() -> None:
    """Then by the name in words."""
    zones = [
        zone("a", "甲院", NOON, state=state()),
        zone("b", "乙院", NOON, standing=Standing.LOST, online=False),
        zone("c", "丙院", NOON, online=False),
        zone("d", "丁院", NOON, state=state(clock=Trust.UNTRUSTED)),
        zone("e", "一院", NOON, state=state()),
    ]
    assert [tile.zone.name for tile in tiles_of(zones, NOON)] == ["c", "d", "e", "a", "b"]


def test_zones_that_are_numbered_are_in_the_order_of_their_numbers() -> None:
    """2号院 is before 10号院."""
    zones = [zone(f"yard-{number}", f"{number}号院", NOON, state=state()) for number in (10, 2, 1, 21)]
    assert [tile.zone.zone for tile in tiles_of(zones, NOON)] == ["1号院", "2号院", "10号院", "21号院"]


def test_an_edit_is_applied_in_so_many_and_the_missing_are_named() -> None:
    """Who was ordered nothing, is lost or has not joined does not count."""
    zones = [
        zone("a", "甲院", NOON, state=state()),
        zone("b", "乙院", NOON, state=state(revision="r0"), online=False),
        zone("c", "", NOON, state=None),
        zone("d", "丁院", NOON, ordered=""),
        zone("e", "戊院", NOON, standing=Standing.LOST),
    ]
    applied = applied_in(zones)
    assert (applied.have, applied.total, applied.missing) == (1, 3, ("乙院", "c"))


@pytest.mark.parametrize(
    ("words", "group", "found"),
    [
        ("", "", True),
        ("三号", "", True),
        ("YARD", "", True),
        ("四号", "", False),
        ("", "east", True),
        ("三", "w", False),
    ],
)
def test_a_zone_is_found_by_its_names_and_its_group(words: str, group: str, found: bool) -> None:
    """By what it is called and by its short name, whatever the case."""
    one: p.Zone = zone("yard-3", "三号院", NOON, groups=("east",))
    assert matches(one, words, group) is found
