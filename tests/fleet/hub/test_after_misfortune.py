"""What goes wrong at the hub: its disk put back from a backup, its keys changed, its power cut, its file damaged."""

from __future__ import annotations

import shutil
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from box.clock import SystemClock
from fleet.enrol import contexts
from fleet.hub.database import Database, RegistryUnreadable
from fleet.hub.founding import AlreadyFounded, RootAway, found, root_of, rotate, take_root_away, trusted_by
from fleet.hub.locked_key import unlock_key
from fleet.hub.room import HubRoom, HubSettings
from fleet.wire import accounts, topics
from fleet.wire.accounts import Report, What
from fleet.wire.documents import SharedProgramme
from fleet.wire.keys import KeyUnreadable, read_key
from fleet.wire.refusals import Why
from fleet.wire.rows import rows_of
from fleet.wire.topics import Inward, Outward
from programme.community import ForYards
from tests.fakes import SetClock
from tests.fleet.hub.a_hub import NOW, PIN, AHub, eventually, hub_at
from tests.fleet.hub.light_agent import LightAgent, joined
from tests.fleet.hub.test_attacks import intruder
from tests.fleet.hub.test_end_to_end import a_clip, message, publish, zone_of
from tests.fleet.wire.test_accounts import airing


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[AHub]:
    """Run a hub of the test's own."""
    with hub_at(tmp_path / "data") as one:
        one.start()
        yield one


def says(hub: AHub, agent: LightAgent, name: str) -> None:
    """Have the hub's panel publish the message ``name``, and wait until the device has it."""
    clip = a_clip(hub.folders.clips)
    publish(hub, f"r-{name}", ForYards(id=name, zones=("all",), said=message(name, clip), by_yard={}))
    eventually(lambda: last_of(agent) == f"c-{name}", f"{name} came")


def last_of(agent: LightAgent) -> str:
    """Return the message that the device was told last to say."""
    took = agent.took(SharedProgramme)
    does = took[-1].does if took else None
    return does.messages[0].message.id if isinstance(does, SharedProgramme) else ""


def test_a_hub_from_yesterdays_backup_is_followed_and_has_all_records_again(hub: AHub, tmp_path: Path) -> None:
    """It goes on above the counters that the device has taken, and asks for the rows that its disk has lost."""
    agent = joined(tmp_path / "device", hub, "yard-3")
    says(hub, agent, "yesterday")
    hub.stop()
    shutil.copytree(hub.folders.hub, tmp_path / "backup")
    hub.start()
    says(hub, agent, "today")
    agent.tell_rows(rows_of("log-1", 0, (airing(1), airing(2))))
    eventually(lambda: agent.acknowledged("log-1") == 2, "the rows are acknowledged")
    hub.kill()
    shutil.rmtree(hub.folders.hub)
    shutil.copytree(tmp_path / "backup", hub.folders.hub)
    hub.start()
    says(hub, agent, "tomorrow")
    agent.tell_rows(rows_of("log-1", 2, (airing(3),)))
    eventually(lambda: agent.acknowledged("log-1") == 0, "it says that it has none of them")
    agent.tell_rows(rows_of("log-1", 0, (airing(1), airing(2), airing(3))))
    eventually(lambda: agent.acknowledged("log-1") == 3, "it has all")
    agent.close()


def test_changed_keys_reach_every_device_and_the_old_ones_count_no_more(hub: AHub, tmp_path: Path) -> None:
    """While it runs: the device takes the new set, then what the new key signs; nothing has to be joined anew."""
    agent = joined(tmp_path / "device", hub, "yard-3")
    says(hub, agent, "before")
    old = read_key(hub.room.programme_key)
    rotate(hub.room, "271828", SystemClock())
    eventually(lambda: agent.trusted.serial > 1, "the device has the new keys")
    assert old.public not in agent.trusted.programme
    says(hub, agent, "after")
    assert {one.why for one in agent.refused} <= {Why.UNKNOWN_KEY}  # the retained order of before, for a moment
    agent.close()


def test_a_device_that_was_away_while_the_keys_changed_has_what_was_said_meanwhile(hub: AHub, tmp_path: Path) -> None:
    """The broker hands it keys and programme in any order: what it could not believe yet it is given once more."""
    agent = joined(tmp_path / "device", hub, "yard-3")
    says(hub, agent, "before")
    agent.close()
    rotate(hub.room, "271828", SystemClock())
    clip = a_clip(hub.folders.clips, level=222)
    publish(hub, "r", ForYards(id="away", zones=("all",), said=message("away", clip), by_yard={}))
    again = LightAgent(tmp_path / "device", gives_keys_last=True)
    again.start()
    eventually(lambda: last_of(again) == "c-away", "it has what was said meanwhile")
    assert Why.UNKNOWN_KEY in {one.why for one in again.refused}
    again.close()


