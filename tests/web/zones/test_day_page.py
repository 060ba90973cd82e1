"""What each yard is to say on a day, those that say the same together."""

from __future__ import annotations

from datetime import time

import msgspec
import pytest

from fleet.hub import protocol as p
from fleet.wire.documents import SharedProgramme
from programme.model import Broadcast
from tests.web.house import NOON, House
from tests.web.zones.fake_hub import FakeHub, zone
from tests.web.zones.test_page import SHARED


@pytest.fixture
def hub(house: House) -> FakeHub:
    """Make the house a hub of four yards: two say the same but for their names, one something else, one nothing."""
    hub = house.make_hub()
    hub.add(
        *(zone(f"yard-{number}", f"{number}号院", NOON) for number in (2, 3, 10)),
        zone("yard-11", "11号院", NOON, ordered=""),
    )
    for number in (2, 10):
        hub.programmes[f"yard-{number}"] = p.Issued(programme=said_in(f"{number}号院"), issued=NOON)
    evening = msgspec.structs.replace(SHARED, broadcasts=(Broadcast(id="c-e", at=time(18), messages=("c-water",)),))
    hub.programmes["yard-3"] = p.Issued(programme=evening, issued=NOON, waiting=("hotline",))
    return hub


def said_in(yard: str) -> SharedProgramme:
    """Return the programme as it names that yard."""
    (one,) = SHARED.messages
    message = msgspec.structs.replace(one.message, text=f"{yard}的居民请注意。", title=f"{yard}停水")
    return msgspec.structs.replace(SHARED, zone=yard, messages=(msgspec.structs.replace(one, message=message),))


def test_yards_that_say_the_same_stand_together(house: House, hub: FakeHub) -> None:
    """Though each says its own name; what is not ready is named, and who is to say nothing."""
    page = house.logged_in().get("/zones/day/").text
    same, *others = page.split('class="alike"')[1:]
    assert "2 个小区一样" in same
    assert same.index(">2号院<") < same.index(">10号院<")
    assert "07:30" in same
    assert "2号院的居民请注意" in same
    (evening,) = (one for one in others if "<h3>3号院" in one)
    assert "18:00" in evening
    assert "还在准备，没有发出：监督举报电话" in evening
    (nothing,) = (one for one in others if "<h3>11号院" in one)
    assert "没有让它播什么" in nothing


def test_the_hub_is_asked_once_for_all_yards(house: House, hub: FakeHub) -> None:
    """A town has thousands; only who is one too many for one answer is asked about alone."""
    phone = house.logged_in()
    phone.get("/zones/day/")
    assert hub.asked_alone == []
    hub.too_many = ("yard-3",)
    assert "还在准备，没有发出：监督举报电话" in phone.get("/zones/day/").text
    assert hub.asked_alone == ["yard-3"]


@pytest.mark.parametrize("asked", ["2026-06-02", "2026-06-17", "2026-02-31", "x"])
def test_a_day_that_is_over_or_far_or_none_leads_to_today(house: House, hub: FakeHub, asked: str) -> None:
    """What is ordered now says nothing of it."""
    assert house.logged_in().get(f"/zones/day/?day={asked}").status_code == 303


def test_tomorrow_is_one_touch_away(house: House, hub: FakeHub) -> None:
    """And there is no day before today."""
    phone = house.logged_in()
    assert "day=2026-06-04" in phone.get("/zones/day/").text
    assert "前一天" not in phone.get("/zones/day/").text
    assert "前一天" in phone.get("/zones/day/?day=2026-06-04").text
