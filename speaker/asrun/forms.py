"""The as-run log over a change of its form: saved before, and gone back to when an earlier version is put back.

A version that changes the form first saves the log as it is. Who finds a log of a later form puts that aside, takes the
one that was saved in its own form, and carries over, word for word, every row that the later version has written: what
that version aired is on record here too, and is not aired again. A row of which this version doesn't know all keeps the
rest in ``beyond``, so that its hash is what it was.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path

import msgspec

from box.aside import put_aside
from box.durable import sync_folder
from speaker.asrun.sealing import head_of
from speaker.asrun.stored import COLUMNS, RowUnreadable, airing_of
from speaker.chain import Head, sealed
from speaker.record import Airing

LATER = "later"  # what the name of a log that is put aside says of it
COMPANIONS = ("-wal", "-shm")
_FIELDS = Airing.__struct_fields__
_PUT = f"INSERT OR REPLACE INTO airings ({COLUMNS}) VALUES ({', '.join('?' * len(_FIELDS))})"  # noqa: S608 - of no input
_NAMES = "SELECT name, dflt_value FROM pragma_table_info('airings')"
_WRITTEN_SINCE = "SELECT * FROM airings WHERE change > ? ORDER BY link IS NULL, link, id"
_META = "SELECT name, value FROM meta WHERE name IN ('created', 'lost', 'first')"


class _NotWordForWord(Exception):
    """A row of the later log says what this version can't keep."""


def save(connection: sqlite3.Connection, path: Path, form: int) -> None:
    """Save the log at ``path``, which is of ``form``, beside it, durably. Raises OSError and sqlite3.Error."""
    _copy_to(connection, saved(path, form))


def saved(path: Path, form: int) -> Path:
    """Return where the log at ``path`` is saved when a version of a later form takes it over."""
    return path.with_name(f"{path.name}.form-{form}")


def form_of(connection: sqlite3.Connection) -> int:
    """Return of which form the tables are; 0 where none are."""
    form: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return form


def go_back(path: Path, form: int, now: datetime) -> Path | None:
    """Put the log of ``form`` that was saved in the place of a later one; return where the later one lies.

    None where nothing was saved or that is damaged, or where a row can't be carried over word for word: then all stays
    as it is. A power cut in the middle is finished by ``finish``. Raises OSError and sqlite3.Error.
    """
    ready = _ready(path)
    if not saved(path, form).is_file():
        return None
    try:
        with closing(_opened(saved(path, form))) as earlier:
            _copy_to(earlier, ready)
        with closing(_opened(path)) as later, closing(_opened(ready)) as back:
            back.execute("BEGIN IMMEDIATE")
            _carry_over(later, back)
            back.execute("COMMIT")
            _require_whole(back)
    except (_NotWordForWord, RowUnreadable):
        ready.unlink()
        return None
    except sqlite3.OperationalError:
        raise  # the storage refuses: that says nothing about what was saved
    except sqlite3.DatabaseError:
        ready.unlink(missing_ok=True)
        return None
    _sync(ready)
    aside = put_aside(path, now, *COMPANIONS, why=LATER)
    finish(path)
    return aside


def finish(path: Path) -> None:
    """Put the log in place that was ready when the power went. Raises OSError."""
    if _ready(path).is_file() and not path.exists():
        _ready(path).rename(path)
        sync_folder(path.parent)


def _ready(path: Path) -> Path:
    return path.with_name(f"{path.name}.back")


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)


def _copy_to(connection: sqlite3.Connection, target: Path) -> None:
    temporary = target.with_name(f".{target.name}")
    temporary.unlink(missing_ok=True)
    try:
        with closing(_opened(temporary)) as copy:
            connection.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # all of it in one file
        _sync(temporary)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)  # half of it would take what room is left
        raise
    sync_folder(target.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _require_whole(back: sqlite3.Connection) -> None:
    """Raise sqlite3.DatabaseError where what was saved was damaged: it would be put aside at the next start."""
    (verdict,) = back.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict)


def _carry_over(later: sqlite3.Connection, back: sqlite3.Connection) -> None:
    """Write what the ``later`` log says more into ``back``. Raises _NotWordForWord and RowUnreadable."""
    if _identity(later) != _identity(back):
        raise _NotWordForWord
    head = head_of(back)
    for row in _since(later, back):
        airing = _word_for_word(row, head)
        if airing.link is not None:
            head = Head(airing.link, airing.hash)
        back.execute(_PUT, [airing.beyond if name == "beyond" else row[name] for name in _FIELDS])
    back.executemany("UPDATE meta SET value = ?2 WHERE name = ?1", later.execute(_META).fetchall())
    back.execute("DELETE FROM timings")
    timings = later.execute("SELECT broadcast, timing, since FROM timings").fetchall()
    back.executemany("INSERT INTO timings VALUES (?, ?, ?)", timings)


def _since(later: sqlite3.Connection, back: sqlite3.Connection) -> Iterator[dict[str, object]]:
    """Yield the rows that were written since ``back`` was saved, in the order of their links, without defaults."""
    defaults = dict(later.execute(_NAMES).fetchall())
    if not set(_FIELDS) <= set(defaults):
        raise _NotWordForWord
    (seen,) = back.execute("SELECT coalesce(max(change), 0) FROM airings").fetchone()
    unset = {name: later.execute(f"SELECT {text or 'NULL'}").fetchone()[0] for name, text in defaults.items()}
    for row in later.execute(_WRITTEN_SINCE, (seen,)):
        values = dict(zip(defaults, row, strict=True))
        yield {name: value for name, value in values.items() if name in _FIELDS or value != unset[name]}


def _word_for_word(row: Mapping[str, object], head: Head) -> Airing:
    """Return the row as this version keeps it, with the hash that it has."""
    more = {name: value for name, value in row.items() if name not in _FIELDS}
    for beyond in _readings(more):
        airing = airing_of([beyond if name == "beyond" and beyond else row[name] for name in _FIELDS])
        if airing.link is None or sealed(airing, head) == airing:
            return airing
    raise _NotWordForWord


def _readings(more: Mapping[str, object]) -> Iterator[str]:
    """Yield what the values that are unknown here may mean, the likelier first: text may be JSON, or just text."""
    if not more:
        yield ""
        return
    yield msgspec.json.encode({name: _decoded(value) for name, value in more.items()}).decode()
    yield msgspec.json.encode(more).decode()


def _decoded(value: object) -> object:
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _identity(connection: sqlite3.Connection) -> object:
    return connection.execute("SELECT value FROM meta WHERE name = 'identity'").fetchone()
