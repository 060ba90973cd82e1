"""Real boxes and a real hub, each in a network of its own: cables that are cut, brokers that are killed, lost disks."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from fleet.agent.states import State
from fleet.hub import urgent_protocol as u
from fleet.wire.accounts import What
from fleet.wire.topics import KEEPALIVE_SECONDS
from programme.community import ForYards
from speaker.protocol import Done
from tests.card.virtual import VirtualCard
from tests.faults.courtyard import until
from tests.fleet.agent.test_end_to_end import APART_MS, at_hub, refusals, saying, told, urgent, zone_of
from tests.fleet.agent.yards import Yard
from tests.fleet.hub.a_hub import PIN, AHub, hub_at
from tests.fleet.hub.test_end_to_end import a_clip, message, publish
from tests.fleet.network.cable import Cable, Network, cable, networks
from tests.speaker.listening import once_within

pytestmark = pytest.mark.slow
GONE_SECONDS = 1.5 * KEEPALIVE_SECONDS  # after so long without a word the broker takes a client for gone (MQTT 3.1.1)
MARGIN_SECONDS = 30.0  # the broker looks every few seconds, and this machine may be busy
WRONG_CLOCK = Path(__file__).with_name("wrong_clock")


@dataclass
class Town:
    """A hub and one yard, with the cable between them."""

    hub: AHub
    yard: Yard
    cable: Cable
    there: Network
    here: Network

    def say_all(self, name: str, level: int) -> None:
        """Publish a message for all at the hub."""
        clip = a_clip(self.hub.folders.clips, level=level)
        publish(self.hub, f"r-{name}", ForYards(id=name, zones=("all",), said=message(name, clip), by_yard={}))

    def is_on_air(self, name: str) -> bool:
        """Tell whether the yard airs that message, and the hub knows it."""
        state, ordered = zone_of(self.hub, self.yard.name).state, self.hub.client.issued(self.yard.name).programme
        on_air = state is not None and ordered is not None and state.revision == ordered.revision != ""
        return on_air and ordered is not None and [one.message.id for one in ordered.messages] == [f"c-{name}"]

    def whole_ledger(self) -> bool:
        """Tell whether the hub has every row of the yard in its last form, each once."""
        own = [(row.id, row.outcome) for row in self.yard.airings()]
        return [(row.id, row.outcome) for row in at_hub(self.hub, self.yard)] == own

    def airs(self, times: int) -> None:
        """Have the yard air something of its own so many times."""
        for _ in range(times):
            assert isinstance(self.yard.client.play(message="hello"), Done)
            until(lambda: (status := self.yard.status()) is not None and status.sounding is None)


@pytest.fixture
def town(built_card: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Town]:
    """Give a hub and a yard that has joined it. A parameter is by how many seconds the yard's clock is wrong."""
    off = getattr(request, "param", 0.0)
    with ExitStack() as stack:
        there, here = stack.enter_context(networks("hub", "box"))
        laid = stack.enter_context(cable(there, here, 1))
        hub = stack.enter_context(hub_at(tmp_path / "hub", "10.77.1.1"))
        hub.host, hub.under = "0.0.0.0", there.under  # noqa: S104 - in a network of the test's own
        hub.start()
        (tmp_path / "yard" / "card").mkdir(parents=True)
        yard = Yard(tmp_path / "yard", VirtualCard(built_card, tmp_path / "yard" / "card"), "yard-3")
        stack.enter_context(yard)
        if off:
            yard.environment |= {"CLOCK_OFF_SECONDS": str(off), "PYTHONPATH": f"{WRONG_CLOCK}:{Path.cwd()}"}
        yard.publish()
        yard.speaker()
        yard.panel()
        here.within(lambda: yard.join(hub, "三号院"))
        yard.agent(under=here.under)
        one = Town(hub, yard, laid, there, here)
        one.say_all("first", 100)
        until(lambda: one.is_on_air("first"))
        yield one
        hub.stop()


