"""The panel's own copy of the as-run log, so that it can be read while the speaker is down."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from threading import Lock

import msgspec

from speaker.protocol import Airing, Records

_TABLE = """CREATE TABLE IF NOT EXISTS airing (
    log INTEGER NOT NULL, id INTEGER NOT NULL, change INTEGER NOT NULL, day TEXT NOT NULL, row BLOB NOT NULL,
    PRIMARY KEY (log, id)
)"""
# Five years are some ten thousand rows: whatever a page asks for is found by an index. A copy that an earlier version
# began gets what it lacks, its rows stay as they are.
_INDEXES = (
    "CREATE INDEX IF NOT EXISTS airing_day ON airing (day)",
    "CREATE INDEX IF NOT EXISTS airing_change ON airing (log, change)",
)
_NEWEST = "SELECT log, change FROM airing ORDER BY log DESC, change DESC LIMIT 1"
MOST_ROUNDS = 200  # of 500 rows: a first copy of 100,000 rows is finished by the next fetch


class RecordsCopy:
    """Rows as the speaker sent them, the newest change of each.

    A speaker that lost its log begins a new one, whose numbers start again: the copy keeps the rows of both.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()

    def fetch(self, ask: Callable[[int], Records]) -> None:
        """Copy what has changed; ``ask`` returns the rows changed after a number, in the order of change."""
        with self._lock, closing(self._open()) as store:
            log, last = store.execute(_NEWEST).fetchone() or (1, 0)
            # Asked from one before the last, a log always has an answer; one that has none is another log.
            if last and not ask(last - 1).airings:
                log, last = log + 1, 0
            for _ in range(MOST_ROUNDS):
                records = ask(last)
                if not records.airings:
                    return
                with store:
                    store.executemany(
                        "INSERT OR REPLACE INTO airing (log, id, change, day, row) VALUES (?, ?, ?, ?, ?)",
                        [
                            (log, row.id, row.change, row.day.isoformat(), msgspec.json.encode(row))
                            for row in records.airings
                        ],
                    )
                last = records.airings[-1].change
                if not records.more:
                    return

    def on(self, day: date) -> tuple[Airing, ...]:
        """Return the rows of a local day, first to last."""
        return self.between(day, day)

    def between(self, first: date, last: date) -> tuple[Airing, ...]:
        """Return the rows from one local day to another, both among them, day by day and first to last."""
        days = (first.isoformat(), last.isoformat())
        with closing(self._open()) as store:
            rows = store.execute(
                "SELECT row FROM airing WHERE day BETWEEN ? AND ? ORDER BY day, log, id", days
            ).fetchall()
        return tuple(msgspec.json.decode(row, type=Airing) for (row,) in rows)

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        store = sqlite3.connect(self._path, timeout=5)
        store.execute("PRAGMA journal_mode=WAL")
        store.execute(_TABLE)
        for index in _INDEXES:
            store.execute(index)
        return store
