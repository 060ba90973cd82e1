"""The new words are heard at the next cue: the recording of the card against the clip. Last, since a minute is long."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.first_day import NEW, TIMES, FirstDay
from tests.e2e.inspection import shoot

LATE_NS = 5_000_000_000  # on a machine that many share; bench/start.py measures what it is on one of its own


def test_new_words_are_heard_at_the_next_cue(first_day: FirstDay) -> None:
    """The card sounds the clip of the new words, sample by sample, at the minute she chose, and the old no more."""
    expect(first_day.page.get_by_text("已播", exact=True)).to_be_visible(timeout=200_000)
    card = first_day.courtyard.card
    heard = card.recorded()
    assert heard.count(first_day.new) == TIMES
    assert heard.find(first_day.old, first_day.before) == -1
    late_ns = card.sounded_at_ns(heard.index(first_day.new) // 2) - first_day.due.timestamp() * 1e9
    assert abs(late_ns) < LATE_NS


def test_the_words_were_on_her_screen_while_they_sounded(first_day: FirstDay) -> None:
    """The page of today, which was open, showed them by itself; the records have them word for word."""
    page = first_day.page
    expect(page.get_by_text("已播", exact=True)).to_be_visible(timeout=200_000)
    assert first_day.was_shown()
    page.goto("/records")
    page.locator("summary", has_text="口号").last.click()
    expect(page.locator("details[open] .said")).to_contain_text(NEW)
    shoot(page, "zh/phone/records.show, the words")
