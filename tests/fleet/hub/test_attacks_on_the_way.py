"""A real agent and a real hub: an order with one changed bit, and audio for whoever can't show who he is."""

from __future__ import annotations

import http.client
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from box.clock import SystemClock
from box.folders import Folders
from cli.places import child_environment
from fleet.agent.programme import ORDERED
from fleet.enrol import certificates, contexts
from fleet.enrol.authority import Authority
from fleet.enrol.joining import HttpsHub, Joining
from fleet.enrol.membership import AUTHORITY, CERTIFICATE, KEY
from fleet.wire import topics
from fleet.wire.accounts import Report, What
from fleet.wire.counters import Highest
from fleet.wire.documents import Order, SharedProgramme
from fleet.wire.envelope import HEAD_BYTES
from fleet.wire.keys import KEY_ID_BYTES, read_key
from fleet.wire.orders import sign_order
from fleet.wire.refusals import SENTENCES, Why
from fleet.wire.topics import Inward
from programme.community import ForYards
from tests.fleet.hub.a_hub import AHub, eventually, hub_at
from tests.fleet.hub.light_agent import joined
from tests.fleet.hub.test_attacks import Intruder, authority_of, the_hubs_own_place
from tests.fleet.hub.test_end_to_end import a_clip, message, publish, zone_of
from tests.fleet.wire.orders import SHARED

EVERY_BYTES = 41  # of the body, so that its beginning, its words, its numbers and its end are among them


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AHub]:
    """Run one hub for the tests of this module."""
    with hub_at(tmp_path_factory.mktemp("hub")) as one:
        one.start()
        yield one
        one.stop()


@contextmanager
def an_agent(hub: AHub, root: Path, name: str) -> Iterator[Path]:
    """Have a box join as ``name``, run its agent, and give the agent's room."""
    folders = Folders(root / "data", root / "run")
    joining = Joining(folders.fleet, HttpsHub(), SystemClock(), "test")
    pending = joining.begin(hub.client.invite(name, "三号院").ticket.encode())
    assert joining.ask() is None
    hub.client.confirm(name, pending.digits)
    assert joining.ask() is not None
    words = ["-m", "fleet.agent", "--data", str(folders.data), "--runtime", str(folders.runtime)]
    with (root / "agent.said").open("w") as said:
        agent = subprocess.Popen([sys.executable, "-P", *words], env=child_environment(), stderr=said)
    try:
        eventually(lambda: zone_of(hub, name).online, "the agent is connected")
        yield folders.fleet
    finally:
        agent.terminate()
        agent.wait(timeout=60)


def test_no_bit_of_an_order_can_be_changed_on_the_way(hub: AHub, tmp_path: Path) -> None:
    """By who is the hub to the broker. The agent refuses each and reports why; what it has taken, and how far, stays.

    The order itself is the hub's and new: as it was signed it is taken at once.
    """
    with an_agent(hub, tmp_path, "yard-3") as room:
        publish(hub, "r1", ForYards(id="w", zones=("all",), said=message("w", a_clip(hub.folders.clips)), by_yard={}))
        eventually(lambda: hub.client.reports("yard-3").reports, "the agent has reported that it took a programme")
        eventually((room / ORDERED).exists, "it is on its disk")
        before = taken(room)
        now = SystemClock().now()
        order = Order(to="yard-3", counter=2**52, issued=now, expires=now + timedelta(days=1), does=SHARED)
        good = sign_order(order, read_key(hub.room.programme_key))
        places = [0, KEY_ID_BYTES, HEAD_BYTES - 1, *range(HEAD_BYTES, len(good), EVERY_BYTES), len(good) - 1]
        report = topics.from_device("yard-3", topics.Outward.REPORT)
        with the_hubs_own_place(hub, report) as evil:
            for number, place in enumerate(places):
                changed = good[:place] + bytes([good[place] ^ 1 << number % 8]) + good[place + 1 :]
                evil.publish(topics.to_device("yard-3", Inward.PROGRAMME), changed)
            eventually(lambda: len(reports(evil)) >= len(places), "the agent has answered each")
            told = reports(evil)
            assert [one.what for one in told] == [What.REFUSED] * len(places)
            whys = [SENTENCES[Why.UNKNOWN_KEY if place < KEY_ID_BYTES else Why.FORGED] for place in places]
            assert [one.why for one in told] == whys
            assert taken(room) == before
            evil.publish(topics.to_device("yard-3", Inward.PROGRAMME), good)
            eventually(lambda: reports(evil)[-1].what is What.TAKEN, "as it was signed it is taken")
        assert max(taken(room)[0].values()) == 2**52


def taken(room: Path) -> tuple[dict[str, int], bytes]:
    """Return the counters of programmes that are on the disk, by key, and the programme that was ordered last."""
    counters = msgspec.json.decode((room / "counters.json").read_bytes(), type=Highest)
    return counters.highest[Inward.PROGRAMME], (room / ORDERED).read_bytes()


def reports(evil: Intruder) -> list[Report]:
    """Return what the agent has reported, in order."""
    return [msgspec.json.decode(payload, type=Report) for _, payload in evil.heard]


def test_audio_is_for_members_by_their_certificate(hub: AHub, tmp_path: Path) -> None:
    """Without one nothing is given; another authority's ends the handshake; a lost box's is worth nothing any more."""
    agent = joined(tmp_path / "device", hub, "yard-4")
    publish(hub, "r2", ForYards(id="a", zones=("all",), said=message("a", a_clip(hub.folders.clips)), by_yard={}))
    programme = agent.wait_for(SharedProgramme).does
    assert isinstance(programme, SharedProgramme)
    travels = programme.messages[0].travels
    path, member = f"/audio/{travels.sha256}", contexts.member(agent.folder)
    assert asked(hub, path, member) == (200, travels.size)
    nobody = contexts.hub_of(authority_of(hub))
    assert asked(hub, "/authority", nobody)[0] == 200
    assert asked(hub, path, nobody)[0] == 403
    with pytest.raises((ssl.SSLError, ConnectionError)):  # its alert, or what its hanging up has left of that
        asked(hub, path, forged(hub, tmp_path, "yard-4"))
    hub.client.lose("yard-4")
    assert asked(hub, path, member)[0] == 403
    agent.mqtt.close()


def forged(hub: AHub, folder: Path, name: str) -> ssl.SSLContext:
    """Return the context of who has a certificate in the name of ``name``, by an authority of his own."""
    key = certificates.new_key()
    (folder / KEY).write_bytes(certificates.key_pem(key))
    (folder / CERTIFICATE).write_bytes(Authority.new().sign_device(certificates.request_for(key), name).pem)
    (folder / AUTHORITY).write_text(authority_of(hub), encoding="ascii")
    return contexts.member(folder)


def asked(hub: AHub, path: str, context: ssl.SSLContext) -> tuple[int, int]:
    """Ask the hub's port for ``path``; return the status and how many bytes came."""
    connection = http.client.HTTPSConnection("127.0.0.1", hub.settings.https_port, context=context, timeout=60)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, len(response.read())
    finally:
        connection.close()
