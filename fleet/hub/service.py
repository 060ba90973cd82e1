"""The hub's process, put together: everything is opened here, in order, and closed in reverse."""

from __future__ import annotations

import logging
import os
import pwd
import secrets
from collections.abc import Callable
from contextlib import ExitStack
from threading import Event, Thread

from box.addresses import lan_addresses
from box.clock import Clock
from box.folders import Folders
from box.sentences import XiaolabaError
from fleet.enrol import contexts
from fleet.enrol.authority import Authority
from fleet.hub import protocol as p
from fleet.hub.audio import Audio
from fleet.hub.broker import Broker, find_program
from fleet.hub.broker_files import Listen, write_files
from fleet.hub.database import Database
from fleet.hub.devices import Devices
from fleet.hub.enrolling import Enrolment
from fleet.hub.founding import root_of, trusted_by
from fleet.hub.gate import BrokerGate
from fleet.hub.https import HttpsServer, Served
from fleet.hub.inbox import Inbox
from fleet.hub.intake import Intake
from fleet.hub.issuer import Issuer
from fleet.hub.late_orders import LateOrders
from fleet.hub.listening import Listening
from fleet.hub.locked_key import unlock_key
from fleet.hub.outbox import Outbox
from fleet.hub.pin_gate import PinGate
from fleet.hub.room import HubRoom, read_settings
from fleet.hub.socket_server import HubSocket
from fleet.hub.speaking import Speaking
from fleet.hub.station import Parts, Station
from fleet.hub.tickets import Tickets
from fleet.hub.urgent import Urgents
from fleet.mqtt import Message, Mqtt
from fleet.wire import topics
from fleet.wire.keys import SigningKey, read_key
from fleet.wire.names import HUB
from speaker.condition import Alarm

GROUP = "xiaolaba"
LOOPBACK = "127.0.0.1"
BROKER_SECONDS = 5.0
ROUND_SECONDS = 5.0
TIDY_EVERY_ROUNDS = 24 * 3600 // 5
MOST_HOSTS = 8  # of a ticket
_LOG = logging.getLogger(__name__)


