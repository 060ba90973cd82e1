"""The installer's contacts on the panel: how they stand, and a warning before their message is taken away."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from box.settings import Contact, Settings
from speaker.airing import Reason
from speaker.condition import ContactStatus
from tests.web.fakes import airing
from tests.web.house import NOON, House

AT_REST = ContactStatus(
    name="消防主机", message="stay", title="守好阵地", priority="emergency", line="rest", most=30, active=NOON
)
BOUND = Contact(name="消防主机", pin=5, message="stay", priority="emergency", occasion="火警")
LOST = Contact(name="水浸开关", pin=6, message="flood")


def today(house: House, *contacts: ContactStatus) -> str:
    """Return the page of today with those contacts."""
    house.publish()
    house.speaker.contacts = contacts
    return house.logged_in().get("/").text


def install(house: House, *contacts: Contact) -> None:
    """Let the installer have bound those."""
    panel = house.app.extensions["xiaolaba"]
    installed = replace(panel.installed, settings=Settings(contacts=contacts))
    house.app.extensions["xiaolaba"] = replace(panel, installed=installed)


def test_a_contact_at_rest_is_told_quietly(house: House) -> None:
    """Its name, what it has said, how it is; where there are none, nothing."""
    page = today(house, AT_REST)
    for words in ("消防主机", "守好阵地", "平时状态"):
        assert words in page
    assert "外接开关“消防主机”" not in page
    house.speaker.contacts = ()
    assert "外接开关" not in house.logged_in().get("/").text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"line": "active", "call": "calling", "said": 0}, "<p>触发中。</p>"),
        ({"line": "active", "call": "calling", "said": 2}, "触发中，播过 2 遍"),
        ({"line": "active", "call": "calling", "hindrance": Reason.QUIET_HOURS}, "现在播不了：在安静时段里"),
        ({"line": "active", "call": "silenced"}, "有人停了播放"),
        ({"line": "active", "call": "used-up", "said": 30}, "已播满 30 遍"),
        ({"line": "active", "call": "stuck"}, "可能卡住了"),
        ({"line": "cut", "call": "calling", "said": 1}, "断线，触发中"),
        ({"wants_testing": True, "active": None}, "从没有触发过"),
        ({"wants_testing": True, "active": NOON - timedelta(days=40)}, "40 天没有触发过"),
    ],
)
def test_what_a_person_should_see_stands_on_top(house: House, changes: dict[str, object], words: str) -> None:
    """By its name, with what it means."""
    page = today(house, msgspec.structs.replace(AT_REST, **changes))
    top = page[page.index("外接开关“消防主机”") :]
    assert words in top[: top.index("</div>")]


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"line": "cut"}, "断线"), ({"line": "short"}, "短路"), ({"chatters": True}, "时通时断")],
)
def test_a_fault_of_its_wires_is_told_once_on_top(house: House, changes: dict[str, object], words: str) -> None:
    """As the speaker's alarm; the list of the contacts has the word for it."""
    page = today(house, msgspec.structs.replace(AT_REST, **changes))
    assert "外接开关“消防主机”" not in page
    assert words in page[page.index('id="contacts"') :]


@pytest.mark.parametrize("way", ["archive", "withdraw"])
@pytest.mark.parametrize("away", [False, True])
def test_who_takes_its_message_away_is_told_before(house: House, way: str, away: bool) -> None:
    """By what the speaker tells; while it is away, by the settings that the panel read."""
    house.publish()
    house.speaker.contacts, house.speaker.away = (AT_REST,), away
    install(house, BOUND)
    phone = house.logged_in()
    page = phone.get(f"/messages/stay/{way}").text
    assert "外接开关“消防主机”触发时就播这一篇" in page
    assert "外接开关" not in phone.get(f"/messages/hotline/{way}").text


def test_its_page_says_who_has_it_said(house: House) -> None:
    """So that nobody gives it an end of its dates without knowing."""
    house.speaker.contacts = (AT_REST,)
    page = house.logged_in().get("/messages/stay").text
    assert "外接开关“消防主机”触发时就播这一篇" in page


def test_the_help_says_what_to_do_when_it_sounds_by_itself(house: House) -> None:
    """Where something is wired that can make it."""
    assert "外接开关" not in house.phone().get("/help/").text
    install(house, BOUND)
    assert "误报就点“停止”" in house.phone().get("/help/").text


def test_publishing_without_a_bound_message_says_so(house: House) -> None:
    """At once, not when it burns."""
    install(house, BOUND, LOST)
    phone = house.logged_in()
    work = phone.send("/on-air", {}, page="/").location
    house.jobs.run_waiting()
    page = phone.get(phone.get(work).location).text
    assert "水浸开关" in page
    assert "flood" in page
    assert "“消防主机”要播的稿件" not in page


def test_the_records_name_the_contact_and_what_it_did(house: House) -> None:
    """A row that is no airing is noted; the ledger counts no broadcast for it."""
    noted = {"broadcast": None, "priority": "emergency", "origin": "contact", "who": "消防主机", "said": ()}
    house.speaker.airings = (
        airing(1, NOON, outcome="noted", reason=Reason.CONTACT_ACTIVE, frames_played=0, **noted),
        airing(2, NOON, **(noted | {"said": airing(0, NOON).said, "occasion": "消防主机报火警"})),
    )
    phone = house.logged_in()
    page = phone.get("/records").text
    for words in ("消防主机", "外接开关触发了", "记下了", "消防主机报火警"):
        assert words in page
    assert "应急 1 次" in page
    ledger = phone.get("/records/ledger?month=2026-06").text
    assert "外接开关触发了" in ledger
    assert ledger.count("<th>记下了</th>") == 0
    assert "没有播完整的原因" not in ledger
