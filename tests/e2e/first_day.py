"""The first day: a courtyard set up with the code, a slogan changed, and its broadcast moved to the coming minute.

A minute is long: the day begins before the other stories are told, and what was heard is looked at after them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from box.clock import SystemClock
from tests.e2e.acts import first_visit, press, silence
from tests.e2e.courtyard import Courtyard
from tests.e2e.inspection import shoot

AHEAD = timedelta(seconds=40)  # to save the new time and have the speaker take it, on a busy machine
TIMES = 5  # with their gaps longer than several of the page's looks, which come every three seconds
OLD, NEW = "天气冷。", "喝开水。"
_PROGRAMME = f"""\
version: 1
zone: 警苑小区
timezone: ZONE
voice: cmn-latn-pinyin
volume: 100
messages:
  slogan: {{title: 口号, text: {OLD}}}
broadcasts:
  daily: {{at: "AT", messages: [slogan], chime: false, repeat: {TIMES}, gap_seconds: 3}}
"""
# Notes on the page that it showed the words as they sounded, whoever looks at it when.
_NOTICE = """(words) => {
  window.shown = 'no';
  new MutationObserver(() => {
    const now = document.querySelector('.hero.now');
    if (now && now.textContent.includes(words)) { window.shown = 'yes'; }
  }).observe(document.body, { childList: true, subtree: true });
}"""


@dataclass(frozen=True)
class FirstDay:
    """What she did, and what is to come of it: her page of today, the samples of both wordings, the due instant.

    ``before`` is how much the card had sounded when the new words were saved, in bytes.
    """

    courtyard: Courtyard
    page: Page
    due: datetime
    old: bytes
    new: bytes
    before: int

    def was_shown(self) -> bool:
        """Tell whether the page of today has shown the new words while they sounded."""
        return bool(self.page.evaluate("() => window.shown === 'yes'"))


def programme_for_later(zone: str) -> str:
    """Return a programme for that time zone that has nothing due for hours."""
    far = SystemClock().now().astimezone(ZoneInfo(zone)) + timedelta(hours=12)
    return _PROGRAMME.replace("AT", f"{far:%H:%M}").replace("ZONE", zone)


def begin(courtyard: Courtyard, page: Page, zone: str) -> FirstDay:
    """Do what she does on the first day in that time zone, and leave the page of today open."""
    set_up(page, courtyard.code)
    old = courtyard.samples(courtyard.published().messages[0].clip)
    change_words(page)
    new = courtyard.samples(courtyard.published().messages[0].clip)
    before = len(courtyard.card.recorded())
    due = change_time(page, ZoneInfo(zone))
    page.goto("/")
    page.evaluate(_NOTICE, NEW)
    return FirstDay(courtyard, page, due, old, new, before)


def set_up(page: Page, code: str) -> None:
    """Set the password: a wrong code does nothing, the right one lets her in."""
    page.goto("/")
    expect(page.get_by_role("heading", name="开通小喇叭")).to_be_visible()
    shoot(page, "zh/phone/account.first_visit, the first")
    first_visit(page, "0000-0000" if code != "0000-0000" else "1111-1111")
    expect(page.locator(".note.bad")).to_be_visible()
    first_visit(page, code)
    expect(page.get_by_role("heading", name="警苑小区")).to_be_visible()
    silence(page)


def change_words(page: Page) -> None:
    """Write the new slogan and save it."""
    page.goto("/messages/")
    page.get_by_role("link", name="口号").click()
    page.get_by_label("要播的话").fill(NEW)
    press(page, "保存")
    expect(page.get_by_text("已经保存，从下一次广播起就念新的。")).to_be_visible()


def change_time(page: Page, zone: ZoneInfo) -> datetime:
    """Move the broadcast to the next minute for which there is time enough; return it."""
    page.goto("/schedule/")
    page.locator("ul.lines a", has_text="口号").click()
    soon = SystemClock().now().astimezone(zone) + AHEAD
    due = soon.replace(second=0, microsecond=0) + timedelta(minutes=1)
    page.get_by_label("几点播").fill(f"{due:%H:%M}")
    press(page, "保存")
    expect(page.locator(".note.good")).to_be_visible()
    return due
