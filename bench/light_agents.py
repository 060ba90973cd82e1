"""Many agents in one process, the project's own, with no sound: each a silent speaker, and a room in memory.

``python -m bench.light_agents FOLDER FIRST COUNT`` says on standard output who has connected, who has a programme or
something urgent at its network, and who has read it, and when: ``NAME WHAT INSTANT``, a line each (``bench.moments``).
"""

from __future__ import annotations

import logging
import random
import selectors
import socket
import struct
import sys
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

from bench.moments import Moment
from bench.silent_speaker import SilentSpeaker
from box.clock import SystemClock
from fleet.agent.agent import Agent, Mouth, Parts
from fleet.agent.audio import HttpsAudio
from fleet.agent.board import Board
from fleet.agent.clips import Clips
from fleet.agent.doorkeeper import Doorkeeper
from fleet.agent.following import Following
from fleet.agent.programme import SharedTaking
from fleet.agent.records import RecordsSending
from fleet.agent.stating import OnAirFile
from fleet.agent.urgent import Urgent
from fleet.agent.wishes import WishesSending
from fleet.enrol import contexts
from fleet.enrol.membership import MembershipUnreadable, read_membership
from fleet.wire import accounts, topics
from fleet.wire.accounts import LAST_WILL
from fleet.wire.counters import Counters
from fleet.wire.documents import Travels
from fleet.wire.keys import PublicKey
from fleet.wire.topics import Outward
from speaker.words import reason_sentence

LOOK_SECONDS = 0.005
SCAN_EVERY_SECONDS = 0.25
AGAIN_SECONDS = 2.1  # after something happened the agent looks at its speaker, as it does every two seconds
QUIET_SECONDS = 60.0
BACK_WITHIN_SECONDS = (0.5, 3.0)  # a bench is not a town: a town spreads its return over minutes
SEEN_APART_SECONDS = 0.004  # the ends of what all say at once are seen one after another
_STACK_BYTES = 256 * 1024
_ARRIVED_AT = 35  # SO_TIMESTAMPNS (asm-generic/socket.h): the kernel tells when what can be read came to this socket
_INSTANT = struct.Struct("qq")
clock = SystemClock()


def name_of(number: int) -> str:
    """Return what the device with that number is called."""
    return f"d-{number:05d}"


class SilentClips(Clips):
    """Sound is off: every clip is here already."""

    def has(self, clip: str) -> bool:
        """Tell that it is here."""
        return True

    def bring(self, clip: str, frames: int, travels: Travels, wanted: Callable[[], bool] = lambda: True) -> None:
        """Do nothing."""


class Light:
    """One device. ``outgoing`` is where its threads put what is to be sent."""

    def __init__(self, room: Path, outgoing: deque[tuple[Light, str, bytes, bool]], seen_after_seconds: float) -> None:
        membership = read_membership(room)
        if membership is None:
            raise MembershipUnreadable("没有入网资料", f"no membership in {room}")
        self.name = membership.name
        self._followed = {topics.to_device(self.name, at) for at in (topics.Inward.URGENT, topics.Inward.PROGRAMME)}
        self._membership = membership
        self._outgoing = outgoing
        self.speaker = SilentSpeaker(room, clock, f"log-{self.name}", seen_after_seconds=seen_after_seconds)
        mouth = Mouth(self.name, clock)
        self._parts = _parts(room, membership.root, self.name, self.speaker, mouth)
        self.agent = Agent(room, membership, self._parts, mouth, clock=clock, version="light")
        mouth.broker = self
        client = Client(CallbackAPIVersion.VERSION2, client_id=self.name, clean_session=False)
        client.tls_set_context(contexts.member(room))
        client.will_set(
            topics.from_device(self.name, Outward.STATE), accounts.encode(LAST_WILL), qos=topics.QOS, retain=True
        )
        client.on_connect = self._on_connect
        client.on_message = self._on_message
        self.client = client
        self.descriptor = -1
        self.due = 0.0
        self.look_at = 0.0
        self.has_news = False
        self._arrived = 0.0

    @property
    def is_connected(self) -> bool:
        """Whether the broker is there now."""
        return self.client.is_connected()

    def publish(self, topic: str, payload: bytes, *, retain: bool) -> None:
        """Have it sent by the thread that serves the connection."""
        self._outgoing.append((self, topic, payload, retain))

    def connect(self) -> None:
        """Connect; the handshake is waited for. Raises OSError."""
        self.client.connect(self._membership.hosts[0], self._membership.broker_port, topics.KEEPALIVE_SECONDS * 4)
        connection = self.client.socket()
        if not isinstance(connection, socket.socket):
            raise OSError("not connected")
        self.descriptor = int(connection.fileno())
        connection.setsockopt(socket.SOL_SOCKET, _ARRIVED_AT, 1)

    def look(self) -> None:
        """Note when what is to be read now had come: a box of its own would have read it then."""
        connection = self.client.socket()
        if isinstance(connection, socket.socket):
            self._arrived = _arrived_at(connection) or self._arrived

    def live(self) -> None:
        """Do what was brought, and look after the rest. What would wait for a panel is on air at once."""
        self.has_news = False
        self.agent.settle()
        shared = self._parts.shared
        if not shared.is_laid and shared.work():
            self.speaker.shared = shared.revision
            shared.speaker_has(shared.revision)

    def lost(self) -> None:
        """Hear that the broker is gone."""
        self.agent.lost()
        self.agent.settle()

    def _on_connect(self, client: Client, *_: object) -> None:
        client.subscribe(topics.all_to(self.name), qos=topics.QOS)
        self.agent.connected()
        self.has_news = True
        self._tell(Moment.CONNECTED, clock.now().timestamp())

    def _on_message(self, _client: Client, _: object, message: MQTTMessage) -> None:
        if message.topic in self._followed:
            self._tell(Moment.ARRIVED, self._arrived)
            self._tell(Moment.READ, clock.now().timestamp())
        self.agent.heard(message.topic, bytes(message.payload))
        self.has_news = True

    def _tell(self, what: Moment, instant: float) -> None:
        sys.stdout.write(f"{self.name} {what} {instant:.6f}\n")
        sys.stdout.flush()  # before the device reports it


