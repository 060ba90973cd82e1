"""What was ordered last, of each device and channel: signed, kept, and given to the broker again when it forgets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import msgspec

from box.clock import Clock
from fleet.hub.database import Database, told
from fleet.wire.bounded import HIGHEST_COUNTER
from fleet.wire.documents import CHANNELS, Command, Order
from fleet.wire.keys import SigningKey
from fleet.wire.orders import next_counter, sign_order
from fleet.wire.topics import Inward

T = TypeVar("T")
Publish = Callable[[str, Inward, bytes], None]

# A box that was away for a year still gets its programme; what is to be said at once is worth nothing tomorrow.
HOLDS: dict[Inward, timedelta] = {
    Inward.PROGRAMME: timedelta(days=400),
    Inward.ACKNOWLEDGED: timedelta(days=400),
    Inward.ANSWERS: timedelta(days=400),
    Inward.URGENT: timedelta(hours=2),
}
SIGN_AGAIN_AFTER = timedelta(days=30)

_command: msgspec.json.Decoder[Command] = msgspec.json.Decoder(Command)


class Outbox:
    """The table of orders. ``publish`` hands the broker an envelope, retained, for a device and channel.

    An order is on disk before the broker has it: no counter is ever used for two.
    """

    def __init__(self, database: Database, clock: Clock, publish: Publish) -> None:
        self._database = database
        self._clock = clock
        self._publish = publish

    def order(self, device: str, does: Command, key: SigningKey) -> int:
        """Sign the order for ``device``, keep and send it; return its counter. Raises EnvelopeRefused if too large."""
        return self.order_all({device: does}, key)[device]

    def order_all(self, orders: Mapping[str, Command], key: SigningKey) -> dict[str, int]:
        """Do so for many devices: they are kept in one act, as each takes the disk its time. Return the counters."""
        now = self._clock.now()
        counters: dict[str, int] = {}
        with self._database.transaction() as connection:
            for device, does in orders.items():
                channel = CHANNELS[type(does)]
                row = connection.execute(
                    "SELECT counter FROM sent WHERE device = ? AND channel = ?", (device, channel)
                ).fetchone()
                counter = next_counter(row["counter"] if row is not None else 0, now)
                order = Order(to=device, counter=counter, issued=now, expires=now + HOLDS[channel], does=does)
                envelope = sign_order(order, key)
                connection.execute(
                    "INSERT OR REPLACE INTO sent (device, channel, counter, envelope, does, issued) "
                    "VALUES (?, ?, ?, ?, ?, ?)",
                    (device, channel, counter, envelope, msgspec.json.encode(does), told(now)),
                )
                counters[device] = counter
                self._database.afterwards(partial(self._publish, device, channel, envelope))
        return counters

    def last(self, device: str, channel: Inward) -> tuple[Command, datetime] | None:
        """Return what ``device`` was ordered last on ``channel``, and when; None if nothing that can be read."""
        with self._database.transaction() as connection:
            row = connection.execute(
                "SELECT does, issued FROM sent WHERE device = ? AND channel = ?", (device, channel)
            ).fetchone()
        if row is None:
            return None
        try:
            return _command.decode(row["does"]), datetime.fromisoformat(row["issued"])
        except msgspec.MsgspecError:  # a later version of this hub has ordered it: it is ordered anew
            return None

    def every(self, channel: Inward, read: Callable[[bytes], T]) -> dict[str, T]:
        """Return what ``read`` makes of the last order (its JSON) to each device on ``channel``, in their order.

        What it can't read (msgspec's errors), as a later version has ordered it, is left out.
        """
        with self._database.transaction() as connection:
            rows = connection.execute("SELECT device, does FROM sent WHERE channel = ? ORDER BY device", (channel,))
            found: dict[str, T] = {}
            for row in rows:
                with suppress(msgspec.MsgspecError):
                    found[row["device"]] = read(row["does"])
            return found

    def envelopes(self, device: str) -> dict[Inward, bytes]:
        """Return the envelope of the last order of each channel, as the broker has it."""
        with self._database.transaction() as connection:
            rows = connection.execute("SELECT channel, envelope FROM sent WHERE device = ?", (device,)).fetchall()
        return {Inward(row["channel"]): row["envelope"] for row in rows}

    def counters(self, device: str) -> dict[Inward, int]:
        """Return the counter of the last order of each channel."""
        with self._database.transaction() as connection:
            rows = connection.execute("SELECT channel, counter FROM sent WHERE device = ?", (device,)).fetchall()
        return {Inward(row["channel"]): row["counter"] for row in rows}

    def raise_counters(self, device: str, heard: dict[Inward, int]) -> tuple[Inward, ...]:
        """Go on above the counters that ``device`` says it has taken; return the channels on which we were below.

        That is so after the hub's disk was restored from a backup: what it orders next must not look like a replay.
        """
        below = []
        with self._database.transaction() as connection:
            for channel, counter in heard.items():
                changed = connection.execute(
                    "UPDATE sent SET counter = ? WHERE device = ? AND channel = ? AND counter < ?",
                    (min(counter, HIGHEST_COUNTER - 1), device, channel, counter),
                )
                if changed.rowcount:
                    below.append(channel)
        return tuple(below)

    def signed_by_others(self, key_id: bytes) -> tuple[tuple[str, Inward], ...]:
        """Return the devices and channels, but the urgent one, whose last order another key has signed."""
        with self._database.transaction() as connection:
            rows = connection.execute(
                "SELECT device, channel FROM sent WHERE substr(envelope, 1, ?) != ? AND channel != ?",
                (len(key_id), key_id, Inward.URGENT),
            ).fetchall()
        return tuple((row["device"], Inward(row["channel"])) for row in rows)

    def publish_all(self, device: str) -> None:
        """Hand the broker everything that ``device`` was ordered last, once more."""
        with self._database.transaction() as connection:
            rows = connection.execute("SELECT channel, envelope FROM sent WHERE device = ?", (device,)).fetchall()
            for row in rows:
                self._database.afterwards(partial(self._publish, device, Inward(row["channel"]), row["envelope"]))
