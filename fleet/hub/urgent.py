"""Urgent announcements: which were prepared, said and stopped, and the PIN that opens the key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

import msgspec

from box.clock import Clock
from box.sentences import XiaolabaError
from fleet.hub.database import Database, told
from fleet.hub.locked_key import WrongPin
from fleet.wire.documents import Announcement, Say
from fleet.wire.keys import SigningKey

FREE_TRIES = 3
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(minutes=30)
PREPARED_FOR = timedelta(hours=1)


class PinWaits(XiaolabaError):
    """Too many wrong PINs: the next may be tried later."""


class NotPrepared(XiaolabaError):
    """There is no such announcement, or it was prepared too long ago."""


@dataclass(frozen=True)
class KeptUrgent:
    """An urgent announcement: for which devices, by whom, what was ordered and when it was stopped.

    ``own`` is what devices say whose zone the words name.
    """

    id: str
    announcement: Announcement
    zones: tuple[str, ...]
    who: str
    made: datetime
    say: Say | None
    stopped: datetime | None
    own: dict[str, Announcement] = field(default_factory=dict)

    def said_by(self, device: str) -> Announcement:
        """Return what ``device`` is to say."""
        return self.own.get(device, self.announcement)


class Urgents:
    """The table of urgent announcements."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def prepare(self, urgent: KeptUrgent) -> None:
        """Keep a new one."""
        announcement, zones = msgspec.json.encode(urgent.announcement), msgspec.json.encode(urgent.zones).decode()
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO urgent (id, announcement, zones, who, made) VALUES (?, ?, ?, ?, ?)",
                (urgent.id, announcement, zones, urgent.who, told(urgent.made)),
            )
            connection.executemany(
                "INSERT INTO urgent_words (urgent, device, announcement) VALUES (?, ?, ?)",
                [(urgent.id, device, msgspec.json.encode(own)) for device, own in urgent.own.items()],
            )

    def find(self, urgent: str) -> KeptUrgent | None:
        """Return the one with that id, or None."""
        with self._database.transaction() as connection:
            row = connection.execute("SELECT * FROM urgent WHERE id = ?", (urgent,)).fetchone()
            own = connection.execute(
                "SELECT device, announcement FROM urgent_words WHERE urgent = ?", (urgent,)
            ).fetchall()
        if row is None:
            return None
        return KeptUrgent(
            id=row["id"],
            announcement=msgspec.json.decode(row["announcement"], type=Announcement),
            zones=msgspec.json.decode(row["zones"], type=tuple[str, ...]),
            who=row["who"],
            made=datetime.fromisoformat(row["made"]),
            say=msgspec.json.decode(row["say"], type=Say) if row["say"] is not None else None,
            stopped=datetime.fromisoformat(row["stopped"]) if row["stopped"] is not None else None,
            own={one["device"]: msgspec.json.decode(one["announcement"], type=Announcement) for one in own},
        )

    def ready(self, urgent: str, now: datetime) -> KeptUrgent:
        """Return the one with that id, if it is new enough to be said and was not yet. Raises NotPrepared."""
        found = self.find(urgent)
        if found is None or found.say is not None or found.stopped is not None or now - found.made > PREPARED_FOR:
            raise NotPrepared(
                "这条紧急广播不能播：已经播过、停止过，或准备的时间太久，请重新准备",
                "this can't be said: it was said or stopped already, or prepared too long ago; prepare it again",
            )
        return found

    def latest(self, most: int) -> tuple[str, ...]:
        """Return the ids of the latest, the newest first."""
        with self._database.transaction() as connection:
            rows = connection.execute("SELECT id FROM urgent ORDER BY made DESC LIMIT ?", (most,)).fetchall()
        return tuple(row["id"] for row in rows)

    def note_said(self, urgent: str, say: Say) -> None:
        """Keep what was ordered."""
        with self._database.transaction() as connection:
            connection.execute("UPDATE urgent SET say = ? WHERE id = ?", (msgspec.json.encode(say), urgent))

    def note_stopped(self, urgent: str | None, now: datetime) -> None:
        """Keep that it was stopped; every one where None is named."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE urgent SET stopped = ? WHERE stopped IS NULL AND (? IS NULL OR id = ?)",
                (told(now), urgent, urgent),
            )


class PinGate:
    """Opens the urgent key for who knows the PIN; after some wrong ones each next waits twice as long."""

    def __init__(self, unlock: Callable[[str], SigningKey], clock: Clock) -> None:
        self._unlock = unlock
        self._clock = clock
        self._lock = Lock()
        self._wrong = 0
        self._until = 0.0

    def open(self, pin: str) -> SigningKey:
        """Return the key. Raises WrongPin, PinWaits, KeyUnreadable."""
        with self._lock:
            left = self._until - self._clock.monotonic()
            if left > 0:
                raise PinWaits(
                    f"口令错得太多，请 {left:.0f} 秒后再试", f"too many wrong PINs: try again in {left:.0f} seconds"
                )
            try:
                key = self._unlock(pin)
            except WrongPin:
                self._wrong += 1
                if self._wrong >= FREE_TRIES:
                    wait = min(FIRST_WAIT * 2 ** min(self._wrong - FREE_TRIES, 10), LONGEST_WAIT)
                    self._until = self._clock.monotonic() + wait.total_seconds()
                raise
            self._wrong = 0
            return key