def test_a_cable_that_is_cut_without_a_word_is_noticed_and_what_was_missed_is_made_up_for(town: Town) -> None:
    """Nobody gets a FIN: both ends take the connection for whole, until nothing is heard for a keepalive and a half.

    Meanwhile the yard airs on and what is urgent passes it by. Afterwards it has the newest programme, the hub every
    row once, and nothing was said late.
    """
    hub, yard = town.hub, town.yard
    prepared = urgent(hub, yard.name, level=200)
    town.cable.is_cut = True
    cut = time.monotonic()
    said = u.SayUrgent(urgent=prepared, pin=PIN, occasion="停水", in_seconds=3, late_ok_seconds=2, priority="emergency")
    hub.client.say(said)
    town.say_all("second", 300)
    town.airs(2)
    assert zone_of(hub, yard.name).online  # it is half open: nobody can know yet
    until(lambda: not zone_of(hub, yard.name).online, GONE_SECONDS + MARGIN_SECONDS)
    assert time.monotonic() - cut < GONE_SECONDS + MARGIN_SECONDS
    assert yard.shared() != ""
    town.cable.is_cut = False
    until(lambda: zone_of(hub, yard.name).online, 2 * KEEPALIVE_SECONDS + MARGIN_SECONDS)
    until(lambda: town.is_on_air("second"))
    until(lambda: What.TOO_LATE in told(hub, prepared, yard.name))
    assert [row for row in yard.airings() if row.origin == "fleet"] == []
    until(town.whole_ledger)


def test_over_a_bad_cable_what_is_urgent_starts_at_its_instant(town: Town) -> None:
    """Every tenth packet is lost, each takes a tenth of a second: it is armed in time, and starts where the rest do."""
    town.cable.loss, town.cable.delay_seconds = 0.1, 0.1

    def late_ms() -> float:
        prepared = urgent(town.hub, town.yard.name, level=400)
        starts = town.hub.client.say(saying(prepared, in_seconds=20)).starts_at
        until(lambda: What.ENDED in told(town.hub, prepared, town.yard.name), 90)
        (row,) = [row for row in town.yard.airings() if row.origin == "fleet" and row.due == starts]
        assert row.started is not None
        return abs((row.started - starts).total_seconds()) * 1000

    once_within(APART_MS, late_ms)
    until(town.whole_ledger, 60)


def test_a_broker_that_is_killed_as_something_is_said_makes_it_heard_once(town: Town) -> None:
    """The box gets the order from the broker's successor, or had it: it is aired once, at its instant."""
    prepared = urgent(town.hub, town.yard.name, level=500)
    # Long enough for three rests of the box between its attempts to reach the successor.
    starts = town.hub.client.say(saying(prepared, in_seconds=30)).starts_at
    os.kill(town.hub.broker_pid(), signal.SIGKILL)
    until(lambda: What.ENDED in told(town.hub, prepared, town.yard.name), 90)
    rows = [row for row in town.yard.airings() if row.origin == "fleet"]
    assert [(row.due, row.outcome) for row in rows] == [(starts, "aired")]
    town.say_all("second", 600)
    until(lambda: town.is_on_air("second"), 60)
    until(town.whole_ledger)


def test_a_hub_that_comes_back_from_yesterdays_backup_is_followed_and_has_every_row(town: Town, tmp_path: Path) -> None:
    """Its machine is gone for long, its disk is that of before: the box airs on, and follows what it orders then."""
    hub, yard = town.hub, town.yard
    hub.stop()
    shutil.copytree(hub.folders.hub, tmp_path / "backup")
    hub.start()
    town.say_all("after-the-backup", 700)
    until(lambda: town.is_on_air("after-the-backup"), 60)
    town.airs(2)
    until(town.whole_ledger)
    hub.kill()
    until(lambda: yard.stands() is State.OFFLINE, 60)
    town.airs(2)
    shutil.rmtree(hub.folders.hub)
    shutil.copytree(tmp_path / "backup", hub.folders.hub)
    hub.start()
    until(lambda: zone_of(hub, yard.name).online, 90)
    town.say_all("new", 800)
    until(lambda: town.is_on_air("new"), 60)
    until(town.whole_ledger, 60)
    assert refusals(hub, yard) == []


@pytest.mark.parametrize("town", [-120.0, 120.0], indirect=True, ids=["behind", "ahead"])
def test_a_box_whose_clock_is_wrong_says_nothing_urgent_and_is_told_of(town: Town) -> None:
    """It has the programme; what is to start with all the others it would start two minutes off, and does not."""
    hub, yard = town.hub, town.yard
    prepared = urgent(hub, yard.name, level=900)
    hub.client.say(u.SayUrgent(urgent=prepared, pin=PIN, occasion="停水", in_seconds=4, priority="emergency"))
    until(
        lambda: (
            What.TOO_LATE in told(hub, prepared, yard.name)
            or any("时间" in one.why.zh for one in refusals(hub, yard) if one.why)
        )
    )
    assert [row for row in yard.airings() if row.origin == "fleet"] == []
    assert What.ARMED not in told(hub, prepared, yard.name)
