"""The as-run log's database: opened, checked, moved aside when it is damaged, written durably."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from box.aside import put_aside
from box.durable import sync_folder
from box.sentences import XiaolabaError
from speaker.asrun import forms
from speaker.asrun.forms import form_of
from speaker.asrun.sealing import seal_what_was_there

logger = logging.getLogger(__name__)

_VERSION = 7
_CHAINED_SINCE = 3  # the last version whose rows had no chain
_BUSY_SECONDS = 1.0
_CACHE_KIB = 256  # the day's rows fit in it many times

_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE timings (broadcast TEXT PRIMARY KEY, timing TEXT NOT NULL, since TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE airings (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    change INTEGER NOT NULL,
    begun TEXT NOT NULL,
    noted TEXT NOT NULL,
    priority TEXT NOT NULL,
    origin TEXT NOT NULL,
    who TEXT NOT NULL,
    broadcast TEXT,
    day TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    due TEXT,
    started TEXT,
    ended TEXT,
    outcome TEXT,
    reason TEXT NOT NULL DEFAULT '',
    frames INTEGER NOT NULL,
    frames_played INTEGER NOT NULL DEFAULT 0,
    lateness_ms REAL,
    volume_percent INTEGER NOT NULL,
    revision TEXT NOT NULL,
    said TEXT NOT NULL,
    occasion TEXT NOT NULL DEFAULT '',
    clock TEXT,
    link INTEGER,
    hash TEXT NOT NULL DEFAULT '',
    parts TEXT NOT NULL DEFAULT '[]',
    heard TEXT,
    beyond TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX once ON airings (broadcast, day, attempt) WHERE priority = 'programme';
CREATE INDEX changes ON airings (change);
CREATE INDEX days ON airings (day);
CREATE INDEX beginnings ON airings (begun);
CREATE UNIQUE INDEX links ON airings (link);
"""
# What makes a log of each earlier version one of the next; rows stay as they are.
_STEPS = {
    1: ("ALTER TABLE airings ADD COLUMN occasion TEXT NOT NULL DEFAULT ''",),
    2: ("ALTER TABLE airings ADD COLUMN clock TEXT",),
    _CHAINED_SINCE: (
        "ALTER TABLE airings ADD COLUMN link INTEGER",
        "ALTER TABLE airings ADD COLUMN hash TEXT NOT NULL DEFAULT ''",
        "CREATE UNIQUE INDEX links ON airings (link)",
    ),
    4: ("ALTER TABLE airings ADD COLUMN parts TEXT NOT NULL DEFAULT '[]'",),
    5: ("ALTER TABLE airings ADD COLUMN heard TEXT",),
    6: ("ALTER TABLE airings ADD COLUMN beyond TEXT NOT NULL DEFAULT ''",),
}


class LogUnwritable(XiaolabaError):
    """The as-run log can't be opened or written: full or read-only storage."""


@dataclass(frozen=True)
class Opened:
    """A database ready for use; ``moved_aside`` is where one lies that could not be used, None if there was none.

    ``went_back`` is where one of a later version lies, all of which is in this one.
    """

    connection: sqlite3.Connection
    moved_aside: Path | None
    went_back: Path | None = None


