"""The panel's own copy of the as-run log, so that it can be read while the speaker is down."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Lock

import msgspec

from box.store import opened
from speaker.protocol import Records
from speaker.record import Airing, airing_in

_LOG = logging.getLogger(__name__)
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
# Which of the speaker's logs a number stands for. A copy that an earlier version began learns it.
_ORIGINS = "CREATE TABLE IF NOT EXISTS origin (log INTEGER PRIMARY KEY, identity TEXT NOT NULL UNIQUE)"
# The hash of each link of a log's chain, as it was first seen: what shows that a log was cut or written anew.
_LINKS = """CREATE TABLE IF NOT EXISTS link (
    log INTEGER NOT NULL, link INTEGER NOT NULL, id INTEGER NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (log, link)
) WITHOUT ROWID"""
# Rows that the speaker later told otherwise though they had ended: kept, since one of the two is false.
_DISPLACED = "CREATE TABLE IF NOT EXISTS displaced (log INTEGER NOT NULL, id INTEGER NOT NULL, row BLOB NOT NULL)"
_DISPLACE = """
INSERT INTO displaced SELECT log, id, row FROM airing JOIN link USING (log, id) WHERE log = ? AND id = ? AND hash != ?
"""
_NEWEST = "SELECT log, change FROM airing ORDER BY log DESC, change DESC LIMIT 1"
_MERGE = """
INSERT INTO main.airing SELECT ?, id, change, day, row FROM other.airing WHERE log = ?
ON CONFLICT (log, id) DO UPDATE SET change = excluded.change, day = excluded.day, row = excluded.row
WHERE excluded.change > airing.change
"""
_MERGE_LINKS = "INSERT OR IGNORE INTO main.link SELECT ?, link, id, hash FROM other.link WHERE log = ?"
MOST_ROUNDS = 200  # of 500 rows: a first copy of 100,000 rows is finished by the next fetch


@dataclass(frozen=True, slots=True)
class _UpTo:
    """How far a file has been brought: a log, told by its identity, and the last change of it."""

    inode: int
    log: str
    change: int

    @classmethod
    def of(cls, path: Path, log: str, change: int) -> _UpTo | None:
        """Return it for the file as it is there now; None where the log can't be told from another."""
        return cls(path.stat().st_ino, log, change) if log else None

    def has_news(self, path: Path, ask: Callable[[int], Records]) -> bool:
        """Tell whether there is something to copy: a change, another log, or another file in this one's place."""
        if not path.exists() or path.stat().st_ino != self.inode:
            return True
        told = ask(max(self.change - 1, 0))  # one that is at its last change tells just this one again
        at = told.airings[-1].change if told.airings else 0
        return told.more or (told.log, at) != (self.log, self.change)


