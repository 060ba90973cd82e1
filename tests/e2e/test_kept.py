"""What is typed into a message stays on the phone until the panel has it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Error, Page, expect

from tests.e2e.acts import press
from tests.e2e.inspection import shoot
from tests.e2e.visits import Visits

WORDS = "这是在楼道里写的，没有信号。"
OFFERED = "您上次在这台手机上写了这些，可能没有保存："


def lost_on_the_way(page: Page, address: str) -> None:
    """Write at ``address``, lose the Wi-Fi before it is saved, and come back when it is there again."""
    page.goto(address)
    if not page.get_by_label("标题").input_value():
        page.get_by_label("标题").fill("楼道")
    page.get_by_label("要播的话").fill(WORDS)
    page.context.set_offline(True)
    press(page, "保存")
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        page.goto(address)
    page.context.set_offline(False)
    page.goto(address)


@pytest.mark.parametrize("address", ["/messages/stay-home", "/messages/~new"])
def test_what_never_arrived_is_offered_and_then_saved(visits: Visits, address: str) -> None:
    """She goes on with it; once it is saved it is offered no more."""
    page = visits.phone()
    lost_on_the_way(page, address)
    expect(page.get_by_text(OFFERED)).to_be_visible()
    shoot(page, f"zh/phone/{address.replace('/', '.').strip('.')}, kept")
    page.get_by_role("button", name="接着写").click()
    expect(page.get_by_label("要播的话")).to_have_value(WORDS)
    press(page, "保存")
    expect(page.locator(".note.good").first).to_be_visible()
    page.goto(address)
    expect(page.get_by_text(OFFERED)).to_be_hidden()


def test_what_is_not_wanted_is_gone(visits: Visits) -> None:
    """The words in use stay in the form."""
    page = visits.phone()
    lost_on_the_way(page, "/messages/hotline")
    page.get_by_role("button", name="不要了").click()
    page.goto("/messages/hotline")
    expect(page.get_by_text(OFFERED)).to_be_hidden()
    expect(page.get_by_label("要播的话")).not_to_have_value(WORDS)
