"""A box is reported lost: asked first, then thrown off at once."""

from __future__ import annotations

from fleet.hub.client import HubRefuses
from fleet.hub.devices import Standing
from tests.web.house import NOON, House
from tests.web.zones.fake_hub import zone


def test_it_is_asked_first_and_done_on_the_second_page(house: House) -> None:
    """What it means is said; looking does nothing."""
    hub = house.make_hub()
    hub.add(zone("yard-3", "三号院", NOON))
    phone = house.logged_in()
    page = phone.get("/zones/yard/yard-3/lost/").text
    assert "挂失不能撤回" in page
    assert hub.asked == []
    assert phone.send("/zones/yard/yard-3/lost/", {}, "/zones/").status_code == 303
    assert hub.all["yard-3"].standing is Standing.LOST
    assert "已挂失" in phone.get("/zones/").text
    act = house.acts()[0]
    assert (act.what, act.target) == ("zone_loss.lose", "yard-3")


def test_a_hub_that_refuses_is_heard(house: House) -> None:
    """Nothing is said to be done."""
    hub = house.make_hub()
    hub.add(zone("yard-3", "三号院", NOON))
    hub.refuses = HubRefuses("现在不行", "not now")
    phone = house.logged_in()
    phone.send("/zones/yard/yard-3/lost/", {}, "/zones/")
    assert "现在不行" in phone.get("/zones/yard/yard-3").text


def test_a_zone_that_there_is_not_can_not_be_lost(house: House) -> None:
    """Its address leads nowhere."""
    house.make_hub()
    assert house.logged_in().get("/zones/yard/yard-9/lost/").status_code == 404
