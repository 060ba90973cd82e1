"""Many light devices in one process: TLS, MQTT, and the agent's own checks of what it is ordered; no sound.

``python -m bench.light_agents FOLDER PORT FIRST COUNT`` says on standard output, a line each: what, who, and when.
"""

from __future__ import annotations

import random
import selectors
import sys
from pathlib import Path

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

from box.clock import SystemClock
from fleet.enrol import contexts
from fleet.wire import accounts, topics
from fleet.wire.accounts import LAST_WILL, DeviceState
from fleet.wire.documents import Say, SharedProgramme
from fleet.wire.keys import PublicKey
from fleet.wire.orders import read_order
from fleet.wire.refusals import EnvelopeRefused
from fleet.wire.topics import Inward, Outward
from fleet.wire.trusted import Trusted

LOOK_SECONDS = 0.02
TEND_EVERY_SECONDS = 1.0
BACK_WITHIN_SECONDS = (0.5, 3.0)  # a bench is not a town: a town spreads its return over minutes
clock = SystemClock()


def name_of(number: int) -> str:
    """Return what the device with that number is called."""
    return f"d-{number:05d}"


class Light:
    """One device."""

    def __init__(self, folder: Path, port: int, number: int) -> None:
        self.name = name_of(number)
        self._port = port
        self._highest: dict[Inward, int] = {}
        root, keys = (folder / "root").read_bytes(), (folder / "keys.envelope").read_bytes()
        self._trusted = Trusted(PublicKey(root)).with_newer(keys)
        context = contexts.hub_of((folder / "authority.pem").read_text(encoding="ascii"))
        context.load_cert_chain(folder / f"{self.name}.pem", password="")
        client = Client(CallbackAPIVersion.VERSION2, client_id=self.name, clean_session=False)
        client.tls_set_context(context)
        state = topics.from_device(self.name, Outward.STATE)
        client.will_set(state, accounts.encode(LAST_WILL), qos=topics.QOS, retain=True)
        client.on_connect = self._on_connect
        client.on_message = self._on_message
        self.client = client
        self.due = 0.0

    def connect(self) -> None:
        """Connect; the handshake is waited for. Raises OSError."""
        self.client.connect("127.0.0.1", self._port, keepalive=topics.KEEPALIVE_SECONDS * 4)

    def _on_connect(self, client: Client, *_: object) -> None:
        client.subscribe(topics.all_to(self.name), qos=topics.QOS)
        state = DeviceState(online=True, version="light", keys=1)
        topic = topics.from_device(self.name, Outward.STATE)
        client.publish(topic, accounts.encode(state), qos=topics.QOS, retain=True)
        say("connected", self.name)

    def _on_message(self, _client: Client, _: object, message: MQTTMessage) -> None:
        channel = topics.read_to(message.topic, self.name)
        if channel is None or channel is Inward.KEYS or not message.payload:
            return
        try:
            taken = read_order(
                bytes(message.payload),
                channel,
                me=self.name,
                trusted=self._trusted,
                highest=lambda one, _: self._highest.get(one, 0),
                now=clock.now(),
            )
        except EnvelopeRefused as error:
            say(f"refused:{error.why}", self.name)
            return
        if taken.again:
            return
        self._highest[channel] = taken.order.counter
        does = taken.order.does
        if isinstance(does, SharedProgramme):
            say(f"programme:{does.revision}", self.name)
        elif isinstance(does, Say):
            say(f"say:{does.urgent}", self.name)


def say(what: str, name: str) -> None:
    """Tell the bench."""
    sys.stdout.write(f"{what} {name} {clock.monotonic():.6f}\n")


def main() -> None:
    """Connect all, and serve them until the standard input ends."""
    folder, port, first, count = Path(sys.argv[1]), *map(int, sys.argv[2:5])
    away = [Light(folder, port, number) for number in range(first, first + count)]
    chance = random.Random(first)  # noqa: S311 - jitter, not a secret
    with selectors.DefaultSelector() as selector:
        selector.register(sys.stdin, selectors.EVENT_READ)
        there: set[Light] = set()
        tend_at = 0.0
        while True:
            for key, _ in selector.select(LOOK_SECONDS):
                if key.data is None:
                    return
                _serve(key.data)
            now = clock.monotonic()
            if now >= tend_at:
                tend_at = now + TEND_EVERY_SECONDS
                for light in there:
                    light.client.loop_misc()
            for light in [light for light in there if light.client.socket() is None]:
                there.discard(light)
                light.due = now + chance.uniform(*BACK_WITHIN_SECONDS)
                away.append(light)
            for light in [light for light in away if light.due <= now][:5]:
                try:
                    light.connect()
                except OSError:
                    light.due = now + chance.uniform(*BACK_WITHIN_SECONDS)
                    continue
                away.remove(light)
                there.add(light)
                selector.register(_descriptor(light), selectors.EVENT_READ, light)
            for light in there:
                if light.client.want_write():
                    light.client.loop_write()
            _forget_the_gone(selector)
            sys.stdout.flush()


def _serve(light: Light) -> None:
    while light.client.loop_read() == MQTTErrorCode.MQTT_ERR_SUCCESS:
        connection = light.client.socket()
        if connection is None or not getattr(connection, "pending", lambda: 0)():
            return


def _descriptor(light: Light) -> int:
    connection = light.client.socket()
    if connection is None:
        raise OSError("not connected")
    return int(connection.fileno())


def _forget_the_gone(selector: selectors.BaseSelector) -> None:
    for key in [
        key for key in selector.get_map().values() if key.data is not None and key.data.client.socket() is None
    ]:
        selector.unregister(key.fileobj)


if __name__ == "__main__":
    main()
