"""Attacks on the broker, over the real Mosquitto: what the LAN, a thief with one box, and a forger can do there."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode

from fleet.enrol import certificates, contexts
from fleet.enrol.authority import Authority
from fleet.enrol.membership import AUTHORITY, CERTIFICATE, KEY
from fleet.wire import topics
from fleet.wire.documents import Prepare, SharedProgramme
from fleet.wire.envelope import LARGEST_BYTES
from fleet.wire.orders import sign_order
from fleet.wire.refusals import Why
from fleet.wire.topics import Inward, Outward
from programme.community import ForYards
from tests.fleet.hub.a_hub import AHub, eventually, hub_at
from tests.fleet.hub.light_agent import LightAgent, joined
from tests.fleet.hub.test_end_to_end import a_clip, message, prepare_request, publish, zone_of
from tests.fleet.wire.orders import SHARED, STRANGER, order

CONNACK = b"\x20\x02\x00\x00"
CONNECT = b"\x10\x12\x00\x04MQTT\x04\x02\x00\x1e\x00\x06stolen"
SOON_SECONDS = 0.7  # how long something is waited for that must not come


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AHub]:
    """Run one hub for the tests of this module."""
    with hub_at(tmp_path_factory.mktemp("hub")) as one:
        one.start()
        yield one
        one.stop()


@pytest.fixture(scope="module")
def good(hub: AHub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LightAgent]:
    """Have an honest device join, with a programme."""
    one = joined(tmp_path_factory.mktemp("good"), hub, "good")
    clip = a_clip(hub.folders.clips)
    publish(hub, "r1", ForYards(id="water", zones=("all",), said=message("water", clip), by_yard={}))
    one.wait_for(SharedProgramme)
    yield one
    one.close()


@pytest.fixture(scope="module")
def stolen(hub: AHub, tmp_path_factory: pytest.TempPathFactory) -> LightAgent:
    """Have a device join whose files somebody has stolen; its own program is ended."""
    one = joined(tmp_path_factory.mktemp("stolen"), hub, "stolen")
    one.mqtt.close()
    return one


@dataclass
class Intruder:
    """A client of its own, not ours: it does what it likes with what it has got."""

    client: Client
    connected: Event = field(default_factory=Event)
    refused: Event = field(default_factory=Event)
    ended: Event = field(default_factory=Event)
    heard: list[tuple[str, bytes]] = field(default_factory=list)

    def publish(self, topic: str, payload: bytes) -> None:
        """Send it, retained."""
        self.client.publish(topic, payload, qos=1, retain=True).wait_for_publish(60)

    def leave(self) -> None:
        """Go, whatever it was just about: a connection that is being made anew is closed too."""
        self.client.disconnect()
        self.client.loop_stop()
        connection = self.client.socket()
        if connection is not None:
            connection.close()

    def hears_nothing(self) -> bool:
        """Wait a little, and tell whether nothing came."""
        self.ended.wait(SOON_SECONDS)
        return self.heard == []


def intruder(hub: AHub, context: ssl.SSLContext, client_id: str, *subscriptions: str) -> Intruder:
    """Return a client that tries to connect as ``client_id``."""
    client = Client(CallbackAPIVersion.VERSION2, client_id=client_id, clean_session=True)
    client.tls_set_context(context)
    one = Intruder(client)

    def on_connect(_client: Client, _: object, _flags: object, reason: ReasonCode, _properties: object) -> None:
        if reason.is_failure:
            one.refused.set()
            return
        for subscription in subscriptions:
            client.subscribe(subscription, qos=1)
        one.connected.set()

    def on_disconnect(*_: object) -> None:
        one.ended.set()

    def on_message(_client: Client, _: object, heard: MQTTMessage) -> None:
        one.heard.append((heard.topic, bytes(heard.payload)))

    client.on_connect = on_connect
    client.on_disconnect = on_disconnect
    client.on_message = on_message
    client.connect("127.0.0.1", hub.settings.broker_port, keepalive=30)
    client.loop_start()
    return one


@contextmanager
def the_hubs_own_place(hub: AHub, *subscriptions: str) -> Iterator[Intruder]:
    """Be the hub to its broker, by its own certificate, while the hub itself hangs."""
    assert hub.process is not None
    os.kill(hub.process.pid, signal.SIGSTOP)
    try:
        context = contexts.hub_as_client(hub.room.certificate, hub.room.key, authority_of(hub))
        evil = intruder(hub, context, "hub", *subscriptions)
        assert evil.connected.wait(60)
        yield evil
        evil.leave()
    finally:
        os.kill(hub.process.pid, signal.SIGCONT)


@pytest.fixture
def thief(hub: AHub, stolen: LightAgent) -> Iterator[Intruder]:
    """Connect with the stolen box's certificate, listening to everything."""
    everything = ("#", "xiaolaba/#", "xiaolaba/1/+/in/+", "xiaolaba/1/good/in/#", "xiaolaba/1/good/out/#", "$SYS/#")
    one = intruder(hub, contexts.member(stolen.folder), "stolen", *everything)
    assert one.connected.wait(60)
    yield one
    one.leave()


