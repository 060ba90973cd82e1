"""The first visit, with the code that was printed at the box."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from tests.e2e.acts import first_visit
from tests.e2e.first_day import NEW, FirstDay
from tests.e2e.visits import Visits


def test_the_code_works_once(browser: Browser, first_day: FirstDay) -> None:
    """Who comes second with it sets nothing."""
    visits = Visits(browser, first_day.courtyard)
    stranger = visits.phone(known=False)
    stranger.goto("/first-visit")
    first_visit(stranger, first_day.courtyard.code, "外人")
    expect(stranger.locator(".note.bad")).to_be_visible()
    visits.end()


def test_what_she_saved_is_published(first_day: FirstDay) -> None:
    """At once, and nothing has to be put on air for it."""
    [message] = first_day.courtyard.published().messages
    assert message.text == NEW
    assert first_day.new != first_day.old
