"""各小区 on a hub: the list and one zone's page. Elsewhere there is no such page."""

from __future__ import annotations

import re
from datetime import time, timedelta

import pytest

from fleet.hub import protocol as p
from fleet.hub.client import HubRefuses
from fleet.hub.devices import Standing
from fleet.hub.inbox import KeptAiring, KeptReport
from fleet.wire.accounts import DeviceState, Report, What
from fleet.wire.documents import SharedMessage, SharedProgramme, Travels
from fleet.wire.topics import Inward
from programme.model import Broadcast
from programme.publication import PublishedMessage
from speaker.airing import Outcome
from speaker.condition import Alarm
from tests.web.fakes import airing
from tests.web.house import NOON, House
from tests.web.zones.fake_hub import FakeHub, zone

SAID = PublishedMessage(
    id="c-water",
    title="停水通知",
    text="三号院的居民请注意，明天停水。",
    clip="ab" * 32,
    frames=48_000,
    voice="v",
    engine="e",
    stand_in=False,
)
SHARED = SharedProgramme(
    revision="r1",
    published=NOON,
    zone="三号院",
    messages=(SharedMessage(message=SAID, travels=Travels(sha256="cd" * 32, size=1000)),),
    broadcasts=(Broadcast(id="c-morning", at=time(7, 30), messages=("c-water",)),),
)


@pytest.fixture
def hub(house: House) -> FakeHub:
    """Make the house a hub with two zones, one of them gone."""
    hub = house.make_hub()
    gone = DeviceState(online=False)
    hub.add(
        zone("yard-3", "三号院", NOON, groups=("east",)),
        zone("yard-4", "四号院", NOON, online=False, state=gone, heard=NOON - timedelta(hours=2)),
    )
    return hub


def test_a_box_that_is_no_hub_has_no_such_page(house: House) -> None:
    """Nor a way to it."""
    phone = house.logged_in()
    assert "各小区" not in phone.get("/more").text
    answer = phone.get("/zones/")
    assert answer.status_code == 404
    assert "不是总站" in answer.text


def test_the_list_has_the_worst_first(house: House, hub: FakeHub) -> None:
    """Who is offline stands before who is well, with since when; above them all are counted by state."""
    phone = house.logged_in()
    assert "各小区" in phone.get("/more").text
    page = phone.get("/zones/").text
    tiles = page.split('class="tiles"')[1]
    assert tiles.index("四号院") < tiles.index("三号院")
    counts = re.findall(r"state=(\w+)\"[^>]*>\S+ <b>(\d+)</b>", page)
    assert counts == [("offline", "1"), ("behind", "2"), ("well", "1")]
    assert "10:00 起联系不上" in page
    assert "音量 80%" in page


def test_how_far_an_edit_has_come_names_the_missing(house: House, hub: FakeHub) -> None:
    """As long as one does not say it."""
    state = DeviceState(online=True, card="card", revision="r1")
    hub.add(zone("yard-3", "三号院", NOON, state=state))
    page = house.logged_in().get("/zones/").text
    assert "2 个小区里 1 个用上了" in page
    assert "还差：四号院" in page


@pytest.mark.parametrize(
    ("asked", "there", "not_there"),
    [
        ("q=三号", "三号院", "四号院"),
        ("group=east", "三号院", "四号院"),
        ("state=offline", "四号院", "三号院"),
        ("state=no-such", "三号院", "没有找到"),
        ("q=九号", "没有找到", "三号院"),
    ],
)
def test_a_zone_is_looked_for(house: House, hub: FakeHub, asked: str, there: str, not_there: str) -> None:
    """By a form that needs no script."""
    tiles = house.logged_in().get(f"/zones/?{asked}").text.split('class="counts"')[1]
    assert there in tiles
    assert not_there not in tiles


def test_a_hub_that_does_not_answer_says_so(house: House, hub: FakeHub) -> None:
    """In its own sentence, on a page of the panel."""
    hub.away = True
    answer = house.logged_in().get("/zones/")
    assert answer.status_code == 503
    assert "总站没有运行" in answer.text


def test_a_broker_that_is_down_is_told(house: House, hub: FakeHub) -> None:
    """And what the hub has to say."""
    hub.state = p.HubState(
        broker=False,
        hosts=(),
        broker_port=1,
        https_port=2,
        root="",
        root_is_here=True,
        keys_serial=1,
        revision="",
        alarms=(Alarm(code="hub-broker", zh="消息服务意外停了", en="the broker ended"),),
    )
    page = house.logged_in().get("/zones/").text
    assert "消息服务没有运行" in page
    assert "消息服务意外停了" in page


