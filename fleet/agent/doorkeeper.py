"""Every payload is held to the rules here, and its counter is on disk, before anything is done about it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from box.durable import replace_file
from box.guarded import copy_of
from fleet.enrol.membership import KEYS, kept
from fleet.wire.counters import Counters
from fleet.wire.keys import PublicKey
from fleet.wire.orders import Taken, read_order
from fleet.wire.topics import Inward
from fleet.wire.trusted import Trusted


class Doorkeeper:
    """Knows whom this box trusts and what it has taken. ``folder`` is the agent's room, ``me`` the box's name."""

    def __init__(self, folder: Path, me: str, root: PublicKey, counters: Counters) -> None:
        self._folder = folder
        self._me = me
        self._counters = counters
        self._trusted = Trusted(root).with_newer((folder / KEYS).read_bytes())

    @property
    def serial(self) -> int:
        """The serial number of the keys that count."""
        return self._trusted.serial

    def take_keys(self, payload: bytes) -> None:
        """Let the keys in ``payload`` count from now on. Raises EnvelopeRefused, OSError."""
        newer = self._trusted.with_newer(payload)
        if newer is self._trusted:
            return
        # The copy first: an older one would give back what a stolen key may, and its counters are forgotten below.
        replace_file(copy_of(self._folder / KEYS), payload)
        kept(self._folder, KEYS, bytes).write(payload)
        self._trusted = newer
        self._counters.forget_but(frozenset(key.id for key in newer.programme + newer.urgent))

    def admit(self, payload: bytes, channel: Inward, now: datetime | None) -> Taken:
        """Return the order in ``payload`` once its counter is on disk. Raises EnvelopeRefused, OSError.

        ``now`` is None where the clock is not to be trusted.
        """
        taken = read_order(
            payload,
            channel,
            me=self._me,
            trusted=self._trusted,
            highest=self._counters.highest,
            now=now,
        )
        if not taken.again:
            self._counters.take(channel, taken.key_id, taken.order.counter)
        return taken

    def counters(self) -> dict[Inward, int]:
        """Return the highest counter that was taken on each channel, where one was."""
        ids = tuple(key.id for key in self._trusted.programme + self._trusted.urgent)
        found = {channel: self._counters.highest(channel, ids) for channel in Inward}
        return {channel: highest for channel, highest in found.items() if highest}
