"""The panel's pages over a hub that runs, with a real broker and a device that has joined: what it tells is on them."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import time
from pathlib import Path

import pytest
from msgspec.structs import replace

from box.clock import SystemClock
from fleet.hub.client import HubAway, HubClient
from fleet.wire.accounts import DeviceState, Proposal
from fleet.wire.documents import Answer, Answers, SharedProgramme
from fleet.wire.rows import rows_of
from fleet.wire.topics import Outward
from programme.community import ForYards
from tests.e2e.test_every_page import OF_A_HUB
from tests.fleet.hub.a_hub import AHub, eventually, hub_at
from tests.fleet.hub.light_agent import LightAgent, joined
from tests.fleet.hub.test_end_to_end import a_clip, message, publish
from tests.slowness import is_within
from tests.web.fakes import airing
from tests.web.house import NOON, House, Phone, new_house

FILLED = {"device": "yard-3", "kind": "message", "entry": "stay"}


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AHub]:
    """Run a hub."""
    with hub_at(tmp_path_factory.mktemp("hub")) as one:
        one.start()
        yield one
        one.stop()


@pytest.fixture(scope="module")
def agent(hub: AHub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LightAgent]:
    """Have a device join."""
    one = joined(tmp_path_factory.mktemp("device"), hub, "yard-3", groups=("east",))
    yield one
    one.mqtt.close()


@pytest.fixture(scope="module")
def house(hub: AHub, tmp_path_factory: pytest.TempPathFactory) -> House:
    """Give the panel whose hub that is."""
    house = new_house(tmp_path_factory.mktemp("panel"))
    house.publish()
    house.hubs.append(hub.client)  # type: ignore[arg-type]  # the real one in the place of the fake
    return house


@pytest.fixture(scope="module")
def phone(house: House) -> Phone:
    """Give the secretary's phone."""
    return house.logged_in()


def test_an_edit_is_followed_on_today_until_the_device_says_it(hub: AHub, agent: LightAgent, phone: Phone) -> None:
    """Who lacks is named; what the device then tells is on the page at its next look."""
    clip = a_clip(hub.folders.clips)
    publish(hub, "r1", ForYards(id="water", zones=("all",), said=message("water", clip), by_yard={}))
    programme = agent.wait_for(SharedProgramme).does
    assert isinstance(programme, SharedProgramme)
    eventually(lambda: "1 个小区里 0 个用上了" in phone.get("/?live=1").text, "it is named")
    assert "还差：三号院" in phone.get("/").text
    agent.tell(Outward.STATE, DeviceState(online=True, card="card", revision=programme.revision, volume_percent=70))
    eventually(lambda: "1 个小区都用上了" in phone.get("/?live=1").text, "it is applied")
    assert "音量 70%" in phone.get("/zones/").text
    assert "停水" in phone.get("/zones/day/").text


def test_rows_that_a_device_sends_are_in_the_ledger(agent: LightAgent, phone: Phone) -> None:
    """With its name; a month, a day, and the table."""
    agent.tell(Outward.RECORDS, rows_of("l", 0, (airing(1, NOON, title="早安"),)))
    for address in ("/zones/records/?day=2026-06-03", "/zones/records/ledger/?month=2026-06&rows=all"):
        eventually(lambda address=address: "早安" in phone.get(address).text, "it is in the ledger")
        assert "三号院" in phone.get(address).text
    assert "早安" in phone.get("/zones/records/all.csv?month=2026-06").data.decode()


def test_every_page_of_the_hub_comes(agent: LightAgent, house: House, phone: Phone) -> None:
    """By the URL map, but for what has to be prepared first."""
    adapter = house.app.url_map.bind("localhost")
    for rule in house.app.url_map.iter_rules():
        if rule.endpoint.startswith(OF_A_HUB) and "GET" in (rule.methods or ()) and rule.arguments <= set(FILLED):
            address = adapter.build(rule.endpoint, {name: FILLED[name] for name in rule.arguments})
            assert phone.get(address).status_code == 200, address


def test_a_volume_that_is_set_is_ordered(hub: AHub, agent: LightAgent, phone: Phone) -> None:
    """By the page of all volumes, and the device has it in its programme."""
    phone.send("/zones/volumes/", {"act": "many", "group": "east", "volume": "40"}, page="/zones/volumes/")
    eventually(
        lambda: any(
            isinstance(order.does, SharedProgramme) and order.does.volume_percent == 40 for order in agent.orders
        ),
        "it is ordered",
    )


def test_other_times_that_a_yard_wishes_for_are_adopted_and_it_is_told(
    agent: LightAgent, house: House, phone: Phone
) -> None:
    """From the device's own words over the broker to the hub's programme, and the signed answer back."""
    edition = house.desk.on_desk().edition
    assert edition is not None
    morning = edition.programme.broadcast("morning")
    assert morning is not None
    wished = replace(morning, id="c-morning", messages=("c-stay",), at=time(15, 0), volume_percent=40)
    proposal = Proposal(id="w-times", at=NOON, entry="c-morning", revision="r1", who="李姐", broadcast=wished)
    agent.tell(Outward.PROPOSAL, proposal)
    eventually(lambda: "15:00 · 每天 · 音量 40" in phone.get("/zones/proposals/").text, "it is on the page")
    sent = phone.send("/zones/proposals/yard-3/w-times/adopt", {"words": "好"}, "/zones/proposals/")
    assert sent.status_code == 303
    house.jobs.run_waiting()
    edition = house.desk.on_desk().edition
    assert edition is not None
    assert edition.programme.broadcast("morning") == replace(morning, at=time(15, 0), volume_percent=40)
    answers = agent.wait_for(Answers).does
    assert isinstance(answers, Answers)
    assert answers.answers == (Answer(proposal="w-times", adopted=True, words="好"),)


def test_a_page_about_something_else_waits_for_no_hub_that_hangs(tmp_path: Path) -> None:
    """The hub that takes the question and never answers is given up after the patience that was named."""
    path, clock = tmp_path / "hub.sock", SystemClock()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as silent:
        silent.bind(str(path))
        silent.listen(1)
        began = clock.monotonic()
        with pytest.raises(HubAway):
            HubClient(path).zones(patience_seconds=0.2)
        assert is_within(clock.monotonic() - began, 5)
