"""What a person does on the panel, by what she sees: words on buttons, labels of fields."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.courtyard import NAME, PASSWORD, Courtyard

PATIENCE_MS = 90_000
# Presses the button in the very look that finds it: the page takes it away when what sounds is over.
_STOP = """() => {
  const stop = Array.from(document.querySelectorAll('button')).find((one) => one.textContent.trim() === '停止');
  if (stop) { stop.click(); }
  return Boolean(stop);
}"""


def first_visit(page: Page, code: str, name: str = NAME) -> None:
    """Set the first password, or one's own, with a code, on the page for it."""
    page.get_by_label("开通码").fill(code)
    page.get_by_label("您的名字").fill(name)
    page.get_by_label("密码", exact=False).first.fill(PASSWORD)
    page.get_by_label("再输一次密码").fill(PASSWORD)
    page.locator("button.main").click()


def let_in(page: Page, courtyard: Courtyard) -> None:
    """Set the courtyard up and silence its first airing; who comes later comes with the cookies of this visit."""
    page.goto("/")
    page.locator("input[name=two_people]").uncheck()
    first_visit(page, courtyard.code)
    expect(page.get_by_role("heading", name="警苑小区")).to_be_visible()
    silence(page)
    page.context.storage_state(path=courtyard.cookies)


def press(page: Page, word: str) -> None:
    """Press the button that says exactly that; of several the last, where the main act is."""
    page.get_by_role("button", name=word, exact=True).last.click()


def silence(page: Page) -> None:
    """Stop what sounds, if anything does."""
    page.goto("/")
    if page.evaluate(_STOP):
        expect(page.get_by_text("停了。下一次广播照常。")).to_be_visible()


def until_at(page: Page, pattern: str) -> None:
    """Wait until the work that was begun is over and has led to an address with that in it."""
    page.wait_for_url(re.compile(pattern), timeout=PATIENCE_MS)


def invite(page: Page, other: Page, name: str, role: str) -> None:
    """Add somebody, and let them set their password on a phone of their own with the code that was shown."""
    page.goto("/users/")
    page.get_by_label("名字").last.fill(name)
    page.locator(f"input[name=role][value={role}]").check()
    press(page, "添加")
    other.goto("/first-visit")
    first_visit(other, page.locator("#code .code").inner_text(), name)
    expect(other.get_by_text(name)).to_be_visible()


def spoken(words: str, path: Path) -> Path:
    """Say ``words`` into a file as a phone would record it, by its name's ending."""
    said = path.with_suffix(".said.wav")
    subprocess.run(["espeak-ng", "-v", "cmn-latn-pinyin", "-s", "140", "-w", str(said), words], check=True)
    subprocess.run(["ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-i", str(said), str(path)], check=True)
    return path
