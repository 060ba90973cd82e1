"""Urgent announcements: which were prepared, said and stopped."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from box.sentences import XiaolabaError
from fleet.hub.database import Database, readable, told
from fleet.wire.documents import Announcement, Say

PREPARED_FOR = timedelta(hours=1)


class NotPrepared(XiaolabaError):
    """There is no such announcement, or it was prepared too long ago, or by a later version of the hub."""


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


@dataclass(frozen=True)
class SeenUrgent:
    """What of one can be shown and stopped, also where a later version of the hub has made it (``newer``).

    What is not known of that is empty; ``starts_at`` is then when it was made, where it was ordered to be said.
    ``own_clips`` are those of devices whose zone the words name.
    """

    id: str
    title: str
    text: str
    zones: tuple[str, ...]
    who: str
    made: datetime
    starts_at: datetime | None
    stopped: datetime | None
    own_clips: dict[str, str]
    newer: bool


class _Glimpse(msgspec.Struct, frozen=True):
    """Of an announcement or its order what is shown, whatever else a later version may say in it."""

    title: str = ""
    text: str = ""
    clip: str = ""
    starts_at: datetime | None = None


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

    def look(self, urgent: str) -> SeenUrgent | None:
        """Return what can be shown of the one with that id, or None."""
        row, own = self._rows(urgent)
        if row is None:
            return None
        announced, made = _glimpse(row["announcement"]), datetime.fromisoformat(row["made"])
        return SeenUrgent(
            id=row["id"],
            title=announced.title,
            text=announced.text,
            zones=msgspec.json.decode(row["zones"], type=tuple[str, ...]),
            who=row["who"],
            made=made,
            starts_at=_glimpse(row["say"]).starts_at or made if row["say"] is not None else None,
            stopped=datetime.fromisoformat(row["stopped"]) if row["stopped"] is not None else None,
            own_clips={one["device"]: _glimpse(one["announcement"]).clip for one in own},
            newer=_whole(row, own) is None,
        )

    def ready(self, urgent: str, now: datetime) -> KeptUrgent:
        """Return the one with that id, if it is new enough to be said and was not yet. Raises NotPrepared."""
        row, own = self._rows(urgent)
        found = _whole(row, own) if row is not None else None
        if row is not None and found is None:
            raise NotPrepared(
                "这条紧急广播是新版本的总站准备的，这个版本播不了，请重新准备",
                "a later version of the hub has prepared this, and this one can't say it; prepare it again",
            )
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

    def _rows(self, urgent: str) -> tuple[sqlite3.Row | None, list[sqlite3.Row]]:
        with self._database.transaction() as connection:
            row = connection.execute("SELECT * FROM urgent WHERE id = ?", (urgent,)).fetchone()
            own = connection.execute(
                "SELECT device, announcement FROM urgent_words WHERE urgent = ?", (urgent,)
            ).fetchall()
        return row, own


def _whole(row: sqlite3.Row, own: list[sqlite3.Row]) -> KeptUrgent | None:
    """Return it with all that it has, None where only a later version can read that."""
    announcement = readable(row["announcement"], Announcement)
    say = readable(row["say"], Say) if row["say"] is not None else None
    words = {one["device"]: readable(one["announcement"], Announcement) for one in own}
    known = {name: said for name, said in words.items() if said is not None}
    if announcement is None or (say is None) != (row["say"] is None) or len(known) < len(words):
        return None
    return KeptUrgent(
        id=row["id"],
        announcement=announcement,
        zones=msgspec.json.decode(row["zones"], type=tuple[str, ...]),
        who=row["who"],
        made=datetime.fromisoformat(row["made"]),
        say=say,
        stopped=datetime.fromisoformat(row["stopped"]) if row["stopped"] is not None else None,
        own=known,
    )


def _glimpse(content: bytes) -> _Glimpse:
    return readable(content, _Glimpse) or _Glimpse()
