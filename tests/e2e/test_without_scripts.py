"""An old phone's browser that runs no script: log in, edit, save, play, stop."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.acts import press
from tests.e2e.courtyard import NAME, PASSWORD
from tests.e2e.visits import Visits

WORDS = "各位居民，今天一切平稳。"


def test_everything_essential_works_with_scripts_off(visits: Visits) -> None:
    """Pages that wait come again by themselves; each act answers with a page that says what was done."""
    page = visits.phone(known=False, scripts=False)
    page.goto("/")
    page.get_by_label("您的名字").fill(NAME)
    page.get_by_label("密码").fill(PASSWORD)
    press(page, "登录")
    expect(page.get_by_text("今天的广播")).to_be_visible()

    page.goto("/messages/today")
    page.get_by_label("要播的话").fill(WORDS)
    press(page, "保存")
    expect(page.get_by_text("已经保存，从下一次广播起就念新的。")).to_be_visible()
    page.goto("/messages/")
    expect(page.locator("#m-today")).to_contain_text(WORDS)

    page.goto("/")
    page.get_by_role("button", name=re.compile("^现在播放")).click()
    expect(page.get_by_text("开始播了。")).to_be_visible()
    expect(page.locator(".hero.now")).to_be_visible()
    press(page, "停止")
    expect(page.get_by_text("停了。下一次广播照常。")).to_be_visible()
    expect(page.locator(".hero.now")).to_have_count(0)
