"""A device without a loudspeaker: joins, takes what keeps to the rules, and reports. It is a client as any could be."""

from __future__ import annotations

import http.client
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from box.clock import SystemClock
from fleet.enrol import contexts
from fleet.enrol.joining import HttpsHub, Joining
from fleet.enrol.membership import KEYS, Membership, read_membership
from fleet.mqtt import LastWill, Mqtt
from fleet.wire import accounts, topics
from fleet.wire.accounts import LAST_WILL, DeviceState, Report, Told, What
from fleet.wire.counters import Counters
from fleet.wire.documents import Acknowledged, Order
from fleet.wire.keys import PublicKey
from fleet.wire.orders import read_order
from fleet.wire.refusals import EnvelopeRefused
from fleet.wire.rows import Rows
from fleet.wire.topics import Inward, Outward
from fleet.wire.trusted import Trusted
from tests.fleet.hub.a_hub import AHub, eventually


def joined(folder: Path, hub: AHub, name: str, zone: str = "三号院", groups: tuple[str, ...] = ()) -> LightAgent:
    """Join ``hub`` as ``name``, with a person who compares the digits, and connect."""
    ticket = hub.client.invite(name, zone, groups).ticket
    joining = Joining(folder, HttpsHub(), SystemClock(), "test")
    pending = joining.begin(ticket.encode())
    assert joining.ask() is None
    hub.client.confirm(name, pending.digits)
    assert joining.ask() is not None
    agent = LightAgent(folder)
    agent.start()
    return agent


@dataclass
class LightAgent:
    """A member whose files are in ``folder``. ``orders`` are those it has taken, ``refused`` why others were not.

    With ``gives_keys_last`` it meets the keys after the first order, as the broker may well hand them over.
    """

    folder: Path
    orders: list[Order] = field(default_factory=list)
    refused: list[EnvelopeRefused] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    connections: int = 0
    gives_keys_last: bool = False
    held: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        membership = read_membership(self.folder)
        assert membership is not None
        self.membership: Membership = membership
        self.trusted = Trusted(PublicKey(membership.root)).with_newer((self.folder / KEYS).read_bytes())
        self.counters = Counters(self.folder / "counters.json")
        self._lock = Lock()
        self.mqtt = self._client()

    @property
    def name(self) -> str:
        """What it is called."""
        return self.membership.name

    def _client(self) -> Mqtt:
        return Mqtt(
            self.name,
            contexts.member(self.folder),
            topics.all_to(self.name),
            heard=self._heard,
            connected=self._connected,
            lost=lambda: None,
            failed=self.failures.append,
            will=LastWill(topics.from_device(self.name, Outward.STATE), accounts.encode(LAST_WILL)),
        )

    def start(self) -> None:
        """Connect."""
        self.mqtt.start(self.membership.hosts[0], self.membership.broker_port)

    def tell(self, channel: Outward, told: Told) -> None:
        """Tell the hub."""
        topic = topics.from_device(self.name, channel)
        self.mqtt.publish(topic, accounts.encode(told), retain=channel in topics.RETAINED_OUTWARD)

    def _connected(self) -> None:
        self.connections += 1
        self._tell_state()

    def _tell_state(self) -> None:
        counters = {
            channel: highest
            for channel in Inward
            if (highest := self.counters.highest(channel, tuple(key.id for key in self._keys())))
        }
        self.tell(
            Outward.STATE,
            DeviceState(online=True, version="test", counters=counters, keys=self.trusted.serial),
        )

    def _heard(self, topic: str, payload: bytes, _kept: bool) -> None:
        channel = topics.read_to(topic, self.name)
        if channel is None or not payload:
            return
        if channel is Inward.KEYS and self.gives_keys_last and not self.refused:
            self.held.append(payload)
            return
        try:
            if channel is Inward.KEYS:
                self._take_keys(payload)
            else:
                self._take(channel, payload)
        except EnvelopeRefused as error:
            self.refused.append(error)
            while self.held:
                self._take_keys(self.held.pop())

    def _take_keys(self, payload: bytes) -> None:
        before, self.trusted = self.trusted, self.trusted.with_newer(payload)
        if before is not self.trusted:
            self._tell_state()

    def _take(self, channel: Inward, payload: bytes) -> None:
        taken = read_order(
            payload,
            channel,
            me=self.name,
            trusted=self.trusted,
            highest=self.counters.highest,
            now=SystemClock().now(),
        )
        if taken.again:
            return
        self.counters.take(channel, taken.key_id, taken.order.counter)
        with self._lock:
            self.orders.append(taken.order)
        self.tell(
            Outward.REPORT,
            Report(of=taken.order.counter, channel=channel, what=What.TAKEN, at=SystemClock().now(),
                   urgent=getattr(taken.order.does, "urgent", None)),
        )  # fmt: skip

    def _keys(self) -> tuple[PublicKey, ...]:
        return self.trusted.programme + self.trusted.urgent

    def took(self, kind: type) -> list[Order]:
        """Return the orders of one kind that it has taken."""
        with self._lock:
            return [order for order in self.orders if isinstance(order.does, kind)]

    def wait_for(self, kind: type, count: int = 1) -> Order:
        """Wait for the ``count``-th order of ``kind`` and return it."""
        eventually(lambda: len(self.took(kind)) >= count, f"{self.name} takes {kind.__name__} {count}")
        return self.took(kind)[count - 1]

    def acknowledged(self, log: str) -> int:
        """Return up to which change the hub has said that it has the rows."""
        took = self.took(Acknowledged)
        does = took[-1].does if took else None
        marks = does.marks if isinstance(does, Acknowledged) else ()
        return next((mark.change for mark in marks if mark.log == log), 0)

    def tell_rows(self, rows: Rows) -> None:
        """Send records."""
        self.tell(Outward.RECORDS, rows)

    def fetch(self, path: str, **headers: str) -> tuple[int, bytes, dict[str, str]]:
        """Ask the hub's port for ``path`` by this device's certificate."""
        connection = http.client.HTTPSConnection(
            self.membership.hosts[0], self.membership.port, context=contexts.member(self.folder), timeout=60
        )
        try:
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            return response.status, response.read(), dict(response.getheaders())
        finally:
            connection.close()

    def close(self) -> None:
        """Say goodbye."""
        self.tell(Outward.STATE, LAST_WILL)
        self.mqtt.close()