def greeted(hub: AHub, context: ssl.SSLContext) -> bytes:
    """Say CONNECT as "stolen" and return what the broker answers, nothing where it ends the connection."""
    try:
        with (
            socket.create_connection(("127.0.0.1", hub.settings.broker_port), timeout=60) as plain,
            context.wrap_socket(plain) as connection,
        ):
            connection.sendall(CONNECT)
            return connection.recv(4)
    except (ssl.SSLError, ConnectionError):  # its alert, or what its hanging up has left of that
        return b""


def test_without_a_certificate_nobody_is_let_in(hub: AHub, stolen: LightAgent) -> None:
    """Nor by plain text: the handshake fails before a word of MQTT is said. With a member's certificate it is."""
    assert greeted(hub, contexts.member(stolen.folder)) == CONNACK
    assert greeted(hub, contexts.hub_of(authority_of(hub))) == b""
    with socket.create_connection(("127.0.0.1", hub.settings.broker_port), timeout=60) as plain:
        plain.sendall(CONNECT)
        with suppress(ConnectionResetError):
            assert plain.recv(100)[:1] in {b"", b"\x15"}  # hung up, or a TLS alert; never a CONNACK


def test_another_authoritys_certificate_is_not_let_in(hub: AHub, good: LightAgent, tmp_path: Path) -> None:
    """Though it says that it is the hub."""
    forger, key = Authority.new(), certificates.new_key()
    (tmp_path / KEY).write_bytes(certificates.key_pem(key))
    (tmp_path / CERTIFICATE).write_bytes(forger.sign_hub(certificates.request_for(key)).pem)
    shutil.copy(good.folder / AUTHORITY, tmp_path / AUTHORITY)
    assert greeted(hub, contexts.member(tmp_path)) == b""


def authority_of(hub: AHub) -> str:
    """Return the PEM of the hub's authority."""
    return (hub.room.authority / "certificate.pem").read_text(encoding="ascii")


def test_a_certificate_opens_only_its_own_name(hub: AHub, good: LightAgent, stolen: LightAgent) -> None:
    """With another's client id the thief takes nobody's place: the broker takes the name from the certificate."""
    before = good.connections
    one = intruder(hub, contexts.member(stolen.folder), "good", "xiaolaba/1/good/in/#")
    one.connected.wait(SOON_SECONDS)
    assert one.hears_nothing()
    one.leave()
    assert good.mqtt.is_connected
    assert good.connections == before


def test_a_wildcard_delivers_nothing_of_others(good: LightAgent, hub: AHub, thief: Intruder) -> None:
    """The subscription may say granted: what counts is what comes. Its own orders it gets."""
    eventually(lambda: thief.heard, "its own comes")
    hub.client.prepare(prepare_request(a_clip(hub.folders.clips, level=555), "good"))
    good.wait_for(Prepare)
    thief.ended.wait(SOON_SECONDS)
    assert {topic.split("/")[2] for topic, _ in thief.heard} == {"stolen"}


@pytest.mark.parametrize(
    "topic",
    [
        "xiaolaba/1/good/in/programme",
        "xiaolaba/1/good/in/urgent",
        "xiaolaba/1/good/in/keys",
        "xiaolaba/1/stolen/in/programme",
        "xiaolaba/1/good/out/state",
        "xiaolaba/1/hub/in/urgent",
    ],
)
def test_a_device_publishes_nothing_but_its_own(hub: AHub, good: LightAgent, stolen: LightAgent, topic: str) -> None:
    """Not as the hub, not as another, not to itself."""
    one = intruder(hub, contexts.member(stolen.folder), "stolen", "xiaolaba/1/stolen/in/+")
    assert one.connected.wait(60)
    refused, state = len(good.refused), zone_of(hub, "good").state
    forged = sign_order(order(SHARED, to=topic.split("/")[2], counter=2**52), STRANGER)
    one.publish(topic, forged if "/in/" in topic else b'{"online": false}')
    one.ended.wait(SOON_SECONDS)
    assert forged not in {payload for _, payload in one.heard}
    one.leave()
    assert len(good.refused) == refused
    assert zone_of(hub, "good").state == state


