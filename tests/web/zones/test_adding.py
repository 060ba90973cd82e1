"""A zone is added: a ticket as a file or on the screen, then six digits, and in or not."""

from __future__ import annotations

import pytest

from fleet.hub.client import HubRefuses
from fleet.hub.devices import Standing
from tests.web.house import NOON, House
from tests.web.zones.fake_hub import FakeHub, zone

FIELDS = {"name": "yard-3", "zone": "三号院", "new_groups": "east"}


@pytest.fixture
def hub(house: House) -> FakeHub:
    """Make the house a hub at which a box asks to join."""
    hub = house.make_hub()
    asks = zone("yard-5", "五号院", NOON, standing=Standing.INVITED, online=False, digits="204816")
    hub.add(asks)
    return hub


def test_the_ticket_comes_as_the_file_that_the_guide_names(house: House, hub: FakeHub) -> None:
    """Nothing around it, and never kept by the browser."""
    answer = house.logged_in().send("/zones/add", FIELDS | {"way": "file"}, "/zones/add")
    assert answer.status_code == 200
    assert answer.text == '{"name":"yard-3"}'
    assert answer.headers["Content-Disposition"] == "attachment; filename=xiaolaba-join.json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert hub.asked == [("invite", "yard-3", "三号院", ("east",))]
    act = house.acts()[0]
    assert (act.what, act.target) == ("zone_adding.invite", "yard-3")


def test_the_ticket_is_shown_as_a_qr_code(house: House, hub: FakeHub) -> None:
    """With how long it holds, and its text for who can't scan."""
    page = house.logged_in().send("/zones/add", FIELDS | {"way": "screen"}, "/zones/add").text
    assert "<svg" in page.split('class="ticket"')[1].split("</div>")[0]
    assert "2026-06-04 12:00" in page
    assert "{&#34;name&#34;:&#34;yard-3&#34;}" in page


@pytest.mark.parametrize("name", ["", "三号", "a b", "all", "hub", "here", "x" * 33, "../x"])
def test_a_name_that_no_box_can_have_comes_back(house: House, hub: FakeHub, name: str) -> None:
    """The hub is asked nothing."""
    answer = house.logged_in().send("/zones/add", FIELDS | {"name": name}, "/zones/add")
    assert answer.status_code == 400
    assert "代号只能用" in answer.text
    assert hub.asked == []


def test_what_the_hub_refuses_comes_back_filled_in(house: House, hub: FakeHub) -> None:
    """In its own words."""
    hub.refuses = HubRefuses("现在不行", "not now")
    answer = house.logged_in().send("/zones/add", FIELDS, "/zones/add")
    assert answer.status_code == 409
    assert "现在不行" in answer.text
    assert 'value="三号院"' in answer.text


def test_a_box_that_is_replaced_keeps_its_name(house: House, hub: FakeHub) -> None:
    """The form comes filled in."""
    page = house.logged_in().get("/zones/add?name=yard-5").text
    assert 'value="yard-5"' in page
    assert 'value="五号院"' in page


def test_a_code_that_a_zone_has_is_not_given_to_another(house: House, hub: FakeHub) -> None:
    """Its name and its groups stay as they are; whose box is replaced is asked for on the page of that zone."""
    hub.add(zone("yard-3", "老三号院", NOON, groups=("west",)))
    phone = house.logged_in()
    answer = phone.send("/zones/add", FIELDS | {"way": "file"}, "/zones/add")
    assert answer.status_code == 409
    assert "代号 yard-3 已经是“老三号院”的了" in answer.text
    assert 'value="三号院"' in answer.text
    assert hub.asked == []
    page = "/zones/add?name=yard-3"
    assert 'name="replaces" value="yard-3"' in phone.get(page).text
    assert phone.send("/zones/add", FIELDS | {"replaces": "yard-3", "way": "file"}, page).status_code == 200
    assert hub.asked == [("invite", "yard-3", "三号院", ("east",))]


def test_a_group_that_is_called_wrongly_is_typed_again_and_not_ticked(house: House, hub: FakeHub) -> None:
    """It comes back in its field, to be mended there."""
    hub.add(zone("yard-4", "四号院", NOON, groups=("west",)))
    fields = FIELDS | {"group": "west", "new_groups": "北片"}
    shown = house.logged_in().send("/zones/add", fields, "/zones/add").text
    assert 'name="new_groups" value="北片"' in shown
    assert 'value="west" checked' in shown
    assert 'name="group" value="北片"' not in shown


def test_who_asks_is_first_on_the_list_with_its_digits(house: House, hub: FakeHub) -> None:
    """Above everything, in threes as the box shows them."""
    page = house.logged_in().get("/zones/").text
    assert page.index("204 816") < page.index('class="tiles"')
    assert "五号院的小喇叭要入网" in page


def test_who_is_no_installer_sees_who_asks_and_can_not_let_in(house: House, hub: FakeHub) -> None:
    """That there is somebody is told."""
    house.logged_in_as("installer")
    page = house.logged_in_as("publisher").get("/zones/").text
    assert "204 816" in page
    assert "/confirm" not in page


def test_the_box_is_let_in_by_the_digits_that_were_compared(house: House, hub: FakeHub) -> None:
    """Those of the page go with the button: has another box asked since, the hub refuses."""
    phone = house.logged_in()
    assert phone.send("/zones/yard/yard-5/confirm", {"digits": "204816"}, "/zones/").status_code == 303
    assert hub.all["yard-5"].standing is Standing.MEMBER
    assert "入网了" in phone.get("/zones/").text
    act = house.acts()[0]
    assert (act.what, act.target, act.new) == ("zone_adding.confirm", "yard-5", "")


def test_other_digits_let_nobody_in(house: House, hub: FakeHub) -> None:
    """The hub's sentence is shown."""
    phone = house.logged_in()
    phone.send("/zones/yard/yard-5/confirm", {"digits": "111111"}, "/zones/")
    assert hub.all["yard-5"].standing is Standing.INVITED
    assert "数字对不上" in phone.get("/zones/").text


def test_the_box_is_turned_away(house: House, hub: FakeHub) -> None:
    """It asks no more."""
    phone = house.logged_in()
    phone.send("/zones/yard/yard-5/turn-away", {}, "/zones/")
    assert hub.asked == [("turn-away", "yard-5")]
    page = phone.get("/zones/").text
    assert "没有让它入网" in page
    assert "204 816" not in page
