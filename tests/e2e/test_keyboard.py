"""A keyboard in the place of a finger: everything is reached, it is seen where one is, and the main act is done."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.acts import silence
from tests.e2e.visits import Visits

MOST = 80
# The focus shows by an outline: of the thing itself, of what stands for it beside it, or of the mark within it.
_FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) { return null; }
  const beside = [one.nextElementSibling, one.labels && one.labels[0], one.querySelector('.mark, .head')];
  const seen = [one, ...beside].filter(Boolean).some((part) => {
    const style = getComputedStyle(part);
    return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || parseFloat(style.strokeWidth) >= 3;
  });
  const box = one.getBoundingClientRect();
  return { name: (one.getAttribute('aria-label') || one.textContent || one.name || one.tagName).trim().slice(0, 40),
           main: one.matches('.main'), seen: seen || one.tagName === 'AUDIO' || one.tagName === 'SECTION',
           within: box.bottom > 0 && box.top < innerHeight };
}"""


def walk(page: Page) -> list[dict[str, object]]:
    """Press Tab until the page is through; return what had the focus, in order."""
    found: list[dict[str, object]] = []
    for _ in range(MOST):
        page.keyboard.press("Tab")
        focused = page.evaluate(_FOCUSED)
        if focused is None:
            return found
        found.append(focused)
    raise AssertionError(f"after {MOST} presses of Tab still within the page: {found[-3:]}")


@pytest.mark.parametrize(
    "address",
    ["/", "/say/", "/messages/", "/messages/stay-home", "/schedule/", "/schedule/at/morning", "/records", "/users/"],
)
def test_everything_is_reached_and_shows_it(visits: Visits, address: str) -> None:
    """Tab leads through the page and out again; where it is shows by a line, and is within the window."""
    page = visits.desk()
    page.goto(address)
    found = walk(page)
    assert len(found) > 5
    assert not [one["name"] for one in found if not one["seen"]], "no visible focus"
    assert not [one["name"] for one in found if not one["within"]], "the focus is out of sight"


def test_the_main_act_is_done_from_the_keyboard(visits: Visits) -> None:
    """Tab to the large button, and Enter plays; again, and it stops."""
    page = visits.desk()
    page.goto("/")
    press_main(page)
    expect(page.locator(".hero.now")).to_be_visible()
    press_main(page)
    expect(page.locator(".hero.now")).to_have_count(0)
    silence(page)


def press_main(page: Page) -> None:
    """Go by Tab to the page's main act, and press Enter."""
    for _ in range(MOST):
        page.keyboard.press("Tab")
        focused = page.evaluate(_FOCUSED)
        if focused and focused["main"]:
            page.keyboard.press("Enter")
            page.wait_for_load_state()
            return
    raise AssertionError("Tab does not lead to the main act")