def test_what_the_broker_itself_forges_or_replays_is_refused(hub: AHub, good: LightAgent) -> None:
    """Whoever has the broker, and the hub's certificate with it, can delay; the device follows signatures only."""
    old = sent_to(hub, "good", Inward.PROGRAMME)
    clip = a_clip(hub.folders.clips, level=333)
    publish(hub, "r7", ForYards(id="gas", zones=("all",), said=message("gas", clip), by_yard={}))
    eventually(lambda: good.took(SharedProgramme)[-1].does.messages[0].message.id == "c-gas", "the new one came")  # type: ignore[union-attr]  # took() gives that kind only
    before = len(good.refused)
    newest = sent_to(hub, "good", Inward.PROGRAMME)
    with the_hubs_own_place(hub) as evil:
        evil.publish(topics.to_device("good", Inward.PROGRAMME), old)
        evil.publish(topics.to_device("good", Inward.URGENT), sign_order(order(SHARED, to="good"), STRANGER))
        evil.publish(topics.to_device("good", Inward.KEYS), old)
        evil.publish(topics.to_device("good", Inward.PROGRAMME), newest.replace(b"gas", b"GAS"))
        eventually(lambda: len(good.refused) >= before + 4, "all four are refused")
    assert [one.why for one in good.refused[before : before + 4]] == [
        Why.REPLAYED,
        Why.UNKNOWN_KEY,
        Why.UNKNOWN_KEY,
        Why.FORGED,
    ]
    eventually(hub.is_there, "the hub is back in its place")


def sent_to(hub: AHub, device: str, channel: Inward) -> bytes:
    """Return the envelope that the hub has kept for ``device``."""
    with closing(sqlite3.connect(hub.room.registry)) as connection:
        row = connection.execute("SELECT envelope FROM sent WHERE device = ? AND channel = ?", (device, channel))
        return bytes(row.fetchone()[0])


def test_a_huge_payload_stays_outside(hub: AHub, stolen: LightAgent) -> None:
    """The broker ends the connection of who sends it, keeps none of it, and serves on."""
    one = intruder(hub, contexts.member(stolen.folder), "stolen")
    assert one.connected.wait(60)
    one.client.publish(topics.from_device("stolen", Outward.STATE), bytes(LARGEST_BYTES * 4), qos=1, retain=True)
    assert one.ended.wait(60)
    one.leave()
    assert resident_kib(hub.broker_pid()) < 60_000
    eventually(hub.is_there, "the hub goes on")


def test_noise_from_a_device_is_its_own_trouble(hub: AHub, good: LightAgent, thief: Intruder) -> None:
    """What it sends on its own topics may be anything: the hub says so of that zone, and hears the others."""
    for channel in Outward:
        thief.publish(topics.from_device("stolen", channel), b"\xff\x00" * 1000)
        thief.publish(topics.from_device("stolen", channel), b"[" * 50_000)
    eventually(lambda: zone_of(hub, "stolen").fault, "the page tells of it")
    assert zone_of(hub, "good").fault is None
    assert hub.client.zones().hub.alarms == ()


def test_a_killed_broker_comes_back_with_everything(hub: AHub, good: LightAgent, tmp_path: Path) -> None:
    """SIGKILL: all are back by themselves, and a new device finds every retained order, though nothing was saved."""
    clip = a_clip(hub.folders.clips, level=111)
    publish(hub, "r8", ForYards(id="kill", zones=("all",), said=message("kill", clip), by_yard={}))
    os.kill(hub.broker_pid(), signal.SIGKILL)
    shutil.rmtree(hub.room.broker / "kept")
    (hub.room.broker / "kept").mkdir()
    eventually(hub.is_there, "the hub has its broker again")
    eventually(lambda: good.mqtt.is_connected, "the device is back")
    eventually(lambda: good.took(SharedProgramme)[-1].does.messages[0].message.id == "c-kill", "it has the newest")  # type: ignore[union-attr]  # took() gives that kind only
    late = joined(tmp_path / "late", hub, "late")
    assert late.wait_for(SharedProgramme)
    late.close()


def test_who_is_not_in_the_registry_is_not_heard(hub: AHub, tmp_path: Path) -> None:
    """A certificate that the authority signed for a name which this hub does not know opens nothing that counts."""
    key = certificates.new_key()
    authority = Authority.read(hub.room.authority)
    (tmp_path / KEY).write_bytes(certificates.key_pem(key))
    (tmp_path / CERTIFICATE).write_bytes(authority.sign_device(certificates.request_for(key), "ghost").pem)
    (tmp_path / AUTHORITY).write_bytes(authority.pem)
    one = intruder(hub, contexts.member(tmp_path), "ghost")
    assert one.connected.wait(60)
    one.publish(topics.from_device("ghost", Outward.STATE), b'{"online": true}')
    one.leave()
    late = joined(tmp_path / "late", hub, "late-2")  # what it tells comes after what the ghost told
    eventually(lambda: zone_of(hub, "late-2").online, "the hub has heard what came since")
    late.close()
    assert "ghost" not in {zone.name for zone in hub.client.zones().zones}
    with closing(sqlite3.connect(hub.room.registry)) as connection:
        assert connection.execute("SELECT count(*) FROM state WHERE device = 'ghost'").fetchone() == (0,)


def resident_kib(pid: int) -> int:
    """Return the memory of a process that is in use."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))
