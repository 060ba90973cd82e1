"""The language: the browser's at first, then the reader's choice."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.visits import Visits


def test_the_language_follows_the_browser_and_can_be_chosen(visits: Visits) -> None:
    """One touch changes it on the page where she is, and it stays."""
    page = visits.phone(locale="en-GB")
    page.goto("/messages/")
    expect(page.get_by_role("heading", name="Messages")).to_be_visible()
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("heading", name="稿件")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    page.goto("/records")
    expect(page.get_by_role("heading", name="播出记录")).to_be_visible()
