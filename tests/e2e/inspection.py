"""What every page is held to: axe-core, the width of a phone, the size of a thumb; and its picture."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from box.folders import share
from tests.thorough import run

SCREENSHOTS = share() / "build" / "screenshots"
EVERYDAY_PICTURES = ("zh/phone/", "zh/desktop/")
SERIOUS = frozenset({"serious", "critical"})

# 44 CSS pixels: WCAG 2.2, 2.5.5. A link within a sentence is as tall as its line: the standard excepts it.
_TOO_SMALL = """() => {
  const found = [];
  for (const one of document.querySelectorAll('a[href], button, input, select, textarea, summary')) {
    if (one.type === 'hidden' || one.closest('[aria-hidden=true]') || !one.checkVisibility()) { continue; }
    const siblings = Array.from(one.parentNode.childNodes);
    const inText = siblings.some((node) => node.nodeType === Node.TEXT_NODE && /\\p{L}/u.test(node.textContent));
    if (one.matches('a') && getComputedStyle(one).display === 'inline' && inText) { continue; }
    const touched = one.matches('[type=checkbox], [type=radio]') && one.labels.length ? one.labels[0] : one;
    const box = touched.getBoundingClientRect();
    if (box.width < 43.5 || box.height < 43.5) {
      const words = (one.getAttribute('aria-label') || one.textContent || one.name || '').trim().slice(0, 30);
      found.push(`${one.tagName.toLowerCase()} "${words}" ${box.width.toFixed(0)} × ${box.height.toFixed(0)}`);
    }
  }
  return found;
}"""
_TOO_WIDE = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) { return []; }
  return Array.from(document.querySelectorAll('body *'))
    .filter((one) => one.getBoundingClientRect().right > room + 1)
    .map((one) => one.outerHTML.slice(0, 80))
    .slice(0, 5);
}"""


def faults_of(page: Page) -> list[str]:
    """Return what is wrong with the page as it stands: too wide, too small to touch, or found by axe-core."""
    return [
        *too_wide(page),
        *(f"too small: {one}" for one in page.evaluate(_TOO_SMALL)),
        *axe_faults(page),
    ]


def too_wide(page: Page) -> list[str]:
    """Return what reaches beyond the window, where anything does."""
    return [f"too wide: {one}" for one in page.evaluate(_TOO_WIDE)]


def axe_faults(page: Page, *rules: str) -> list[str]:
    """Return axe-core's serious and critical findings; of ``rules`` only, if any are named."""
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = {"type": "rule", "values": list(rules)}
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("(options) => axe.run(document, options)", options)["violations"]
    return [
        f"{one['id']}: {node['html'][:140]} {_numbers(node)}"
        for one in found
        if one["impact"] in SERIOUS
        for node in one["nodes"]
    ]


def shoot(page: Page, name: str, *, fine: bool = True) -> None:
    """Write the page as it looks, whole, to where a person can look; ``fine``: with every dot of a phone.

    Each day in Chinese and by day; in English and by night too where the slow tests are asked for.
    """
    if run.is_quick and not name.startswith(EVERYDAY_PICTURES):
        return
    path = SCREENSHOTS / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    before = page.viewport_size
    assert before is not None
    # The bars stand at the bottom of what is seen: all of it is to be seen, or they would stand across its middle.
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": before["width"], "height": max(height, before["height"])})
    page.screenshot(path=path, animations="disabled", scale="device" if fine else "css")
    page.set_viewport_size(before)


def _numbers(node: dict[str, Any]) -> str:
    """Return the contrast that was found, where it was that."""
    data = next((check.get("data") for check in node.get("any", []) if isinstance(check.get("data"), dict)), None)
    return f"({data.get('contrastRatio')} of {data.get('expectedContrastRatio')})" if data else ""
