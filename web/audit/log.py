"""操作记录: who did what, when, from where, and what it was before; one file of JSON lines for each day (UTC)."""

from __future__ import annotations

import errno
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from pathlib import Path
from queue import Empty, Full, Queue
from threading import Event, Lock, Thread

import msgspec

from box.clock import Clock
from box.durable import sync_folder
from box.sentences import Sentence

LONGEST_VALUE = 2000  # characters of an old or new value: a whole message
LONGEST_NAME = 200
MOST_DAYS = 1100  # three years
# Beyond this, what people who are not logged in try is no longer written: a machine must not fill the card with it.
LARGEST_DAY_BYTES = 4 * 1024 * 1024
WAIT_SECONDS = 0.1  # for the card; play and stop are to answer within 0.2 s
MOST_WAITING = 500
_LOG = logging.getLogger(__name__)


class Act(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One act. ``what`` is its stable name, ``target`` what it was done to, ``outcome`` an HTTP status, or 0.

    ``who`` is empty for somebody who is not logged in.
    """

    at: datetime
    who: str
    address: str
    what: str
    target: str = ""
    old: str = ""
    new: str = ""
    outcome: int = 0


@dataclass(frozen=True)
class DayOfActs:
    """The acts of a day, the newest first; ``damaged`` lines could not be read."""

    acts: tuple[Act, ...]
    damaged: int = 0


class Audit:
    """The log. It is only ever added to; a line is on the disk (fsync) before the next is begun.

    ``start`` lets a thread of its own write, and an act waits for it a tenth of a second at most; until then the
    caller's thread writes. What can't be written is said in ``failing`` and in the process's log, and hinders no act.
    """

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock
        self._queue: Queue[tuple[Act, Event]] = Queue(MOST_WAITING)
        self._lock = Lock()
        self._started = False
        self.failing: Sentence | None = None

    def start(self) -> None:
        """Write on a thread of its own from now on."""
        self._started = True
        Thread(target=self._run, name="audit", daemon=True).start()

    def record(
        self, *, who: str, address: str, what: str, target: str = "", old: str = "", new: str = "", outcome: int = 0
    ) -> None:
        """Add an act, now. Long values are cut."""
        act = Act(
            at=self._clock.now(),
            who=who[:LONGEST_NAME],
            address=address[:LONGEST_NAME],
            what=what[:LONGEST_NAME],
            target=target[:LONGEST_NAME],
            old=_cut(old),
            new=_cut(new),
            outcome=outcome,
        )
        written = Event()
        if self._started:
            try:
                self._queue.put((act, written), timeout=WAIT_SECONDS)
            except Full:
                _LOG.error("the audit log can't keep up; this act is not in it: %s", msgspec.json.encode(act))
                self.failing = Sentence("存储卡太慢", "the card is too slow")
                return
            written.wait(WAIT_SECONDS)
        else:
            self._write(act)

    def day(self, day: date, zone: tzinfo) -> DayOfActs:
        """Return the acts of a local day."""
        start = datetime.combine(day, time(), zone)
        end = start + timedelta(days=1)
        acts: list[Act] = []
        damaged = 0
        first, last = start.astimezone(UTC).date(), end.astimezone(UTC).date()
        for file in sorted({self._file(first), self._file(last)}):
            for act in _acts_in(file):
                if act is None:
                    damaged += 1
                elif start <= act.at < end:
                    acts.append(act)
        return DayOfActs(tuple(reversed(acts)), damaged)

    def _run(self) -> None:
        while True:
            act, written = self._queue.get()
            self._write(act)
            written.set()

    def finish(self) -> None:
        """Write what waits, on the caller's thread: the process ends."""
        while True:
            try:
                act, written = self._queue.get_nowait()
            except Empty:
                return
            self._write(act)
            written.set()

    def _write(self, act: Act) -> None:
        with self._lock:
            try:
                self._append(act)
            except OSError as error:
                why = error.strerror or str(error)
                self.failing = Sentence(why, why)
                _LOG.error("an act could not be written to the audit log (%s): %s", error, msgspec.json.encode(act))
            else:
                self.failing = None

    def _append(self, act: Act) -> None:
        file = self._file(act.at.astimezone(UTC).date())
        is_new = not file.exists()
        if is_new:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            size = os.fstat(descriptor).st_size
            if size >= LARGEST_DAY_BYTES and not act.who:
                return
            # A power cut may have left half a line: the next begins on one of its own.
            half = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
            line = (b"\n" if half else b"") + msgspec.json.encode(act) + b"\n"
            if os.write(descriptor, line) < len(line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if is_new:
            sync_folder(self._folder)
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        for old in sorted(self._folder.glob("*.jsonl"))[:-MOST_DAYS]:
            old.unlink(missing_ok=True)

    def _file(self, day: date) -> Path:
        return self._folder / f"{day.isoformat()}.jsonl"


def _acts_in(file: Path) -> Iterator[Act | None]:
    """Yield the acts of a file in their order, None for a line that is none."""
    try:
        lines = file.read_bytes().split(b"\n")
    except FileNotFoundError:
        return
    for line in lines:
        if line:
            try:
                yield msgspec.json.decode(line, type=Act)
            except (msgspec.DecodeError, UnicodeDecodeError):
                yield None


def _cut(value: str) -> str:
    return value if len(value) <= LONGEST_VALUE else f"{value[:LONGEST_VALUE]}…"
