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
    """A context in which all that this process starts is watched, and what that starts.

    ``megabytes`` is their largest PSS together. What this process had started before is left out.

    What was there for less than a look is missed, and looking slows down what is looked at: time is measured apart.
    Who has just been started has its parent's memory and command line until it runs its program: it does not count yet.
    """

    def __init__(self) -> None:
        self.megabytes = 0.0
        self._before: frozenset[int] = frozenset()
        self._over = Event()
        self._thread = Thread(target=self._look)

    def __enter__(self) -> PeakMemory:
        self._before = frozenset(_descendants(os.getpid(), frozenset()))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(LOOK_SECONDS):
            self.megabytes = max(self.megabytes, sum(map(_pss, _descendants(os.getpid(), self._before))))


def _pss(pid: int) -> float:
    with suppress(OSError, KeyError, IndexError):  # it has ended meanwhile
        return memory_of(pid).pss
    return 0.0


def _descendants(pid: int, but: frozenset[int]) -> Iterator[int]:
    """Yield all that ``pid`` has started ``but`` those, and what they have; not every kernel lists the children."""
    parents = dict(_parents())
    for one, parent in parents.items():
        above: int | None = one
        while above in parents and above != pid and above not in but:
            above = parents[above]
        if above == pid and one != pid and _command(one) != _command(parent):
            yield one


def _command(pid: int) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def _parents() -> Iterator[tuple[int, int]]:
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
            yield int(stat.parent.name), int(fields[1])
