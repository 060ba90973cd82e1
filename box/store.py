"""A SQLite file that can be made again from what lies elsewhere: opened, and put aside where it is damaged."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from box.aside import put_aside
from box.clock import Clock, SystemClock
from box.sentences import XiaolabaError

_BUSY_SECONDS = 5.0
COMPANIONS = ("-wal", "-shm")


class StoreDamaged(XiaolabaError):
    """The file is damaged in its middle; it was put aside, and the next opening begins a new one."""


class StoreRefuses(XiaolabaError):
    """The storage refuses: full, read-only, or failing. That says nothing about the file."""


@contextmanager
def opened(
    path: Path, prepare: Callable[[sqlite3.Connection], object], clock: Clock | None = None
) -> Iterator[sqlite3.Connection]:
    """Open ``path``, made ready by ``prepare``, which may be called on one that is ready. Raises StoreRefuses.

    One whose head is damaged is put aside and begun anew at once. Damage that is met only within the block is raised
    as StoreDamaged; the file is aside by then.
    """
    clock = clock or SystemClock()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            connection = _prepared(path, prepare)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            put_aside(path, clock.now(), *COMPANIONS)
            connection = _prepared(path, prepare)
        with closing(connection):
            yield connection
    except sqlite3.OperationalError as error:
        raise StoreRefuses(
            f"存储卡读不了或写不进去，请检查它是不是满了或坏了（{error}）",
            f"the storage can't be read or written; check whether it is full or failing ({error})",
        ) from error
    except sqlite3.DatabaseError as error:
        put_aside(path, clock.now(), *COMPANIONS)
        raise StoreDamaged(
            f"{path.name} 坏了，已经另存，正在重新整理，请过一分钟再看",
            f"{path.name} was damaged and is kept aside; it is being made anew, please look again in a minute",
        ) from error


def _prepared(path: Path, prepare: Callable[[sqlite3.Connection], object]) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS)
    try:
        prepare(connection)
    except BaseException:
        connection.close()
        raise
    return connection
