"""The PIN of urgent announcements: who tries it out waits longer and longer, and no restart is a way round that."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Lock

import msgspec

from box.clock import Clock
from box.guarded import Guarded
from box.sentences import XiaolabaError
from fleet.hub.locked_key import WrongPin
from fleet.wire.keys import KeyUnreadable, SigningKey

FREE_TRIES = 3
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(minutes=30)
_LOG = logging.getLogger(__name__)


class PinWaits(XiaolabaError):
    """Too many wrong PINs: the next may be tried later."""


class Tries(msgspec.Struct, frozen=True):
    """What is on the disk: how many PINs were wrong since the last right one."""

    wrong: int


class PinGate:
    """Opens the urgent key for who knows the PIN; after some wrong ones each next waits twice as long.

    The number of wrong ones is in the file ``kept``, before each is tried: who can have the hub end, or take its power,
    waits from its start on as long as before.
    """

    def __init__(self, unlock: Callable[[str], SigningKey], clock: Clock, kept: Path) -> None:
        self._unlock = unlock
        self._clock = clock
        self._kept = Guarded(kept, msgspec.json.Decoder(Tries).decode, clock=clock)
        self._lock = Lock()
        self._wrong = self._kept_count()
        self._until = 0.0
        self._hold_off()

    def open(self, pin: str) -> SigningKey:
        """Return the key. Raises WrongPin, PinWaits, KeyUnreadable."""
        with self._lock:
            left = self._until - self._clock.monotonic()
            if left > 0:
                raise PinWaits(
                    f"口令错得太多，请 {left:.0f} 秒后再试", f"too many wrong PINs: try again in {left:.0f} seconds"
                )
            before = self._wrong
            self._count(before + 1)
            try:
                key = self._unlock(pin)
            except WrongPin:
                self._hold_off()
                raise
            except KeyUnreadable:
                self._count(before)
                raise
            self._count(0)
            return key

    def _hold_off(self) -> None:
        if self._wrong >= FREE_TRIES:
            wait = min(FIRST_WAIT * 2 ** min(self._wrong - FREE_TRIES, 10), LONGEST_WAIT)
            self._until = self._clock.monotonic() + wait.total_seconds()

    def _kept_count(self) -> int:
        try:
            tries = self._kept.read()
        except OSError as error:
            _LOG.warning("the tries at the PIN can't be read: %s", error)
            return FREE_TRIES  # half a minute's wait harms less than as many tries as there are restarts
        return max(0, tries.wrong) if tries is not None else 0

    def _count(self, wrong: int) -> None:
        self._wrong = wrong
        try:
            self._kept.write(msgspec.json.encode(Tries(wrong)))
        except OSError as error:  # a full disk must not stand between the PIN and a warning; in memory it counts
            _LOG.warning("the tries at the PIN can't be written down: %s", error)
