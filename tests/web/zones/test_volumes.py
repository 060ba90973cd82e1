"""How loud each zone is, on one page: set one by one, or a group at once; what nobody touched stays."""

from __future__ import annotations

import re

import pytest

from fleet.hub.client import HubRefuses
from fleet.hub.devices import Standing
from tests.web.house import NOON, House
from tests.web.zones.fake_hub import FakeHub, zone

PAGE = "/zones/volumes/"


@pytest.fixture
def hub(house: House) -> FakeHub:
    """Make the house a hub of three zones and one that is lost; of one the hub has set the volume."""
    hub = house.make_hub()
    hub.add(
        zone("yard-3", "三号院", NOON, groups=("east",)),
        zone("yard-4", "四号院", NOON, groups=("east",), volume_percent=75),
        zone("yard-5", "五号院", NOON, online=False),
        zone("yard-6", "六号院", NOON, standing=Standing.LOST, online=False),
    )
    return hub


def opened(page: str) -> dict[str, str]:
    """Return what the second form holds as it came."""
    return dict(re.findall(r'name="(was-[^"]+)" value="([^"]*)"', page))


def volumes_of(hub: FakeHub) -> list[int | None]:
    """Return what is set of each."""
    return [one.volume_percent for one in hub.zones().zones]


def test_it_shows_how_loud_each_is_and_what_is_set(house: House, hub: FakeHub) -> None:
    """Also a volume that is none of the usual steps; who is lost is not there."""
    page = house.logged_in().get(PAGE).text
    assert opened(page) == {"was-yard-3": "own", "was-yard-4": "75", "was-yard-5": "own"}
    assert '<option value="75" selected>75%' in page
    assert page.count("现在 80%") == 2
    assert page.count("联系不上") == 1


def test_only_what_was_changed_is_set(house: House, hub: FakeHub) -> None:
    """Though somebody else has set another meanwhile; names and groups stay, and the act is on record."""
    phone = house.logged_in()
    fields = opened(phone.get(PAGE).text)
    hub.arrange("yard-5", zone="五号院", groups=(), volume_percent=20)
    fields |= {"volume-yard-3": "60", "volume-yard-4": "own", "volume-yard-5": "own", "act": "each"}
    assert phone.send(PAGE, fields, page=PAGE).status_code == 303
    assert volumes_of(hub) == [60, None, 20, None]
    assert hub.all["yard-3"].groups == ("east",)
    assert "2 个小区的音量改好了" in phone.get(PAGE).text
    act = next(act for act in house.acts() if act.what == "zone_volumes.change")
    assert (act.old, act.new) == ("yard-3: own\nyard-4: 75%", "yard-3: 60%\nyard-4: own")


@pytest.mark.parametrize(("group", "volumes"), [("", [70, 70, 70, None]), ("east", [70, 70, None, None])])
def test_many_are_set_at_once(house: House, hub: FakeHub, group: str, volumes: list[int | None]) -> None:
    """All, or those of a group."""
    house.logged_in().send(PAGE, {"act": "many", "group": group, "volume": "70"}, page=PAGE)
    assert volumes_of(hub) == volumes


@pytest.mark.parametrize("given", ["0", "101", "x", "-5"])
def test_what_is_no_volume_sets_nothing(house: House, hub: FakeHub, given: str) -> None:
    """By either button."""
    phone = house.logged_in()
    for fields in ({"act": "many", "volume": given}, {"act": "each", "volume-yard-3": given}):
        assert phone.send(PAGE, fields, page=PAGE).status_code == 400
    assert volumes_of(hub) == [None, 75, None, None]


def test_what_the_hub_refuses_is_told_with_the_zone(house: House, hub: FakeHub) -> None:
    """The others are set."""
    phone = house.logged_in()
    hub.refuses = HubRefuses("没有这个小区", "there is no such zone")
    phone.send(PAGE, {"act": "each", "volume-yard-3": "60"}, page=PAGE)
    assert "三号院：没有这个小区" in phone.get(PAGE).text


def test_an_editor_sees_and_does_not_set(house: House, hub: FakeHub) -> None:
    """The buttons are not there."""
    editor = house.logged_in_as("editor")
    assert "都改成这样" not in editor.get(PAGE).text
    assert editor.send(PAGE, {"act": "many", "volume": "70"}, page=PAGE).status_code == 403


def test_saving_a_zones_settings_keeps_a_volume_that_is_no_step(house: House, hub: FakeHub) -> None:
    """It is among the choices of its page."""
    page = house.logged_in().get("/zones/yard/yard-4").text
    assert '<option value="75" selected>75%' in page
