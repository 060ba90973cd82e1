"""Two people and one message: nobody's words are lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.acts import invite, press
from tests.e2e.inspection import shoot
from tests.e2e.visits import Visits

HERS, HIS = "出门请戴好口罩，回家请先洗手。", "早晚请开窗通风，每次半小时。"
SAVED = "已经保存，从下一次广播起就念新的。"


@pytest.fixture
def two(visits: Visits) -> tuple[Page, Page]:
    """Return the phones of two who may publish."""
    hers, his = visits.phone(), visits.phone(known=False)
    invite(hers, his, "李干事", "publisher")
    return hers, his


def test_a_stale_save_shows_both(two: tuple[Page, Page]) -> None:
    """Who comes second sees the words that are in use now, keeps his own, and decides."""
    hers, his = two
    for phone in two:
        phone.goto("/messages/what-to-do")
    write(hers, HERS)
    expect(hers.get_by_text(SAVED)).to_be_visible()
    write(his, HIS)
    both = his.locator(".note.bad")
    expect(both).to_contain_text("别人也改了这篇稿件")
    expect(both).to_contain_text(HERS)
    expect(his.get_by_label("要播的话")).to_have_value(HIS)
    shoot(his, "zh/phone/messages.edit, two versions")
    write(his, HIS)
    expect(his.get_by_text(SAVED)).to_be_visible()
    hers.goto("/messages/what-to-do/history")
    versions = hers.locator("article")
    expect(versions.nth(0)).to_contain_text("李干事")
    expect(versions.nth(1)).to_contain_text("王书记")


def write(phone: Page, words: str) -> None:
    """Write ``words`` into the message that is open, and save it."""
    phone.get_by_label("要播的话").fill(words)
    press(phone, "保存")
