"""What a page costs a phone at the edge of the Wi-Fi."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.e2e.visits import Visits

_COSTS = """(kind) => performance.getEntriesByType(kind).map(
  (one) => [new URL(one.name).pathname, one.transferSize, one.encodedBodySize, one.decodedBodySize])"""


def costs(page: Page, kind: str) -> dict[str, tuple[int, int, int]]:
    """Return for each path what came over the air, and how many bytes the content was before and after unpacking."""
    return {path: (air, packed, whole) for path, air, packed, whole in page.evaluate(_COSTS, kind)}


def test_the_second_page_costs_only_itself(visits: Visits) -> None:
    """Page, style sheet and script come compressed; what the first page brought is kept, without a question."""
    page = visits.phone()
    page.goto("/", wait_until="load")
    first = costs(page, "resource") | costs(page, "navigation")
    for path in ("/", "/static/panel.css", "/static/today.js"):
        _air, packed, whole = first[path]
        assert 0 < packed < whole / 2, path
    page.goto("/messages/", wait_until="load")
    _air, packed, whole = costs(page, "navigation")["/messages/"]
    assert 0 < packed < whole / 2
    again = {path: air for path, (air, _, _) in costs(page, "resource").items() if path in first}
    assert again == dict.fromkeys(("/static/panel.css", "/static/mark.svg"), 0)
