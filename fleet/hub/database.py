"""The hub's one database, for the threads that ask it: one connection, one at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from typing import TypeVar

import msgspec

from box.sentences import XiaolabaError
from fleet.hub.schema import prepare

T = TypeVar("T")
_BUSY_SECONDS = 5.0


class RegistryUnreadable(XiaolabaError):
    """The registry is damaged, or the storage refuses. It is never begun anew by itself: it knows who belongs here."""


class Database:
    """The file ``path``. Raises RegistryUnreadable, here and in each transaction."""

    def __init__(self, path: Path) -> None:
        self._lock = RLock()
        self._depth = 0
        self._afterwards: list[Callable[[], None]] = []
        try:
            self._connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, check_same_thread=False)
        except sqlite3.Error as error:
            raise _unreadable(error) from error
        try:
            self._connection.row_factory = sqlite3.Row
            prepare(self._connection)
            if self._connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                raise sqlite3.DatabaseError("quick_check")
        except sqlite3.Error as error:
            self._connection.close()
            raise _unreadable(error) from error

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Do all of the block, durably, or nothing of it. One within another is part of that."""
        with self._lock:
            self._depth += 1
            try:
                if self._depth > 1:
                    yield self._connection
                else:
                    self._afterwards.clear()
                    with self._connection:
                        yield self._connection
            except sqlite3.Error as error:
                raise _unreadable(error) from error
            finally:
                self._depth -= 1
            if self._depth == 0:
                acts, self._afterwards = self._afterwards, []
                with ExitStack() as all_of_them:  # one that fails keeps no other from being done
                    for act in reversed(acts):
                        all_of_them.callback(act)

    def afterwards(self, act: Callable[[], None]) -> None:
        """Do ``act`` when all of the transaction that this is called in is on the disk, and not at all if it fails.

        What was kept in order is told in order: the next transaction begins after it.
        """
        self._afterwards.append(act)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()


def readable(payload: bytes, kind: type[T]) -> T | None:
    """Return what is kept as ``payload``, None where only a later version can read it: this hub was taken back."""
    try:
        return msgspec.json.decode(payload, type=kind)
    except (ValueError, RecursionError):
        return None


def told(instant: datetime) -> str:
    """Return an instant as the tables have it: sorted as text it is sorted in time."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds")


def _unreadable(error: sqlite3.Error) -> RegistryUnreadable:
    return RegistryUnreadable(
        f"总站的数据库读写不了（{error}）：请检查存储卡，或从备份恢复",
        f"the hub's database can't be read or written ({error}): check the storage, or restore it from the backup",
    )
