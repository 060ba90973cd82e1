"""Every page that the URL map has, in both languages, by day and by night, on a phone and on a desk."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page

from tests.e2e.courtyard import Courtyard
from tests.e2e.inspection import axe_faults, faults_of, shoot, too_wide
from tests.e2e.lived_in import live_in
from tests.e2e.visits import Visits
from tests.web.house import new_house

STRANGERS = ("account.", "residents.")  # pages of who is not logged in
OF_A_HUB = (
    "zones.",
    "zone_adding.",
    "zone_choice.",
    "zone_proposals.",
    "zone_records.",
    "zone_day.",
    "zone_volumes.",
    "zone_ledger.",
    "zone_loss.",
    "urgent.",
)  # see test_a_hub.py


@pytest.fixture(scope="module")
def addresses(browser: Browser, courtyard: Courtyard, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return every address of the panel that can be opened, by its endpoint, in a courtyard where people have been."""
    visits = Visits(browser, courtyard)
    made = live_in(visits.phone(), visits.phone(known=False), tmp_path_factory.mktemp("lived-in"), courtyard.folders)
    visits.end()
    return addresses_of(tmp_path_factory.mktemp("map"), made)


def addresses_of(folder: Path, made: dict[str, str]) -> dict[str, str]:
    """Return the addresses of all pages; ``made`` is what their variable parts may be."""
    urls = new_house(folder).app.url_map
    # A file, a sound, a job's state are parts of pages; the API is another matter.
    parts = {"static", "clips.wav", "recordings.wav", "residents.sound", "work.state"}
    opened = [rule for rule in urls.iter_rules() if "GET" in (rule.methods or ()) and rule.endpoint not in parts]
    rules = [rule for rule in opened if not rule.endpoint.startswith(("api.", *OF_A_HUB))]
    lacking = {name for rule in rules for name in rule.arguments} - set(made)
    assert not lacking, f"tests/e2e/lived_in.py makes nothing for {lacking}, so these pages are not looked at"
    adapter = urls.bind("localhost")
    return {
        rule.endpoint: adapter.build(rule.endpoint, {name: made[name] for name in rule.arguments}) for rule in rules
    }


@pytest.mark.parametrize(("language", "locale"), [("zh", "zh-CN"), ("en", "en-GB")])
def test_every_page_is_fit_for_a_phone_and_for_everybody(
    visits: Visits, addresses: dict[str, str], language: str, locale: str
) -> None:
    """No serious finding of axe-core by day or night, nothing wider than 360 px, nothing too small for a thumb."""
    known, unknown = visits.phone(locale=locale), visits.phone(locale=locale, known=False)
    found = []
    for endpoint, address in addresses.items():
        page = unknown if endpoint.startswith(STRANGERS) else known
        if not is_page(page, address):
            continue
        page.emulate_media(color_scheme="light")
        faults = faults_of(page)
        shoot(page, f"{language}/phone/{endpoint}")
        page.emulate_media(color_scheme="dark")
        faults += [f"dark: {one}" for one in axe_faults(page, "color-contrast")]
        shoot(page, f"{language}/dark/{endpoint}", fine=False)
        found += [f"{endpoint}: {one}" for one in faults]
    assert not found, "\n".join(found)


def test_every_page_fits_a_desk(visits: Visits, addresses: dict[str, str]) -> None:
    """Nothing is wider than the window."""
    known, unknown = visits.desk(), visits.desk(known=False)
    found = []
    for endpoint, address in addresses.items():
        page = unknown if endpoint.startswith(STRANGERS) else known
        if is_page(page, address):
            found += [f"{endpoint}: {one}" for one in too_wide(page)]
            shoot(page, f"zh/desktop/{endpoint}")
    assert not found, "\n".join(found)


def is_page(page: Page, address: str) -> bool:
    """Open ``address``; tell whether a page came, and not a table to take away or a line for a machine."""
    try:
        answer = page.goto(address)
    except Error as error:
        assert "Download is starting" in error.message
        return False
    assert answer is not None
    assert answer.status == 200, (address, answer.status)
    return answer.headers["content-type"].startswith("text/html")
