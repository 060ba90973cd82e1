"""Every version of one message, found quickly among a thousand former editions of the programme.

Reading an edition takes 13 ms here and five times that on a Pi, so an index beside the history remembers which message
stood in which edition and how. It is made from the history and can be thrown away; nothing is told from it but by it.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from threading import Lock

import msgspec

from box.sentences import XiaolabaError
from box.store import StoreDamaged, opened
from programme.model import Message
from web.desk import FormerEditions

READ_AT_ONCE = 20  # editions: a second and a half on a Pi
SHOWN_AT_ONCE = 20

_TABLES = """
CREATE TABLE IF NOT EXISTS edition (name TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS wording (mark TEXT PRIMARY KEY, message BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS stood (message TEXT NOT NULL, edition TEXT NOT NULL, mark TEXT NOT NULL,
    PRIMARY KEY (message, edition)) WITHOUT ROWID;
"""
_STOOD = "SELECT edition, mark FROM stood WHERE message = ? ORDER BY edition"


@dataclass(frozen=True)
class Version:
    """A version of a message: the edition it came with, who wrote it, and what it was ``before`` (None: it is new)."""

    edition: str
    at: datetime
    author: str
    approver: str
    message: Message
    before: Message | None


@dataclass(frozen=True)
class Versions:
    """Some versions, the newest first; ``older`` is where the rest begins, empty where there is none.

    Not ``whole``: not all editions have been read yet, so that the first of these may be older than it seems.
    """

    shown: tuple[Version, ...]
    older: str
    whole: bool


class MessageVersions:
    """The index at ``path`` over ``history``; two threads may use it."""

    def __init__(self, path: Path, history: FormerEditions) -> None:
        self._path = path
        self._history = history
        self._lock = Lock()
        self.whole = False

    def catch_up(self, most: int = READ_AT_ONCE) -> None:
        """Read at most that many editions that have not been read, the newest first; forget those that are gone."""
        with self._lock, self._open() as store:
            kept = [former.name for former in self._history.entries()]
            known = {name for (name,) in store.execute("SELECT name FROM edition")}
            fresh = [name for name in kept if name not in known]
            with store:
                for name in fresh[:most]:
                    self._take(store, name)
                for name in known.difference(kept):
                    store.execute("DELETE FROM edition WHERE name = ?", (name,))
                    store.execute("DELETE FROM stood WHERE edition = ?", (name,))
            self.whole = len(fresh) <= most

    def of(self, message_id: str, *, older_than: str = "", most: int = SHOWN_AT_ONCE) -> Versions:
        """Return versions of that message, those before the edition ``older_than`` where one is named."""
        authors = {former.name: former for former in self._history.entries()}
        with self._open() as store:
            stood = [(name, mark) for name, mark in store.execute(_STOOD, (message_id,)) if name in authors]
            firsts = [next(group) for _mark, group in groupby(stood, key=lambda row: row[1])]
            places = [place for place, (name, _) in enumerate(firsts) if not older_than or name < older_than]
            shown = places[-most:][::-1]
            found = []
            for place in shown:
                name, mark = firsts[place]
                message = _wording(store, mark)
                if message is not None:
                    before = _wording(store, firsts[place - 1][1]) if place else None
                    former = authors[name]
                    found.append(Version(name, former.at, former.author, former.approver, message, before))
        older = firsts[shown[-1]][0] if shown and shown[-1] > 0 else ""
        return Versions(tuple(found), older, self.whole)

    def find(self, message_id: str, edition: str) -> Message | None:
        """Return the message as it stood in that edition, or None."""
        with self._open() as store:
            row = store.execute(
                "SELECT mark FROM stood WHERE message = ? AND edition = ?", (message_id, edition)
            ).fetchone()
            return _wording(store, row[0]) if row else None

    def _take(self, store: sqlite3.Connection, name: str) -> None:
        for message in self._messages(name):
            content = msgspec.json.encode(message)
            mark = hashlib.sha256(content).hexdigest()[:32]
            store.execute("INSERT OR IGNORE INTO wording (mark, message) VALUES (?, ?)", (mark, content))
            store.execute(
                "INSERT OR REPLACE INTO stood (message, edition, mark) VALUES (?, ?, ?)", (message.id, name, mark)
            )
        store.execute("INSERT OR REPLACE INTO edition (name) VALUES (?)", (name,))

    def _messages(self, name: str) -> Iterator[Message]:
        try:
            yield from self._history.read(name).programme.messages
        except XiaolabaError:  # damaged, or no programme by today's rules: it has no versions to show
            return

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Open the index; one that is damaged, or of another make, is begun anew."""
        try:
            with opened(self._path, self._prepare) as store:
                yield store
        except StoreDamaged:
            self.whole = False
            raise

    def _prepare(self, store: sqlite3.Connection) -> None:
        if store.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
            self.whole = False
        store.executescript(_TABLES)


def _wording(store: sqlite3.Connection, mark: str) -> Message | None:
    row = store.execute("SELECT message FROM wording WHERE mark = ?", (mark,)).fetchone()
    try:
        return msgspec.json.decode(row[0], type=Message) if row else None
    except msgspec.DecodeError:  # of a later version of this program
        return None
