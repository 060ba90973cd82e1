"""A backup laid out in the panel's room, judged by those who will have to read it, and put in place."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

from box.version import version_here
from keeping.manifest import damaged
from keeping.staging import Report, Staged, stage
from keeping.swap import STAGING, Add, add_files, add_lines, discard_staged, finish
from web.people.users import Users
from web.records.copy import RecordsCopy

_ADDERS: dict[str, Add] = {
    "audit": add_lines,
    "clips": add_files,
    "records.sqlite": lambda restored, here: RecordsCopy(here).take_in(restored),
}


def lay_out(file: BinaryIO, room: Path, report: Report = lambda _done, _total: None) -> Staged:
    """Lay out ``file`` in ``room`` and check that this version can read what would lock everybody out otherwise.

    The programme is not judged: one with faults is kept and shown as any that was written by hand. Raises
    BackupUnusable, NoRoom or OSError; what is there is untouched.
    """
    staged = stage(file, room, version=version_here(), report=report)
    laid_out = room / STAGING / "new"
    try:
        _check_users(laid_out / "users.json")
        _check_records(laid_out / "records.sqlite")
    except (ValueError, sqlite3.DatabaseError) as error:
        discard_staged(room)
        raise damaged() from error
    return staged


def finish_begun(room: Path) -> bool:
    """Put in place what was decided on, also what a power cut left half done; before anything else in it is read."""
    return finish(room, _ADDERS)


def _check_users(path: Path) -> None:
    """Raise ValueError for a file of which nothing can be read, nor of its last good copy."""
    if path.exists() and not Users(path).everybody():
        raise ValueError(path.name)


def _check_records(path: Path) -> None:
    if not path.exists():
        return
    with closing(sqlite3.connect(path)) as store:
        (verdict,) = store.execute("PRAGMA quick_check(1)").fetchone()
        store.execute("SELECT log, id, change, day, row FROM airing LIMIT 1")
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict)