def open_database(path: Path, *, now: datetime, created: datetime, follows_another: bool) -> Opened:
    """Open the database at ``path``, beginning one where there is none or a damaged one.

    A damaged one is moved aside with its time in the name. So is one of a later version; where all of it can be taken
    over into what was saved of this one's form before, that goes on (``speaker.asrun.forms``). ``created`` is from when
    on a new one counts; ``follows_another`` says that there was one before, so that a missing one is a lost one.
    Raises LogUnwritable where the storage refuses.
    """
    moved_aside = went_back = None
    try:
        forms.finish(path)
        connection = _sound_connection(path)
        if connection is None and _is_later(path):
            went_back = forms.go_back(path, _VERSION, now)
            if went_back is None:
                moved_aside = put_aside(path, now, *forms.COMPANIONS, why=forms.LATER)
            connection = _connection(path)
        elif connection is None:
            moved_aside = put_aside(path, now, *forms.COMPANIONS)
            connection = _connection(path)
        if not form_of(connection):
            _begin(connection, now=now, created=created, lost=moved_aside is not None or follows_another)
            sync_folder(path.parent)
        _name(connection)
        _bring_up_to_date(connection, path)
    except (sqlite3.Error, OSError) as error:
        raise unwritable(error) from error
    return Opened(connection, moved_aside, went_back)


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Write what is done within, durably, or nothing of it. Raises LogUnwritable where the storage refuses."""
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        raise unwritable(error) from error
    finally:
        if connection.in_transaction:  # SQLite has rolled back by itself on a full disk
            connection.execute("ROLLBACK")


def put_in_place(connection: sqlite3.Connection) -> None:
    """Bring what was written into the database itself; at rest nothing of it is in the file of writes beside it.

    SQLite takes damage of that file for its end: the newest rows would be gone without a word, and with them that
    something was aired. Where the storage refuses, or another program reads just now, which is not waited for, what was
    written is durable all the same.
    """
    try:
        (patience,) = connection.execute("PRAGMA busy_timeout").fetchone()
        connection.execute("PRAGMA busy_timeout = 0")
        try:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            connection.execute(f"PRAGMA busy_timeout = {patience}")
    except sqlite3.Error as error:
        logger.warning("the log's writes were not brought into it: %s", error)


def unwritable(error: Exception) -> LogUnwritable:
    """Return the sentence for a storage that refuses."""
    return LogUnwritable(
        f"播出记录写不进去，请检查存储卡是否已满或已坏（{error}）",
        f"the as-run log can't be written; check whether the storage is full or failing ({error})",
    )


def is_damage(error: BaseException | None) -> bool:
    """Tell whether ``error`` came of a database that is damaged itself: the next start puts it aside."""
    while error is not None:
        if (
            type(error) is sqlite3.DatabaseError
        ):  # its children are other things: a full disk, a lock, a mistake of ours
            return True
        error = error.__cause__
    return False


def text_of(instant: datetime) -> str:
    """Return ``instant`` as it is stored: UTC, of one length, so that texts sort as instants do."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


def _connection(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=_BUSY_SECONDS)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _sound_connection(path: Path) -> sqlite3.Connection | None:
    """Return a connection, or None where the file is no database, not whole, or of another make."""
    connection = None
    sound = False
    try:
        connection = _connection(path)
        (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        sound = verdict == "ok" and (tables == 0 or 1 <= form_of(connection) <= _VERSION)
    except sqlite3.OperationalError:
        raise  # the storage refuses: that says nothing about the database
    except sqlite3.DatabaseError:
        sound = False
    finally:
        if connection is not None and not sound:
            connection.close()
    return connection if sound else None


def _is_later(path: Path) -> bool:
    """Tell whether the file is a whole log of a later version."""
    try:
        with closing(_connection(path)) as connection:
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            return verdict == "ok" and form_of(connection) > _VERSION
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        return False


def _bring_up_to_date(connection: sqlite3.Connection, path: Path) -> None:
    """Take a log of an earlier version to this one, wholly or not at all; as it was it is saved first.

    Where there is no room for a second one it goes on without: what is due is heard, and who goes back begins anew.
    """
    version = form_of(connection)
    if version == _VERSION:
        return
    try:
        forms.save(connection, path, version)
    except (OSError, sqlite3.OperationalError) as error:
        logger.warning("the log is not saved before its form changes: %s", error)
    with transaction(connection):
        for step in range(version, _VERSION):
            for statement in _STEPS[step]:
                connection.execute(statement)
        if version <= _CHAINED_SINCE:
            seal_what_was_there(connection)  # last: rows are read with every column there is now
        connection.execute(f"PRAGMA user_version = {_VERSION}")


def _name(connection: sqlite3.Connection) -> None:
    """See to it that the log has an identity, by which a copy of it is known for its own."""
    if connection.execute("SELECT 1 FROM meta WHERE name = 'identity'").fetchone() is None:
        with transaction(connection):
            connection.execute("INSERT INTO meta VALUES ('identity', lower(hex(randomblob(16))))")


def _begin(connection: sqlite3.Connection, *, now: datetime, created: datetime, lost: bool) -> None:
    # Where a copy of a lost log is kept elsewhere, its numbers must not come again.
    first = int(now.timestamp()) if lost else 0
    connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {_VERSION};")
    connection.execute("INSERT INTO meta VALUES ('created', ?)", (text_of(created),))
    connection.execute("INSERT INTO meta VALUES ('lost', ?)", (str(int(lost)),))
    connection.execute("INSERT INTO meta VALUES ('first', ?)", (str(first),))
    connection.execute("INSERT INTO sqlite_sequence VALUES ('airings', ?)", (first,))
    connection.execute("COMMIT")
