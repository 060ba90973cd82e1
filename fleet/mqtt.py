"""The broker as hub and agent use it, over paho: a thin seam, where nothing is decided."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Callable
from dataclasses import dataclass

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from fleet.wire.topics import KEEPALIVE_SECONDS, QOS

_MOST_INFLIGHT = 200
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class LastWill:
    """What the broker says of a client that it has lost. Retained."""

    topic: str
    payload: bytes


class Mqtt:
    """One client, by its certificate, with a session that outlives the connection; it reconnects by itself.

    ``heard`` is told each message (topic, payload, whether it was kept for us), on paho's thread; only then
    does the broker learn that it came. An exception would kill the thread (measured): it is caught and goes to
    ``failed``. ``connected`` is called at each connection, once the subscription was asked for.
    """

    def __init__(
        self,
        name: str,
        context: ssl.SSLContext,
        subscription: str,
        *,
        heard: Callable[[str, bytes, bool], None],
        connected: Callable[[], None],
        lost: Callable[[], None],
        failed: Callable[[Exception], None],
        will: LastWill | None = None,
    ) -> None:
        self._subscription = subscription
        self._heard = heard
        self._connected = connected
        self._lost = lost
        self._failed = failed
        client = Client(CallbackAPIVersion.VERSION2, client_id=name, clean_session=False)
        client.tls_set_context(context)
        client.reconnect_delay_set(min_delay=1, max_delay=30)
        client.max_inflight_messages_set(_MOST_INFLIGHT)
        client.max_queued_messages_set(0)
        if will is not None:
            client.will_set(will.topic, will.payload, qos=QOS, retain=True)
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        self._client = client

    def start(self, host: str, port: int) -> None:
        """Connect, now or as soon as the broker is there, and stay connected."""
        self._client.connect_async(host, port, keepalive=KEEPALIVE_SECONDS)
        self._client.loop_start()

    def publish(self, topic: str, payload: bytes, *, retain: bool) -> None:
        """Send ``payload``, at least once. What is sent while the broker is away waits in memory."""
        self._client.publish(topic, payload, qos=QOS, retain=retain)

    @property
    def is_connected(self) -> bool:
        """Whether the broker is there now."""
        return self._client.is_connected()

    def close(self) -> None:
        """Say goodbye: the broker then tells nobody the last will."""
        self._client.disconnect()
        self._client.loop_stop()

    def _on_connect(
        self, client: Client, _: object, _flags: ConnectFlags, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        if reason.is_failure:
            _LOG.warning("the broker does not let this client in: %s", reason)
            return
        client.subscribe(self._subscription, qos=QOS)
        self._guarded(self._connected)

    def _on_disconnect(
        self, _client: Client, _: object, _flags: DisconnectFlags, _reason: ReasonCode, _properties: Properties | None
    ) -> None:
        self._guarded(self._lost)

    def _on_message(self, _client: Client, _: object, message: MQTTMessage) -> None:
        self._guarded(lambda: self._heard(message.topic, bytes(message.payload), message.retain))

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - it would end paho's thread, and with it every message to come
            self._failed(error)
