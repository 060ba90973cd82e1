"""Urgent announcements: which were prepared, said and stopped."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from box.sentences import XiaolabaError
from fleet.hub.database import Database, told
from fleet.wire.documents import Announcement, Say

PREPARED_FOR = timedelta(hours=1)


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
