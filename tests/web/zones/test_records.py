"""The records of all zones in one ledger, those that are missing named; on the page and in the table."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import msgspec
import pytest

from fleet.hub import protocol as p
from fleet.hub.inbox import KeptAiring, KeptNewer
from speaker.airing import Outcome
from tests.web.fakes import airing
from tests.web.house import NOON, House
from tests.web.zones.fake_hub import FakeHub, zone
from web.zones.kept import sums_of


def row(device: str, number: int, days_ago: int = 0, **changes: object) -> KeptAiring:
    """Return a row of that zone's log."""
    values: dict[str, object] = {"outcome": Outcome.AIRED}
    return KeptAiring(
        device=device, log="l", airing=airing(number, NOON - timedelta(days=days_ago), **(values | changes))
    )


@pytest.fixture
def hub(house: House) -> FakeHub:
    """Make the house a hub with three zones, of two of which there is something today."""
    hub = house.make_hub()
    hub.add(*(zone(f"yard-{number}", f"{number}号院", NOON) for number in (3, 4)))
    hub.add(zone("yard-5", "5号院", NOON, online=False, heard=NOON - timedelta(hours=3)))
    rows = (row("yard-3", 1, title="早安"), row("yard-4", 1, title="停水", outcome=Outcome.MISSED))
    hub.kept = p.Records(airings=rows, more=False)
    return hub


def test_a_day_of_all_zones_names_the_zone_of_each_row_and_those_that_lack(house: House, hub: FakeHub) -> None:
    """What is missing is said before what is there."""
    page = house.logged_in().get("/zones/records/").text
    assert page.index("1 个小区这一天的记录不全") < page.index("早安")
    lacking = page.split('id="lacking"')[1].split("</div>")[0]
    assert "5号院" in lacking
    assert "2026-06-03 09:00 起联系不上" in lacking
    assert "3号院" not in lacking
    assert "<small>3号院</small>" in page
    assert "<small>4号院</small>" in page


@pytest.mark.parametrize(
    ("asked", "there", "not_there"),
    [("zone=yard-3", "早安", "停水"), ("outcome=missed", "停水", "早安"), ("zone=yard-99", "早安", "没有播出记录")],
)
def test_a_part_is_looked_at(house: House, hub: FakeHub, asked: str, there: str, not_there: str) -> None:
    """One zone, one outcome; a zone that there is not is none."""
    page = house.logged_in().get(f"/zones/records/?{asked}").text
    assert there in page
    assert not_there not in page


def test_a_day_that_is_none_leads_to_today(house: House, hub: FakeHub) -> None:
    """And is told."""
    phone = house.logged_in()
    assert phone.get("/zones/records/?day=2026-02-31").status_code == 303
    assert "没有这一天" in phone.get("/zones/records/").text


def test_the_table_has_those_that_lack_above_its_headings_and_the_zone_first(house: House, hub: FakeHub) -> None:
    """No cell of it is a formula, whatever a zone is called."""
    hub.add(zone("yard-4", "=1+1", NOON))
    answer = house.logged_in().get("/zones/records/all.csv?month=2026-06")
    assert "zones-2026-06.csv" in answer.headers["Content-Disposition"]
    lines = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert lines[:3] == [
        ["还差这些小区的记录"],
        ["5号院", "2026-06-03 09:00 起联系不上，没有收到记录"],
        [],
    ]
    assert lines[3][:2] == ["小区", "日期"]
    assert [line[0] for line in lines[4:]] == ["3号院", "'=1+1"]


def test_more_than_the_hub_tells_at_a_time_is_asked_for(house: House, hub: FakeHub) -> None:
    """Until it has told all."""

    class InParts(FakeHub):
        def records(self, request: p.AskRecords) -> p.Records:
            told = super().records(msgspec.structs.replace(request, most=1))
            return p.Records(airings=told.airings, more=request.after + 1 < len(self.kept.airings))

    parts = InParts(house.clock, all=hub.all, kept=hub.kept)
    house.hubs.append(parts)
    page = house.logged_in().get("/zones/records/").text
    assert "早安" in page
    assert "停水" in page


def test_rows_of_a_later_version_are_counted_by_yard_and_hide_none_behind_them(house: House, hub: FakeHub) -> None:
    """The hub was taken back to this version: on the page, in the table, on the zone's own page, and asked for once."""
    asked = []

    class Mixed(FakeHub):
        def records(self, request: p.AskRecords) -> p.Records:
            asked.append(request)
            assert len(asked) < 10
            told = [KeptNewer(device="yard-4", day=NOON.date())] * 2 + list(self.kept.airings)
            some = told[request.after : request.after + 2]
            return p.Records(
                airings=tuple(one for one in some if isinstance(one, KeptAiring)),
                newer=tuple(one for one in some if isinstance(one, KeptNewer)),
                more=request.after + 2 < len(told),
            )

    mixed = Mixed(house.clock, all=hub.all, kept=hub.kept)
    house.hubs.append(mixed)
    phone = house.logged_in()
    page = phone.get("/zones/records/").text
    assert "2 个小区这一天的记录不全" in page
    assert "<li>4号院<small>有 2 条是新版本写的" in page
    assert "早安" in page
    assert "停水" in page
    lines = phone.get("/zones/records/all.csv?month=2026-06").data.decode("utf-8-sig").splitlines()
    assert lines[2].startswith("4号院,有 2 条是新版本写的")
    assert "有 2 条是新版本写的" in phone.get("/zones/yard/yard-4").text


def test_each_zone_is_counted_by_itself() -> None:
    """The same broadcast in two zones is two."""
    sums = sums_of([row("a", 1), row("b", 1), row("b", 2, outcome=Outcome.MISSED, broadcast="evening")])
    assert {device: (one.planned, one.of("aired")) for device, one in sums.items()} == {"a": (1, 1), "b": (2, 1)}