def test_one_zones_page_has_its_day_its_reports_and_its_records(house: House, hub: FakeHub) -> None:
    """What it was ordered to say today, at its time, with the words; what became of orders; what was heard."""
    hub.programmes["yard-3"] = p.Issued(programme=SHARED, issued=NOON, waiting=("hotline", "gone"))
    why = Report(of=7, channel=Inward.PROGRAMME, what=What.APPLIED, at=NOON, revision="r1")
    hub.told = p.Reports(reports=(KeptReport(device="yard-3", report=why, received=NOON),))
    rows = (KeptAiring(device="yard-3", log="l", airing=airing(1, NOON, title="早安", outcome=Outcome.AIRED)),)
    hub.kept = p.Records(airings=rows, more=False)
    page = house.logged_in().get("/zones/yard/yard-3").text
    assert re.search(r'class="at">07:30.*?停水通知', page, re.DOTALL)
    assert SAID.text in page
    assert "还在准备，没有发给它：监督举报电话、gone" in page
    assert "用上了" in page
    assert "早安" in page


def test_a_zone_that_there_is_not(house: House, hub: FakeHub) -> None:
    """Is not found."""
    assert house.logged_in().get("/zones/yard/yard-9").status_code == 404


def test_what_began_microseconds_early_began_on_the_minute(house: House, hub: FakeHub) -> None:
    """A clip that is due at 12:00 and whose first sample sounded 14 µs before was not said at 11:59."""
    began = NOON - timedelta(microseconds=14)
    row = airing(1, began, due=NOON, started=began, outcome=Outcome.AIRED)
    hub.kept = p.Records(airings=(KeptAiring(device="yard-3", log="l", airing=row),), more=False)
    page = house.logged_in().get("/zones/yard/yard-3").text
    assert '<span class="at">12:00<' in page


def test_its_settings_are_changed_and_on_record(house: House, hub: FakeHub) -> None:
    """Its name in words, its groups, old and new ones, and its volume."""
    fields = {"zone": " 三号大院 ", "group": "east", "new_groups": "Big，old", "volume": "60"}
    answer = house.logged_in().send("/zones/yard/yard-3", fields, "/zones/yard/yard-3")
    assert answer.status_code == 303
    assert hub.asked == [("arrange", "yard-3", "三号大院", ("big", "east", "old"), 60)]
    act = house.acts()[0]
    assert (act.what, act.target) == ("zones.arrange", "yard-3")
    assert "三号院" in act.old
    assert "三号大院" in act.new


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"zone": ""}, "请写小区的名字"),
        ({"zone": "字" * 500}, "请写小区的名字"),
        ({"zone": "院", "new_groups": "东边"}, "分组只能用小写字母"),
        ({"zone": "院", "new_groups": " ".join(f"g{number}" for number in range(21))}, "最多在 20 个组里"),
        ({"zone": "院", "volume": "101"}, "请选一个音量"),
    ],
)
def test_what_can_not_be_set_comes_back_filled_in(
    house: House, hub: FakeHub, fields: dict[str, str], told: str
) -> None:
    """The hub is asked nothing."""
    answer = house.logged_in().send("/zones/yard/yard-3", fields, "/zones/yard/yard-3")
    assert answer.status_code == 400
    assert told in answer.text
    assert f'value="{fields["zone"]}"' in answer.text
    assert hub.asked == []


def test_what_the_hub_refuses_is_told(house: House, hub: FakeHub) -> None:
    """In its own words."""
    hub.refuses = HubRefuses("现在不行", "not now")
    phone = house.logged_in()
    phone.send("/zones/yard/yard-3", {"zone": "院"}, "/zones/yard/yard-3")
    assert "现在不行" in phone.get("/zones/").text


def test_who_may_not_set_or_add_is_not_offered_it(house: House, hub: FakeHub) -> None:
    """An editor looks, a publisher sets, an installer lets in and throws off."""
    house.logged_in_as("installer")  # so that nobody stands in for one
    pages = {role: house.logged_in_as(role).get("/zones/yard/yard-3").text for role in ("editor", "publisher")}
    assert 'name="zone"' not in pages["editor"]
    assert 'name="zone"' in pages["publisher"]
    assert "挂失" not in pages["publisher"]
    assert "挂失" in house.logged_in_as("installer").get("/zones/yard/yard-3").text


def test_a_lost_one_can_not_be_set(house: House, hub: FakeHub) -> None:
    """It belongs here no more."""
    hub.add(zone("yard-5", "五号院", NOON, standing=Standing.LOST, online=False))
    assert 'name="zone"' not in house.logged_in().get("/zones/yard/yard-5").text