class RecordsCopy:
    """Rows as the speaker sent them, the newest change of each.

    A speaker that lost its log begins a new one, whose numbers start again: the copy keeps the rows of both. A copy
    that is damaged is put aside and made anew (``box.store``).
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._up_to: _UpTo | None = None

    def fetch(self, ask: Callable[[int], Records]) -> None:
        """Copy what has changed; ``ask`` returns the rows changed after a number, in the order of change.

        While nothing has, the file is not even opened: that wrote 53 kB each time, 150 MB a day of an idle box.
        """
        with self._lock:
            if self._up_to is None or self._up_to.has_news(self._path, ask):
                self._up_to = None
                self._up_to = _UpTo.of(self._path, *self._copy(ask))

    def _copy(self, ask: Callable[[int], Records]) -> tuple[str, int]:
        """Copy what has changed; return the identity of the log, empty where it tells none, and its last change."""
        with opened(self._path, _prepare) as store:
            log, last = store.execute(_NEWEST).fetchone() or (1, 0)
            if last:
                log, last = _log_of(store, ask(last - 1), log, last)
            for _ in range(MOST_ROUNDS):
                records = ask(last)
                if not records.airings:
                    return records.log, last
                with store:
                    store.executemany(_DISPLACE, [(log, row.id, row.hash) for row in records.airings])
                    store.executemany(
                        "INSERT OR REPLACE INTO airing (log, id, change, day, row) VALUES (?, ?, ?, ?, ?)",
                        [
                            (log, row.id, row.change, row.day.isoformat(), msgspec.json.encode(row))
                            for row in records.airings
                        ],
                    )
                    store.executemany(
                        "INSERT OR IGNORE INTO link VALUES (?, ?, ?, ?)",
                        [(log, row.link, row.id, row.hash) for row in records.airings if row.link is not None],
                    )
                    if records.log:
                        store.execute("INSERT OR IGNORE INTO origin VALUES (?, ?)", (log, records.log))
                last = records.airings[-1].change
                if not records.more:
                    return records.log, last
            return "", last  # not all of it yet

    def on(self, day: date) -> tuple[Airing, ...]:
        """Return the rows of a local day, first to last."""
        return self.between(day, day)

    def first_day(self) -> date | None:
        """Return the day of the oldest row, None while there is none: before it this box was on no wall."""
        with opened(self._path, _prepare) as store:
            (oldest,) = store.execute("SELECT MIN(day) FROM airing").fetchone()
        return date.fromisoformat(oldest) if oldest else None

    def between(self, first: date, last: date) -> tuple[Airing, ...]:
        """Return the rows from one local day to another, both among them, day by day and first to last.

        One that a later version has written and this one can't read is passed over; it is shown when that is back.
        """
        days = (first.isoformat(), last.isoformat())
        with opened(self._path, _prepare) as store:
            rows = store.execute(
                "SELECT row FROM airing WHERE day BETWEEN ? AND ? ORDER BY day, log, id", days
            ).fetchall()
        return tuple(_readable(row for (row,) in rows))

    def logs(self) -> tuple[tuple[int, str], ...]:
        """Return the logs there are rows of: the number here, and the identity, empty where that is not known."""
        with opened(self._path, _prepare) as store:
            return tuple(
                store.execute(
                    "SELECT DISTINCT airing.log, coalesce(identity, '') FROM airing LEFT JOIN origin USING (log)"
                    " ORDER BY airing.log"
                )
            )

    def in_order_of_change(self, log: int) -> Iterator[Airing]:
        """Yield the rows of a log in the order in which they were finished; those that have not ended among them."""
        with opened(self._path, _prepare) as store:
            for (row,) in store.execute("SELECT row FROM airing WHERE log = ? ORDER BY change", (log,)):
                yield airing_in(row)

    def links(self, log: int) -> dict[int, str]:
        """Return the hashes of a log's chain as they were first seen, by their links."""
        with opened(self._path, _prepare) as store:
            return dict(store.execute("SELECT link, hash FROM link WHERE log = ?", (log,)))

    def newest_change(self, log: int) -> int:
        """Return the last change that is copied of a log, 0 where there is none."""
        with opened(self._path, _prepare) as store:
            return int(store.execute("SELECT coalesce(max(change), 0) FROM airing WHERE log = ?", (log,)).fetchone()[0])

    def take_in(self, other: Path) -> None:
        """Add the rows of another copy, as of a backup: of this box before, or of the box that this one takes over.

        Of a row that both have, the newer change counts. Done twice, it changes nothing more.
        """
        with self._lock, closing(sqlite3.connect(other)) as theirs:
            # Met only while it is added, its damage would be taken for ours.
            if theirs.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise sqlite3.DatabaseError(f"{other} is damaged")
            theirs.execute(_ORIGINS)
            theirs.execute(_LINKS)
            theirs.commit()
        with self._lock, opened(self._path, _prepare) as store:
            self._up_to = None
            store.execute("ATTACH ? AS other", (str(other),))
            with store:
                ours = {_mark(store, "main", log): log for log in _logs(store, "main")}
                for log in _logs(store, "other"):
                    mark = _mark(store, "other", log)
                    here = ours.setdefault(mark, max(ours.values(), default=0) + 1)
                    store.execute(_MERGE, (here, log))
                    store.execute(_MERGE_LINKS, (here, log))
                    store.execute(
                        "INSERT OR IGNORE INTO main.origin SELECT ?, identity FROM other.origin WHERE log = ?",
                        (here, log),
                    )


def _prepare(store: sqlite3.Connection) -> None:
    store.execute("PRAGMA journal_mode=WAL")
    store.execute(_TABLE)
    for table in (_ORIGINS, _LINKS, _DISPLACED):
        store.execute(table)
    for index in _INDEXES:
        store.execute(index)


def _log_of(store: sqlite3.Connection, told: Records, log: int, last: int) -> tuple[int, int]:
    """Return the number here of the log that ``told`` comes from, and the last change that is copied of it."""
    known = store.execute("SELECT log FROM origin WHERE identity = ?", (told.log,)).fetchone()
    if known is not None:
        (change,) = store.execute("SELECT max(change) FROM airing WHERE log = ?", known).fetchone()
        return known[0], change or 0
    is_named = store.execute("SELECT 1 FROM origin WHERE log = ?", (log,)).fetchone() is not None
    # Asked from one before the last, a log always has an answer; one that has none is another log.
    if (told.log and is_named) or not told.airings:
        return log + 1, 0
    if told.log:
        with store:
            store.execute("INSERT OR IGNORE INTO origin VALUES (?, ?)", (log, told.log))
    return log, last


def _logs(store: sqlite3.Connection, schema: str) -> list[int]:
    rows = store.execute(f"SELECT DISTINCT log FROM {schema}.airing ORDER BY log")  # noqa: S608 - one of two literals
    return [log for (log,) in rows]


def _mark(store: sqlite3.Connection, schema: str, log: int) -> object:
    """Return what tells a log from every other: its identity, or its first row where it has none."""
    statement = f"SELECT coalesce((SELECT identity FROM {schema}.origin WHERE log = ?1), row)"  # noqa: S608 - as above
    statement += f" FROM {schema}.airing WHERE log = ?1 ORDER BY id LIMIT 1"
    (mark,) = store.execute(statement, (log,)).fetchone()
    return mark


def _readable(rows: Iterable[bytes]) -> Iterator[Airing]:
    for row in rows:
        try:
            yield msgspec.json.decode(row, type=Airing)
        except msgspec.MsgspecError as error:
            _LOG.warning("a row of the records can't be read: %s", error)
