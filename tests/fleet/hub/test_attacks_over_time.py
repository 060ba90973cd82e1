"""Attacks with what was true once, over the real broker and HTTPS port: old orders, old keys, a changed clip."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from box.clock import SystemClock
from fleet.agent.audio import HttpsAudio
from fleet.agent.clips import ClipForged, Clips
from fleet.enrol import contexts
from fleet.hub.founding import rotate
from fleet.wire import topics
from fleet.wire.documents import SharedProgramme
from fleet.wire.keys import read_key
from fleet.wire.orders import sign_order
from fleet.wire.refusals import Why
from fleet.wire.topics import Inward
from programme.community import ForYards
from tests.fleet.hub.a_hub import AHub, eventually, hub_at
from tests.fleet.hub.light_agent import LightAgent, joined
from tests.fleet.hub.test_attacks import sent_to, the_hubs_own_place
from tests.fleet.hub.test_end_to_end import a_clip, message, publish
from tests.fleet.wire.orders import SHARED, order


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[AHub]:
    """Run a hub of the test's own."""
    with hub_at(tmp_path / "data") as one:
        one.start()
        yield one
        one.stop()


def says(hub: AHub, agent: LightAgent, name: str) -> tuple[str, int]:
    """Have the hub's panel publish the message ``name``, and wait until the device has it; return its clip."""
    clip = a_clip(hub.folders.clips)
    publish(hub, f"r-{name}", ForYards(id=name, zones=("all",), said=message(name, clip), by_yard={}))
    eventually(lambda: f"c-{name}" in said_by(agent), f"{name} came")
    return clip


def said_by(agent: LightAgent) -> list[str]:
    """Return the messages of each programme that the device took, in order."""
    took = [order.does for order in agent.took(SharedProgramme)]
    return [does.messages[0].message.id for does in took if isinstance(does, SharedProgramme)]


def test_a_programme_of_before_is_refused_after_a_restart_too(hub: AHub, tmp_path: Path) -> None:
    """The device is switched off and on, and is handed yesterday's programme: what it took is on its disk."""
    agent = joined(tmp_path / "device", hub, "yard-3")
    says(hub, agent, "yesterday")
    old = sent_to(hub, "yard-3", Inward.PROGRAMME)
    says(hub, agent, "today")
    agent.close()
    with the_hubs_own_place(hub) as evil:
        evil.publish(topics.to_device("yard-3", Inward.PROGRAMME), old)
        again = LightAgent(tmp_path / "device")
        again.start()
        eventually(lambda: again.refused, "it is handed something")
        assert {one.why for one in again.refused} == {Why.REPLAYED}
        assert "c-yesterday" not in said_by(again)
        again.mqtt.close()


def test_a_key_of_before_orders_nothing_any_more(hub: AHub, tmp_path: Path) -> None:
    """It was stolen, and changed: what it signs now, with a counter above all, is refused."""
    agent = joined(tmp_path / "device", hub, "yard-3")
    says(hub, agent, "before")
    stolen = read_key(hub.room.programme_key)
    rotate(hub.room, "271828", SystemClock())
    eventually(lambda: agent.trusted.serial > 1, "the device has the new keys")
    says(hub, agent, "after")
    had, refused = len(agent.orders), len(agent.refused)
    with the_hubs_own_place(hub) as evil:
        forged = sign_order(order(SHARED, to="yard-3", counter=2**52, hours=24 * 365 * 20), stolen)
        evil.publish(topics.to_device("yard-3", Inward.PROGRAMME), forged)
        eventually(lambda: len(agent.refused) > refused, "it is refused")
    assert agent.refused[-1].why is Why.UNKNOWN_KEY
    assert len(agent.orders) == had
    agent.close()


def test_a_clip_that_was_changed_at_the_hub_is_refused_by_who_fetches_it(hub: AHub, tmp_path: Path) -> None:
    """By HTTPS, with its certificate: a bit of what travels is another, and nothing is left of it."""
    agent = joined(tmp_path / "device", hub, "yard-3")
    clip, frames = says(hub, agent, "water")
    programme = agent.took(SharedProgramme)[-1].does
    assert isinstance(programme, SharedProgramme)
    travels = programme.messages[0].travels
    there = hub.room.audio / f"{travels.sha256}.flac"
    good = there.read_bytes()
    there.write_bytes(good[:-100] + bytes([good[-100] ^ 1]) + good[-99:])
    member = agent.membership
    audio = HttpsAudio(member.hosts, member.port, lambda: contexts.member(agent.folder))
    clips = Clips(tmp_path / "box", audio)
    with pytest.raises(ClipForged):
        clips.bring(clip, frames, travels)
    assert not clips.has(clip)
    assert list((tmp_path / "box" / "coming").iterdir()) == []
    there.write_bytes(good)
    clips.bring(clip, frames, travels)
    assert clips.has(clip)
    agent.close()
