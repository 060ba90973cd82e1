"""A copy of the rows that the hub does not have yet: what is not acknowledged outlives the log it stands in."""

from __future__ import annotations

import logging
from pathlib import Path
from sqlite3 import Connection

import msgspec

from box.store import opened
from speaker.record import Airing

_LOG = logging.getLogger(__name__)
UNSENT = "unsent.sqlite"
MOST_ROWS_KEPT = 10_000  # three months without a hub; of more the newest are kept
_TABLE = (
    "CREATE TABLE IF NOT EXISTS unsent (number INTEGER PRIMARY KEY, log TEXT NOT NULL, id INTEGER NOT NULL,"
    " change INTEGER NOT NULL, row BLOB NOT NULL, UNIQUE (log, id)) STRICT"
)
_KEEP = (
    "INSERT INTO unsent (log, id, change, row) VALUES (?, ?, ?, ?) ON CONFLICT (log, id) DO UPDATE"
    " SET change = excluded.change, row = excluded.row WHERE excluded.change > change"
)


class Unsent:
    """``room/unsent.sqlite``. It can be lost: the rows are the speaker's, and this one is asked for old logs only.

    Raises StoreRefuses where the storage does, StoreDamaged where it was damaged; the next time it is begun anew.
    """

    def __init__(self, room: Path) -> None:
        self._path = room / UNSENT
        self._holds: bool | None = None  # whether there is anything in it, None before it was asked

    def keep(self, log: str, rows: tuple[Airing, ...]) -> None:
        """Keep ``rows`` of ``log``; of a row that is here the newer change counts."""
        with opened(self._path, _prepare) as store, store:
            store.executemany(_KEEP, [(log, row.id, row.change, msgspec.json.encode(row)) for row in rows])
            store.execute(
                "DELETE FROM unsent WHERE number <= (SELECT number FROM unsent ORDER BY number DESC LIMIT 1 OFFSET ?)",
                (MOST_ROWS_KEPT,),
            )
        self._holds = True

    def acknowledged(self, log: str, change: int) -> None:
        """Forget what the hub has of ``log``."""
        if not self.holds():
            return
        with opened(self._path, _prepare) as store, store:
            store.execute("DELETE FROM unsent WHERE log = ? AND change <= ?", (log, change))
        self._holds = None

    def others(self, log: str) -> tuple[str, ...]:
        """Return the logs other than ``log`` of which there are rows, the one that was begun first in front."""
        if not self.holds():
            return ()
        with opened(self._path, _prepare) as store:
            found = store.execute(
                "SELECT log FROM unsent WHERE log <> ? GROUP BY log ORDER BY min(number)", (log,)
            ).fetchall()
        return tuple(name for (name,) in found)

    def after(self, log: str, change: int, most: int) -> tuple[Airing, ...]:
        """Return up to ``most`` rows of ``log`` that changed after ``change``, in that order.

        They end before one that a later version has written and this one can't read: it stays for when that is back.
        """
        with opened(self._path, _prepare) as store:
            rows = store.execute(
                "SELECT row FROM unsent WHERE log = ? AND change > ? ORDER BY change LIMIT ?", (log, change, most)
            ).fetchall()
        found = []
        for (row,) in rows:
            try:
                found.append(msgspec.json.decode(row, type=Airing))
            except msgspec.MsgspecError as error:
                _LOG.info("rows of the log %s wait for the version that wrote them: %s", log, error)
                break
        return tuple(found)

    def holds(self) -> bool:
        """Tell whether there is anything in it; while nothing is, the file is not opened."""
        if self._holds is None:
            if not self._path.exists():
                self._holds = False
            else:
                with opened(self._path, _prepare) as store:
                    self._holds = store.execute("SELECT 1 FROM unsent LIMIT 1").fetchone() is not None
        return self._holds


def _prepare(store: Connection) -> None:
    store.execute("PRAGMA journal_mode = WAL")
    store.execute("PRAGMA synchronous = FULL")
    store.execute(_TABLE)
