"""The most memory that the processes started from here had at one time, by looking often."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread

from bench.memory import memory_of

LOOK_SECONDS = 0.01


class PeakMemory:
    """A context in which all descendants of this process are watched. ``megabytes`` is their largest PSS together.

    What was there for less than a look is missed, and looking slows down what is looked at: time is measured apart.
    """

    def __init__(self) -> None:
        self.megabytes = 0.0
        self._over = Event()
        self._thread = Thread(target=self._look)

    def __enter__(self) -> PeakMemory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(LOOK_SECONDS):
            self.megabytes = max(self.megabytes, sum(_pss(pid) for pid in _descendants(os.getpid())))


def _pss(pid: int) -> float:
    with suppress(OSError, KeyError, IndexError):  # it has ended meanwhile
        return memory_of(pid).pss
    return 0.0


def _descendants(pid: int) -> Iterator[int]:
    """Yield all that ``pid`` has started, and what they have; not every kernel lists a process's children."""
    parents = dict(_parents())
    for one in parents:
        above: int | None = one
        while above in parents and above != pid:
            above = parents[above]
        if above == pid and one != pid:
            yield one


def _parents() -> Iterator[tuple[int, int]]:
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
            yield int(stat.parent.name), int(fields[1])
