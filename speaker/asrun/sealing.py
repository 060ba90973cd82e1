"""The chain in the as-run log's database: a row is given its place and its hash when it is finished."""

from __future__ import annotations

import sqlite3

from speaker.asrun.stored import COLUMNS, RowUnreadable, airing_of
from speaker.chain import Head, beginning, sealed

_ROW = f"SELECT {COLUMNS} FROM airings WHERE id = ?"  # noqa: S608 - the columns are the struct's, from no input


def seal(connection: sqlite3.Connection, row: int) -> None:
    """Chain ``row``, which has just been finished, within the transaction that finished it."""
    _seal_after(connection, row, head_of(connection))


def seal_what_was_there(connection: sqlite3.Connection) -> None:
    """Chain the rows that were finished before the log had a chain, as they are now: their links end at 0.

    They count as changed, so that a copy learns their hashes. A row that can't be read stays out of the chain, and
    shows in every check of it: the box must sound nevertheless.
    """
    ended = connection.execute("SELECT id FROM airings WHERE outcome IS NOT NULL ORDER BY change").fetchall()
    rows = [row for (row,) in ended if _can_be_read(connection, row)]
    (last,) = connection.execute("SELECT coalesce(max(change), 0) FROM airings").fetchone()
    head = Head(-len(rows), beginning(_identity(connection)).hash)
    for number, row in enumerate(rows, start=1):
        connection.execute("UPDATE airings SET change = ? WHERE id = ?", (last + number, row))
        head = _seal_after(connection, row, head)


def _seal_after(connection: sqlite3.Connection, row: int, before: Head) -> Head:
    airing = sealed(airing_of(connection.execute(_ROW, (row,)).fetchone()), before)
    connection.execute("UPDATE airings SET link = ?, hash = ? WHERE id = ?", (airing.link, airing.hash, row))
    return Head(before.link + 1, airing.hash)


def _can_be_read(connection: sqlite3.Connection, row: int) -> bool:
    try:
        airing_of(connection.execute(_ROW, (row,)).fetchone())
    except RowUnreadable:
        return False
    return True


def head_of(connection: sqlite3.Connection) -> Head:
    """Return the end of the chain, or what its first row follows."""
    last = connection.execute("SELECT link, hash FROM airings WHERE link IS NOT NULL ORDER BY link DESC LIMIT 1")
    found = last.fetchone()
    return Head(*found) if found else beginning(_identity(connection))


def _identity(connection: sqlite3.Connection) -> str:
    (identity,) = connection.execute("SELECT value FROM meta WHERE name = 'identity'").fetchone()
    return str(identity)