class HubService:
    """The hub of ``folders``, listening at ``host``. Raises XiaolabaError of what is missing or damaged, OSError."""

    def __init__(self, folders: Folders, host: str, clock: Clock) -> None:
        room = HubRoom(folders.hub)
        self._room = room
        self._clock = clock
        self._settings = read_settings(room)
        self._root = root_of(room)
        self._alarms: dict[str, Alarm] = {}
        self._ending = Event()
        self._late = LateOrders()
        authority = Authority.read(room.authority)
        configuration = write_files(room, Listen(host, self._settings.broker_port, pwd.getpwuid(os.geteuid()).pw_name))
        self._database = Database(room.registry)
        self._broker = Broker(find_program(), configuration, self._broker_died)
        self._mqtt = Mqtt(
            HUB,
            contexts.hub_as_client(room.certificate, room.key, authority.pem.decode("ascii")),
            topics.FROM_ALL,
            heard_later=self._heard,
            connected=self._connected,
            lost=lambda: None,
            failed=self._failed,
        )
        devices = Devices(self._database)
        self._gate = BrokerGate(
            authority,
            devices,
            self._broker,
            self._mqtt,
            revoked=room.revoked,
            keys=room.keys,
            address=(LOOPBACK, self._settings.broker_port),
        )
        self._parts = self._parts_of(folders, authority, devices)
        self._intake = Intake(self._database, self._parts.listening.heard, self._failed)
        self._https = HttpsServer(
            (host, self._settings.https_port),
            contexts.hub_server(room.certificate, room.key, authority.pem.decode("ascii")),
            Served(authority.pem, self._parts.enrolment.answer, room.audio, devices.is_let_in),
            clock,
        )
        station = Station(
            self._parts,
            key=self._key,
            hosts=self._hosts,
            about=self._about,
            greet=self._gate.greet,
            expel=self._gate.expel,
            clock=clock,
        )
        self._socket = HubSocket(folders.hub_socket, station.answer, GROUP)
        self._rounds = Thread(target=self._go_round, name="rounds", daemon=True)

    def start(self) -> None:
        """Begin: the broker, what talks to it, the port for boxes, and last the socket for people."""
        with ExitStack() as opened:
            self._gate.revoke()
            self._broker.start()
            opened.callback(self._broker.close)
            self._intake.start()
            opened.callback(self._intake.close)
            at = (LOOPBACK, self._settings.broker_port)
            self._broker.wait_for(at, BROKER_SECONDS)  # else the first attempt fails, and the next is seconds later
            self._mqtt.start(*at)
            opened.callback(self._mqtt.close)
            self._https.start()
            opened.callback(self._https.close)
            self._socket.start()
            opened.callback(self._socket.close)
            self._rounds.start()
            opened.callback(self._rounds.join)
            opened.callback(self._ending.set)
            self._opened = opened.pop_all()

    def close(self) -> None:
        """End everything, the broker last; it writes down what it keeps."""
        self._opened.close()
        self._database.close()

    def _parts_of(self, folders: Folders, authority: Authority, devices: Devices) -> Parts:
        room, clock, database = self._room, self._clock, self._database
        inbox, audio = Inbox(database), Audio(database, room.audio, folders.clips)
        outbox = Outbox(database, clock, self._gate.publish)
        enrolment = Enrolment(
            devices,
            Tickets(database),
            authority=authority,
            root=self._root,
            keys=room.keys,
            ports=(self._settings.https_port, self._settings.broker_port),
            clock=clock,
            randomness=secrets.token_bytes,
            revoke=self._gate.revoke,
        )
        return Parts(
            devices=devices,
            inbox=inbox,
            outbox=outbox,
            enrolment=enrolment,
            issuer=Issuer(devices, outbox, audio, community=folders.community, key=self._key, clock=clock),
            speaking=Speaking(
                devices,
                inbox,
                outbox,
                Urgents(database),
                audio,
                gate=PinGate(lambda pin: unlock_key(room.urgent_key, pin), clock, room.pin_tries),
                key=self._key,
                new_id=lambda: f"u-{secrets.token_hex(8)}",
                clock=clock,
            ),
            listening=Listening(devices, inbox, outbox, enrolment, key=self._key, clock=clock),
        )

    def _key(self) -> SigningKey:
        return read_key(self._room.programme_key)

    def _hosts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self._settings.hosts, *lan_addresses())))[:MOST_HOSTS]

    def _about(self) -> p.HubState:
        return p.HubState(
            broker=self._mqtt.is_connected,
            hosts=self._hosts(),
            broker_port=self._settings.broker_port,
            https_port=self._settings.https_port,
            root=self._root.fingerprint,
            root_is_here=self._room.root_key.exists(),
            keys_serial=trusted_by(self._room).serial,
            revision=self._parts.issuer.revision,
            alarms=(*self._alarms.values(), *self._parts.issuer.alarms),
        )

    def _heard(self, message: Message) -> None:
        self._intake.put(message)

    def _connected(self) -> None:
        self._alarms.pop("broker", None)
        for device in self._parts.devices.members():
            self._gate.greet(device.name)
            self._parts.outbox.publish_all(device.name)

    def _broker_died(self, status: int) -> None:
        self._alarms["broker"] = Alarm(
            code="hub-broker",
            zh=f"消息服务意外停了（{status}），正在重新启动；各小区照常按已有的节目播出",
            en=f"the broker ended unexpectedly ({status}) and is started again; the zones go on with what they have",
        )
        _LOG.error("the broker ended: %s", status)

    def _failed(self, error: Exception) -> None:
        _LOG.exception("a message could not be taken in", exc_info=error)
        sentence = error.sentence if isinstance(error, XiaolabaError) else None
        self._alarms["failed"] = Alarm(
            code="hub-failed",
            zh=sentence.zh if sentence else f"总站处理消息时出错：{error}",
            en=sentence.en if sentence else f"the hub failed at a message: {error}",
        )

    def _look_at_line(self) -> None:
        late = self._late.look(self._mqtt.waiting if self._mqtt.is_connected else 0)
        if late is not None:
            self._alarms["late"] = late
        else:
            self._alarms.pop("late", None)

    def _go_round(self) -> None:
        rounds = 0
        signed_by = b""
        while not self._ending.is_set():
            try:
                key = self._key()
                if key.public.id != signed_by:  # at the start, and after the keys were changed
                    self._gate.greet_all()
                    self._parts.listening.sign_anew(key)
                    signed_by = key.public.id
                self._parts.issuer.issue_if_new()
                self._look_at_line()
                if rounds % TIDY_EVERY_ROUNDS == 0:
                    self._parts.issuer.issue_all()  # what was signed long ago is signed anew
                    self._parts.issuer.tidy()
                self._alarms.pop("failed", None)
            except (XiaolabaError, OSError) as error:
                self._failed(error)
            rounds += 1
            self._ending.wait(ROUND_SECONDS)


def serve(folders: Folders, host: str, clock: Clock, until: Callable[[], None]) -> None:
    """Run the hub until ``until`` returns."""
    service = HubService(folders, host, clock)
    service.start()
    try:
        until()
    finally:
        service.close()
