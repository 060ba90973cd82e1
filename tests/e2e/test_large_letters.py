"""Letters set twice as large in the browser, as somebody with weak eyes has them on an old phone."""

from __future__ import annotations

from tests.e2e.inspection import too_wide
from tests.e2e.visits import Visits

TWICE = {"standard": 32, "fixed": 26}  # a browser's usual sizes are 16 and 13 px
# The time of a broadcast and what stands beside it.
_OVER_ONE_ANOTHER = """() => Array.from(document.querySelectorAll('.day .at')).filter((at) => {
  const range = document.createRange(), what = at.parentNode.querySelector('.what');
  range.selectNodeContents(at);
  const one = range.getBoundingClientRect(), other = what.getBoundingClientRect();
  return one.right > other.left + 1 && one.bottom > other.top + 1;
}).map((at) => at.textContent)"""


def test_letters_twice_as_large_are_shown_so_and_nothing_is_lost(visits: Visits) -> None:
    """They grow with the browser's own setting; nothing is wider than the phone, no time stands over its titles."""
    page = visits.phone()
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": TWICE})
    for address in ("/", "/messages/", "/schedule/", "/schedule/at/morning", "/records", "/settings/", "/more"):
        page.goto(address)
        assert page.evaluate("getComputedStyle(document.body).fontSize") == "36px"
        assert too_wide(page) == [], address
        assert page.evaluate(_OVER_ONE_ANOTHER) == [], address