def _arrived_at(connection: socket.socket) -> float | None:
    """Return when the kernel had what can be read of ``connection``, on the wall clock, None if nothing can."""
    try:
        # of the connection below TLS, which forbids it: nothing is taken away
        found = socket.socket.recvmsg(connection, 1, 64, socket.MSG_PEEK | socket.MSG_DONTWAIT)[1]
    except OSError:
        return None
    for level, kind, data in found:
        if level == socket.SOL_SOCKET and kind == _ARRIVED_AT:
            seconds, nanoseconds = _INSTANT.unpack(data[: _INSTANT.size])
            return float(seconds + nanoseconds / 1e9)
    return None


def _parts(room: Path, root: bytes, name: str, speaker: SilentSpeaker, mouth: Mouth) -> Parts:
    clips, board = SilentClips(room, HttpsAudio((), 0, lambda: contexts.member(room))), Board(room)
    return Parts(
        doorkeeper=Doorkeeper(room, name, PublicKey(root), Counters(room / "counters.json")),
        shared=SharedTaking(
            room,
            clips,
            clock=clock,
            tell=lambda counter, what, why: mouth.report(counter, topics.Inward.PROGRAMME, what, why),
            in_use=lambda: board.clips,
        ),
        urgent=Urgent(
            clips=clips,
            board=board,
            speaker=speaker,
            clock=clock,
            tell=mouth.urgent,
            following=Following(room, speaker, clock, reason_sentence),
            pause=speaker.rest,
        ),
        records=RecordsSending(room, speaker, clock, lambda rows: mouth.tell(Outward.RECORDS, rows)),
        wishes=WishesSending(room, room / "panel", clock, lambda wish: mouth.tell(Outward.PROPOSAL, wish)),
        speaker=speaker,
        on_air=OnAirFile(room / "on-air.json"),
    )


class Many:
    """All lights of this process, on one thread; what an urgent order needs of its own it has."""

    def __init__(self, folder: Path, first: int, count: int) -> None:
        self._outgoing: deque[tuple[Light, str, bytes, bool]] = deque()
        self._chance = random.Random(first)  # noqa: S311 - jitter, not a secret
        self._away = [
            Light(folder / name_of(number), self._outgoing, self._chance.uniform(0, count * SEEN_APART_SECONDS))
            for number in range(first, first + count)
        ]
        self._there: set[Light] = set()
        self._selector = selectors.DefaultSelector()
        self._scan_at = 0.0

    def serve(self) -> None:
        """Connect all, and serve them until the standard input ends."""
        self._selector.register(sys.stdin, selectors.EVENT_READ)
        while True:
            for key, _ in self._selector.select(LOOK_SECONDS):
                if key.data is None:
                    return
                self._read(key.data)
                self._send()  # not when all have read: a report would wait for thousands of others
            self._send()
            now = clock.monotonic()
            if now >= self._scan_at:
                self._scan_at = now + SCAN_EVERY_SECONDS
                self._scan(now)
            self._connect_some(now)

    def _read(self, light: Light) -> None:
        light.look()
        while light.client.loop_read() == MQTTErrorCode.MQTT_ERR_SUCCESS:
            connection = light.client.socket()
            if connection is None or not getattr(connection, "pending", lambda: 0)():
                break
        if light.client.socket() is None:
            self._drop(light)
            return
        if light.has_news:  # it may be the broker's word for a report only
            light.live()
        if light.client.want_write():
            light.client.loop_write()

    def _send(self) -> None:
        while self._outgoing:
            light, topic, payload, retain = self._outgoing.popleft()
            light.client.publish(topic, payload, qos=topics.QOS, retain=retain)
            light.look_at = clock.monotonic() + AGAIN_SECONDS
            if light.client.want_write():
                light.client.loop_write()

    def _scan(self, now: float) -> None:
        for light in tuple(self._there):
            light.client.loop_misc()
            if light.client.socket() is None:
                self._drop(light)
            elif now >= light.look_at:
                light.live()
                light.look_at = now + QUIET_SECONDS

    def _connect_some(self, now: float) -> None:
        for light in [light for light in self._away if light.due <= now][:5]:
            try:
                light.connect()
            except OSError:
                light.due = now + self._chance.uniform(*BACK_WITHIN_SECONDS)
                continue
            self._away.remove(light)
            self._there.add(light)
            self._selector.register(light.descriptor, selectors.EVENT_READ, light)

    def _drop(self, light: Light) -> None:
        self._selector.unregister(light.descriptor)
        self._there.discard(light)
        light.due = clock.monotonic() + self._chance.uniform(*BACK_WITHIN_SECONDS)
        self._away.append(light)
        light.lost()


def main() -> None:
    """Serve until the standard input ends."""
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr)
    threading.stack_size(_STACK_BYTES)
    Many(Path(sys.argv[1]), *map(int, sys.argv[2:4])).serve()


if __name__ == "__main__":
    main()
