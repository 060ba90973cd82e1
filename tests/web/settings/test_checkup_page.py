"""What doctor finds is on the panel too, in the reader's language, and the board's troubles are on Today."""

from __future__ import annotations

from datetime import timedelta

import pytest

from box.checkup import Finding, keep_checkup
from box.sentences import Sentence
from tests.web.house import House

WEAK = Finding(
    "supply", "wrong", Sentence("电压太低", "the voltage is low"), Sentence("换原装电源", "use its own supply")
)
NO_PINS = Finding("pins", "note", Sentence("没有设置引脚", "no pins are set"))
DISK = Finding("disk", "good", Sentence("磁盘还有 900 MB", "disk: 900 MB left"))
UNIT = Finding("unit", "wrong", Sentence("服务没有运行", "a unit is not running"))


def look(house: House, *findings: Finding, hours_ago: float = 0.0) -> None:
    """Let the machine have been looked at."""
    keep_checkup(house.installed_checkup, findings, house.clock.now() - timedelta(hours=hours_ago))


def test_every_finding_is_shown_with_its_mend_the_worst_first(house: House) -> None:
    """And when it was looked."""
    look(house, DISK, NO_PINS, WEAK)
    page = house.logged_in().get("/settings/checkup").text
    order = [
        page.index(words)
        for words in ("电压太低。", "换原装电源。", "没有设置引脚。", "磁盘还有 900 MB。", "2026-06-03 12:00")
    ]
    assert order == sorted(order)
    phone = house.logged_in()
    phone.send("/language", {"language": "en", "return_to": "/"}, "/settings/")
    assert "Use its own supply." in phone.get("/settings/checkup").text


@pytest.mark.parametrize("content", [None, "", "{", '{"at": 1}', "[" * 70_000])
def test_before_anybody_looked_it_says_how_to(house: House, content: str | None) -> None:
    """Also where what was kept can't be read."""
    if content is not None:
        house.installed_checkup.write_text(content, encoding="utf-8")
    page = house.logged_in().get("/settings/checkup").text
    assert "xiaolaba doctor" in page
    assert house.logged_in().get("/").status_code == 200


@pytest.mark.parametrize(("hours_ago", "told"), [(1, True), (4, False)])
def test_today_tells_of_the_board_and_the_storage(house: House, hours_ago: float, told: bool) -> None:
    """Of the rest it tells otherwise; and of nothing that was hours ago."""
    look(house, WEAK, UNIT, DISK, hours_ago=hours_ago)
    page = house.logged_in().get("/").text
    assert ("电压太低" in page) is told
    assert "服务没有运行" not in page
