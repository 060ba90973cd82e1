"""Who is let in by the broker, and what it is handed for each device: keys, orders, and nothing for who is lost."""

from __future__ import annotations

import logging
from pathlib import Path
from threading import Event, Lock, Thread

from box.durable import replace_file
from fleet.enrol.authority import Authority
from fleet.hub.broker import Broker
from fleet.hub.devices import Devices, Standing
from fleet.hub.expelling import expel
from fleet.mqtt import Mqtt
from fleet.wire import topics
from fleet.wire.topics import Inward, Outward

# Until the broker has surely read the list of who is revoked, who was thrown off might come back.
_EXPEL_AFTER_SECONDS = (0.0, 0.5, 3.0)
_LOG = logging.getLogger(__name__)


class BrokerGate:
    """``revoked`` is the list the broker reads; ``keys`` the envelope of the keys that count; ``address`` its own."""

    def __init__(
        self,
        authority: Authority,
        devices: Devices,
        broker: Broker,
        mqtt: Mqtt,
        *,
        revoked: Path,
        keys: Path,
        address: tuple[str, int],
    ) -> None:
        self._authority = authority
        self._devices = devices
        self._broker = broker
        self._mqtt = mqtt
        self._revoked = revoked
        self._keys = keys
        self._address = address
        self._lock = Lock()

    def publish(self, device: str, channel: Inward, envelope: bytes) -> None:
        """Hand the broker an envelope for ``device``, to be kept for it.

        What is urgent is not what is to be from now on, but an act: to make one ready undoes no stop of another.
        """
        topic = topics.to_device(device, channel)
        self._mqtt.publish(topic, envelope, retain=True, each=channel is Inward.URGENT)

    def greet(self, device: str) -> None:
        """Hand the broker the keys that count, for ``device``. Raises OSError."""
        self.publish(device, Inward.KEYS, self._keys.read_bytes())

    def greet_all(self) -> None:
        """Do so for every member. Raises OSError."""
        for device in self._devices.members():
            self.greet(device.name)

    def revoke(self) -> None:
        """Have the broker read anew whose certificates count no more. Raises OSError."""
        with self._lock:
            replace_file(self._revoked, self._authority.revocation_list(self._devices.revoked()), mode=0o600)
        self._broker.read_again()

    def expel(self, device: str) -> None:
        """Throw ``device`` off, whose certificate was revoked, and take away what is kept for it if it is lost.

        It is done at once, and again when the broker has surely read the list. Raises OSError.
        """
        self.revoke()
        found = self._devices.find(device)
        if found is not None and found.standing is Standing.LOST:
            for channel in Inward:
                self._mqtt.publish(topics.to_device(device, channel), b"", retain=True)
            self._mqtt.publish(topics.from_device(device, Outward.STATE), b"", retain=True)
        Thread(target=self._throw_off, args=(device,), name="expel", daemon=True).start()

    def _throw_off(self, device: str) -> None:
        waiting = Event()
        for seconds in _EXPEL_AFTER_SECONDS:
            waiting.wait(seconds)
            try:
                expel(device, self._authority, self._address)
            except OSError as error:  # the broker is being started again: who is revoked is not let in then
                _LOG.warning("%s could not be thrown off: %s", device, error)