def test_a_hub_that_lost_its_power_goes_on(hub: AHub, tmp_path: Path) -> None:
    """Hub and broker are killed at once; the device is back by itself, and its next programme comes."""
    agent = joined(tmp_path / "device", hub, "yard-3")
    says(hub, agent, "before")
    hub.kill()
    hub.start()
    eventually(lambda: agent.mqtt.is_connected, "the device is back")
    says(hub, agent, "after")
    eventually(lambda: zone_of(hub, "yard-3").online, "the hub sees it")
    assert agent.refused == []
    agent.close()


@pytest.mark.slow
def test_a_hub_that_hangs_while_a_town_answers_has_every_word_afterwards(hub: AHub, tmp_path: Path) -> None:
    """The broker keeps for it what comes meanwhile: 12,000 reports, more than 5,000 boxes have of an edit at a time."""
    agent = joined(tmp_path / "device", hub, "yard-3")
    agent.close()
    one = intruder(hub, contexts.member(agent.folder), "yard-3")
    assert one.connected.wait(60)
    assert hub.process is not None
    hub.process.send_signal(signal.SIGSTOP)
    topic = topics.from_device("yard-3", Outward.REPORT)
    reports = (Report(of=number, channel=Inward.PROGRAMME, what=What.TAKEN, at=NOW) for number in range(12_000))
    sent = [one.client.publish(topic, accounts.encode(report), qos=topics.QOS) for report in reports]
    sent[-1].wait_for_publish(240)
    hub.process.send_signal(signal.SIGCONT)
    with closing(sqlite3.connect(f"file:{hub.room.registry}?mode=ro", uri=True)) as connection:
        asked = "SELECT max(number) FROM report"
        eventually(lambda: connection.execute(asked).fetchone()[0] == 12_000, "the hub has all", 240)
    one.leave()


def test_a_damaged_registry_is_never_begun_anew(tmp_path: Path) -> None:
    """It knows who belongs here: a person restores it, and is told so."""
    path = tmp_path / "fleet.sqlite"
    Database(path).close()
    path.write_bytes(b"rubble" * 1000)
    with pytest.raises(RegistryUnreadable):
        Database(path)
    assert path.read_bytes().startswith(b"rubble")


def test_the_root_can_be_taken_away_and_is_needed_to_change_keys(tmp_path: Path) -> None:
    """Without it a stolen hub names no other keys; with another's root nobody does."""
    room, clock = HubRoom(tmp_path / "hub"), SystemClock()
    founded = found(room, HubSettings(), PIN, clock)
    with pytest.raises(AlreadyFounded):
        found(room, HubSettings(), PIN, clock)
    assert trusted_by(room).root == founded.root == root_of(room)
    take_root_away(room, tmp_path / "stick.key")
    assert not room.root_key.exists()
    with pytest.raises(KeyUnreadable):
        rotate(room, "271828", clock)
    other = HubRoom(tmp_path / "other")
    found(other, HubSettings(), PIN, clock)
    with pytest.raises(RootAway):
        rotate(room, "271828", clock, root_at=other.root_key)
    before = trusted_by(room)
    keys = rotate(room, "271828", clock, root_at=tmp_path / "stick.key")
    assert before.serial == 1
    assert keys.serial > 1_700_000_000
    shutil.copytree(other.folder, tmp_path / "backup")
    rotate(other, "271828", SetClock(NOW))
    restored = HubRoom(tmp_path / "backup")
    assert rotate(restored, "161803", SetClock(NOW + timedelta(seconds=1))).serial > trusted_by(other).serial
    assert unlock_key(room.urgent_key, "271828").public.raw in keys.urgent
    assert read_key(room.programme_key).public.raw in keys.programme


def test_the_hubs_secrets_are_its_owners_alone(tmp_path: Path) -> None:
    """No key can be read by another user of the machine."""
    room = HubRoom(tmp_path / "hub")
    found(room, HubSettings(), PIN, SystemClock())
    assert room.folder.stat().st_mode & 0o077 == 0
    for path in (room.root_key, room.programme_key, room.urgent_key, room.key, room.authority / "key.pem"):
        assert path.stat().st_mode & 0o077 == 0, path
