"""The broker as hub and agent use it, over paho: a thin seam, where nothing is decided."""

from __future__ import annotations

import logging
import random
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from fleet.waiting_line import Outgoing, WaitingLine
from fleet.wire.topics import KEEPALIVE_SECONDS, QOS

LONGEST_REST_SECONDS = 30.0
SHORTEST_REST_SECONDS = 0.5
# Half of the numbers that a message can have (MQTT 3.1.1, 2.3.1): paho refuses one whose number is still taken, and
# forgets it. A low bound costs: each order beyond it waits for the broker's word about one before it, which stands in
# line with what the boxes tell meanwhile: 99 % of 5,000 had an urgent order after 2.1 to 3.5 s at 200 at a time, and
# after 0.9 to 1.4 s without a bound (measured, at a load of 18).
MOST_UNDER_WAY = 32_767
_NO_BOUND = 0  # paho's own: the line is ours
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class LastWill:
    """What the broker says of a client that it has lost. Retained."""

    topic: str
    payload: bytes


@dataclass(frozen=True)
class Message:
    """What came, whether the broker had kept it, and the word by which the broker learns that it is here for good."""

    topic: str
    payload: bytes
    kept: bool
    acknowledge: Callable[[], None]


class Mqtt:
    """One client, by its certificate, with a session that outlives the connection; it reconnects by itself.

    ``heard`` is told each message (topic, payload, whether it was kept for us), on paho's thread; only then
    does the broker learn that it came. With ``heard_later`` the message is handed to that instead, with the word by
    which the broker learns it: whoever takes it in says it, on any thread. An exception would kill the thread
    (measured): it is caught and goes to ``failed``. ``connected`` is called at each connection, once the subscription
    was asked for. Between two attempts lies a rest of random length that grows: a town's boxes come back in one
    second, and must not all ask at once.

    What is published waits in line while the broker is away, or has not said of ``most_under_way`` that they came.
    """

    def __init__(
        self,
        name: str,
        context: ssl.SSLContext,
        subscription: str,
        *,
        heard: Callable[[str, bytes, bool], None] | None = None,
        heard_later: Callable[[Message], None] | None = None,
        connected: Callable[[], None],
        lost: Callable[[], None],
        failed: Callable[[Exception], None],
        will: LastWill | None = None,
        longest_rest_seconds: float = LONGEST_REST_SECONDS,
        chance: Callable[[], float] = random.random,
        most_under_way: int = MOST_UNDER_WAY,
    ) -> None:
        self._name = name
        self._subscription = subscription
        self._heard = heard
        self._heard_later = heard_later
        self._connection = 0
        self._connected = connected
        self._lost = lost
        self._failed = failed
        self._longest_rest_seconds = longest_rest_seconds
        self._chance = chance
        self._misses = 0
        self._hosts: tuple[str, ...] = ()
        self._port = 0
        client = Client(
            CallbackAPIVersion.VERSION2, client_id=name, clean_session=False, manual_ack=heard_later is not None
        )
        client.tls_set_context(context)
        client.max_inflight_messages_set(_NO_BOUND)
        client.max_queued_messages_set(_NO_BOUND)
        if will is not None:
            client.will_set(will.topic, will.payload, qos=QOS, retain=True)
        client.on_connect = self._on_connect
        client.on_connect_fail = self._on_connect_fail
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        client.on_subscribe = self._on_subscribe
        client.on_publish = self._on_publish
        self._client = client
        self._line = WaitingLine(self._send, most=most_under_way)
        self._rest()

    def start(self, host: str, port: int, *others: str) -> None:
        """Connect, now or as soon as the broker is there, and stay connected. ``others`` are tried where it is not."""
        self._hosts, self._port = (host, *others), port
        self._client.connect_async(host, port, keepalive=KEEPALIVE_SECONDS)
        self._client.loop_start()

    def publish(self, topic: str, payload: bytes, *, retain: bool, each: bool = False) -> None:
        """Send ``payload``, at least once, in the order of the calls. Where it can't be sent now it waits in memory.

        Of what is retained on a topic the newest alone waits, unless ``each`` counts.
        """
        self._line.put(Outgoing(topic, payload, retain, each))

    @property
    def waiting(self) -> int:
        """How many messages wait for room, or for the broker."""
        return len(self._line)

    @property
    def is_connected(self) -> bool:
        """Whether the broker is there now."""
        return self._client.is_connected()

    def close(self) -> None:
        """Say goodbye: the broker then tells nobody the last will. It is not started again."""
        self._client.disconnect()
        self._client.loop_stop()
        self._line.shut()
        self._client.reinitialise(self._name, clean_session=False)  # else paho leaves its pair of sockets open

    def _on_connect(
        self, client: Client, _: object, _flags: ConnectFlags, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        if reason.is_failure:
            _LOG.warning("the broker does not let this client in: %s", reason)
            return
        self._misses = 0
        self._connection += 1
        client.subscribe(self._subscription, qos=QOS)
        self._guarded(self._connected)

    def _on_subscribe(
        self, _client: Client, _: object, _number: int, _reasons: list[ReasonCode], _properties: Properties | None
    ) -> None:
        """Send what waits. Not earlier: paho first sends again what was under way when the connection was lost."""
        self._guarded(self._line.opened)

    def _on_publish(
        self, _client: Client, _: object, _number: int, _reason: ReasonCode, _properties: Properties | None
    ) -> None:
        self._guarded(self._line.came)

    def _send(self, outgoing: Outgoing) -> None:
        """Give it to paho, under the next number that is free: no more than half of them are taken.

        What paho can't send as the connection has just ended it keeps, and sends on the next.
        """
        refused = MQTTErrorCode.MQTT_ERR_QUEUE_SIZE
        while self._client.publish(outgoing.topic, outgoing.payload, qos=QOS, retain=outgoing.retain).rc is refused:
            continue

    def _on_disconnect(
        self, _client: Client, _: object, _flags: DisconnectFlags, _reason: ReasonCode, _properties: Properties | None
    ) -> None:
        self._line.shut()
        self._rest()
        self._guarded(self._lost)

    def _on_connect_fail(self, client: Client, _: object) -> None:
        self._misses += 1
        self._rest()
        if len(self._hosts) > 1:
            host = self._hosts[self._misses % len(self._hosts)]
            client.connect_async(host, self._port, keepalive=KEEPALIVE_SECONDS)

    def _rest(self) -> None:
        """Set how long it waits before the next attempt, where that becomes necessary."""
        seconds = rest_seconds(self._misses, self._chance(), self._longest_rest_seconds)
        self._client.reconnect_delay_set(min_delay=seconds, max_delay=seconds)  # type: ignore[arg-type]  # it sleeps so

    def _on_message(self, _client: Client, _: object, message: MQTTMessage) -> None:
        topic, payload, kept = message.topic, bytes(message.payload), message.retain
        if self._heard_later is not None:
            later, word = self._heard_later, partial(self._acknowledge, self._connection, message.mid, message.qos)
            self._guarded(lambda: later(Message(topic, payload, kept, word)))
        elif self._heard is not None:
            heard = self._heard
            self._guarded(lambda: heard(topic, payload, kept))

    def _acknowledge(self, connection: int, number: int, qos: int) -> None:
        """Tell the broker that a message is here for good; on another connection its number is another message's."""
        if connection == self._connection:
            self._client.ack(number, qos)

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - it would end paho's thread, and with it every message to come
            self._failed(error)


def rest_seconds(misses: int, chance: float, longest: float) -> float:
    """Return how long to rest after so many attempts that came to nothing.

    Anywhere between the shortest and twice as long for each miss ("full jitter"): of attempts that began in the same
    second no two waves are left after a few.
    """
    most = min(longest, float(2 << min(misses, 16)))
    return SHORTEST_REST_SECONDS + chance * max(0.0, most - SHORTEST_REST_SECONDS)
