"""Looks at the contacts' pins over and over, on a thread of its own, and tells what their lines have settled to."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from threading import Event, Thread
from typing import Protocol

from box.clock import Clock
from speaker.contacts.line import Line, Settling

SCAN_SECONDS = 0.02  # a button that is pressed in passing is closed for 80 ms and more
TICKS_EVERY = 25  # scans: twice a second, while a call stands, the station looks how far it is
_END_SECONDS = 1.0
_LOG = logging.getLogger(__name__)


class Wires(Protocol):
    """A contact's pins."""

    name: str
    debounce_seconds: float

    def line(self) -> Line | None:
        """Return what they say now, None where they can't be read: that is told as an alarm of its own."""
        ...


class Scan:
    """Calls ``changed`` with a contact's name and line whenever that has settled to another, and ``tick`` now and then.

    What can't be read changes nothing: the line stays what it was last known to be. Both are called on its thread.
    """

    def __init__(
        self,
        contacts: Sequence[Wires],
        clock: Clock,
        *,
        changed: Callable[[str, Line], None],
        tick: Callable[[], None],
    ) -> None:
        self._contacts = contacts
        self._clock = clock
        self._changed = changed
        self._tick = tick
        self._settling = {contact.name: Settling() for contact in contacts}
        self._scans = 0
        self._turned = clock.monotonic()
        self._closing = Event()
        self._thread = Thread(target=self._run, name="contacts", daemon=True)

    def start(self) -> None:
        """Begin to look, where there is a contact."""
        self._turned = self._clock.monotonic()
        if self._contacts:
            self._thread.start()

    def close(self) -> None:
        """Look no more."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(_END_SECONDS)

    def is_stuck(self, seconds: float) -> bool:
        """Tell whether it should have looked in the last ``seconds`` and has not."""
        return bool(self._contacts) and self._clock.monotonic() - self._turned > seconds

    def look(self) -> None:
        """Look once at every contact."""
        now = self._turned = self._clock.monotonic()
        for contact in self._contacts:
            line = contact.line()
            before = self._settling[contact.name]
            if line is None:
                self._settling[contact.name] = before.unseen()
                continue
            after = self._settling[contact.name] = before.seen(line, now, contact.debounce_seconds)
            if after.settled is not None and after.settled is not before.settled:
                self._changed(contact.name, after.settled)
        self._scans += 1
        if self._scans % TICKS_EVERY == 0:
            self._tick()

    def _run(self) -> None:
        while not self._closing.wait(SCAN_SECONDS):
            try:
                self.look()
            except Exception:  # noqa: BLE001 - the watchdog would restart it; until then the others are looked at
                _LOG.exception("a look at the contacts failed")
