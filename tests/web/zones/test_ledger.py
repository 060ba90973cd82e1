"""A month of all yards in one ledger: as a page to print and as a workbook, each with what is missing at its top."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fleet.hub import protocol as p
from speaker.airing import Outcome, Reason
from tests.web.house import NOON, House
from tests.web.records.test_workbook import sheets_of
from tests.web.zones.fake_hub import FakeHub, zone
from tests.web.zones.test_records import row

JOINED = NOON - timedelta(days=60)


@pytest.fixture
def hub(house: House) -> FakeHub:
    """Make the house a hub with three yards: one aired, one missed and paged, one has not been heard of for days."""
    house.publish()
    hub = house.make_hub()
    hub.add(*(zone(f"yard-{number}", f"{number}号院", JOINED, heard=NOON) for number in (2, 10)))
    hub.add(zone("yard-3", "=1+1", JOINED, online=False, heard=NOON - timedelta(days=2)))
    rows = (
        row("yard-10", 1, title="早安"),
        row("yard-2", 1, title="早安", outcome=Outcome.MISSED, reason=Reason.TOO_LATE, frames_played=0),
        row("yard-2", 2, title="停水", priority="page", origin="panel", broadcast=None, due=None),
    )
    hub.kept = p.Records(airings=rows, more=False)
    return hub


def test_the_page_to_print_names_what_is_missing_first(house: House, hub: FakeHub) -> None:
    """Since when; then each yard's totals, then what was not as planned, then the words of that."""
    page = house.logged_in().get("/zones/records/ledger/?month=2026-06").text
    lacking = page.split('id="lacking"')[1].split("</section>")[0]
    assert "<b>=1+1</b> 2026-06-01 12:00 起联系不上，没有收到记录" in lacking
    assert page.index('id="lacking"') < page.index('id="sums"') < page.index('id="yards"') < page.index('id="log"')
    log = page.split('id="log"')[1].split("</section>")[0]
    assert log.index("早安") < log.index("停水")
    assert "10号院" not in log
    assert "按计划播完的没有逐次列出，一共 1 次" in log
    assert page.index("<td>2号院</td>") < page.index("<td>10号院</td>")


def test_every_airing_is_on_it_where_that_is_wished(house: House, hub: FakeHub) -> None:
    """Each with its yard; how much paper it takes is told before."""
    phone = house.logged_in()
    assert "每一次都列出来（3 次，约 2 张纸）" in phone.get("/zones/records/ledger/?month=2026-06").text
    log = phone.get("/zones/records/ledger/?month=2026-06&rows=all").text.split('id="log"')[1]
    assert "10号院" in log


def test_one_yards_month_is_its_alone(house: House, hub: FakeHub) -> None:
    """And only it may be missing."""
    page = house.logged_in().get("/zones/records/ledger/?month=2026-06&zone=yard-2").text
    assert "10号院" not in page
    assert "各小区的记录都到齐了" in page


def test_the_workbook_has_it_at_the_top_of_both_lists(house: House, hub: FakeHub) -> None:
    """Each yard is a line of the first sheet, each airing one of the second, and no cell is a formula."""
    answer = house.logged_in().get("/zones/records/ledger/all.xlsx?month=2026-06")
    assert "filename=zones-ledger-2026-06.xlsx" in answer.headers["Content-Disposition"]
    sheets = sheets_of(answer.data)
    assert list(sheets) == ["各小区", "台账", "合计", "原话"]
    title, note, who, heads, *yards = sheets["各小区"]
    assert title[0] == "警苑小区各小区播出台账 2026年6月"
    assert (note[0], who[0]) == ("还差这些小区的记录", "=1+1：2026-06-01 12:00 起联系不上，没有收到记录")
    assert heads[:2] == ["小区", "应播"]
    assert [line[0] for line in yards[:3]] == ["2号院", "10号院", "=1+1"]
    assert yards[2][-1] == "2026-06-01 12:00 起联系不上，没有收到记录"
    __, note, heads, *rows = sheets["台账"]
    assert note[0] == "还差记录的小区，见第一页：=1+1"
    assert heads[:3] == ["序号", "小区", "日期"]
    assert [(line[1], line[5], line[11]) for line in rows] == [
        ("2号院", "早安 [1]", "漏播"),
        ("2号院", "停水 [2]", "已播"),
        ("10号院", "早安 [1]", "已播"),
    ]
    assert ["应播（次）", "2"] in sheets["合计"]


def test_a_month_that_is_none_leads_to_the_records(house: House, hub: FakeHub) -> None:
    """Page and workbook alike."""
    phone = house.logged_in()
    for address in ("/zones/records/ledger/", "/zones/records/ledger/all.xlsx"):
        assert phone.get(f"{address}?month=2026-13").status_code == 303
        assert phone.get(address).status_code == 200
