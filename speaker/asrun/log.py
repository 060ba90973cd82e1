"""The as-run log: what was really played, written before it sounds, and never forgotten."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import msgspec

from box.clock import Clock
from speaker.airing import Outcome, Priority, Reason, Result
from speaker.asrun.asking import FRAMES_BETWEEN, query_of, size_of
from speaker.asrun.database import LogUnwritable, open_database, put_in_place, text_of, transaction, unwritable
from speaker.asrun.hearings import AWAITED, INTERRUPTED_HEARING, Verdicts, last_hearings, text_of_hearing
from speaker.asrun.ledger import NEVER, Ledger
from speaker.asrun.owing import attempts_at, note_timings, owed_since, take_back_after
from speaker.asrun.sealing import seal
from speaker.asrun.statements import BEGIN, BEGIN_ANEW, END, HEARD, HOLD, INTERRUPTED, NOTE, NOTE_ENDING, PENDING
from speaker.asrun.stored import airing_of
from speaker.heard import Hearing
from speaker.protocol import LONGEST_LINE_BYTES, AskRecords, Records
from speaker.record import Airing, Origin, Part, Said
from speaker.trust.states import Trust

_ARMED = timedelta(minutes=1)  # a row is begun some seconds before it is due
_ROOM_BYTES = LONGEST_LINE_BYTES - 1024  # what the rows may take of a line of the socket


@dataclass(frozen=True)
class Entry:
    """What is known of an airing before it sounds. ``day`` is local to the programme."""

    priority: Priority
    origin: Origin
    who: str
    broadcast: str | None
    day: date
    attempt: int
    due: datetime | None
    frames: int
    volume_percent: int
    revision: str
    said: tuple[Said, ...]
    occasion: str = ""
    clock: Trust | None = None


class AsRunLog:
    """The log in SQLite. One connection behind a lock: any thread may read, the station writes.

    A damaged database is moved aside with the time in its name (``moved_aside``), never deleted, and a new one
    is begun. ``went_back`` is where one of a later version lies, all of which is in this one. ``follows_another`` says
    that there must have been a log before (a publication was kept), so that a missing one is a lost one, ``in_doubt``
    that nobody believes the clock: a log that is begun now counts from when somebody does. Rows that the last life left
    open are closed as interrupted.

    Every method that writes is durable when it returns, and raises LogUnwritable where the storage refuses;
    ``refusal`` is the last write's, None if it went well.
    """

    def __init__(self, path: Path, clock: Clock, *, follows_another: bool = False, in_doubt: bool = False) -> None:
        self._clock = clock
        self._lock = threading.RLock()
        self._verdicts = Verdicts()
        now = clock.now()
        created = NEVER if in_doubt else now
        opened = open_database(path, now=now, created=created, follows_another=follows_another)
        self._database = opened.connection
        self.refusal: LogUnwritable | None = None
        self.moved_aside = opened.moved_aside
        self.went_back = opened.went_back
        put_in_place(self._database)
        self._close_what_was_left_open()

    @property
    def created(self) -> datetime:
        """When this log was begun, in UTC."""
        return datetime.fromisoformat(self._meta("created"))

    @property
    def lost(self) -> bool:
        """Whether there was a log before this one that is gone or damaged."""
        return self._meta("lost") == "1"

    def know_nothing_after(self, now: datetime) -> None:
        """Take back what was noted while the clock was ahead of ``now``: else nothing would be owed until then."""
        with self._lock:
            if self.created > now or any(since > now for since in owed_since(self._database).values()):
                take_back_after(self._database, now)

    def owe(self, timings: Mapping[str, str], now: datetime) -> None:
        """Note from when on each broadcast is owed: from ``now``, where its timing is new or another.

        ``timings`` has for each broadcast what makes its time (the hour and the days), in any stable text.
        """
        with self._lock:
            note_timings(self._database, timings, now)

    def ledger(self, days: Iterable[date]) -> Ledger:
        """Return what the log knows about the occurrences of ``days``."""
        with self._lock:
            attempts, since = attempts_at(self._database, days), owed_since(self._database)
            return Ledger(created=self.created, lost=self.lost, attempts=attempts, owed_since=since)

    def begin(self, entry: Entry) -> int:
        """Write that ``entry`` is about to sound; return the row's id.

        An attempt at an occurrence that is on record already is refused as LogUnwritable: it never sounds twice.
        """
        return self._insert(entry, outcome=None, reason=Reason.NONE)

    def begin_anew(self, row: int, entry: Entry) -> None:
        """Write what the open ``row`` is about to say now: it has not sounded, and is tried again."""
        due = text_of(entry.due) if entry.due else None
        now = text_of(self._clock.now())
        self._update(
            BEGIN_ANEW,
            due,
            entry.frames,
            entry.volume_percent,
            entry.revision,
            _text_of(entry.said),
            entry.clock,
            now,
            now,
            row=row,
        )

    def not_sounded(self, entry: Entry, outcome: Outcome, reason: Reason) -> int:
        """Write that ``entry`` did not sound (missed or refused), and why; return the row's id."""
        return self._insert(entry, outcome=outcome, reason=reason)

    def note(self, row: int, frames_played: int) -> None:
        """Write how far ``row`` has sounded, for the case that nobody lives to write its end."""
        self._update(NOTE, frames_played, text_of(self._clock.now()), row=row)

    def note_ending(self, row: int, frames_played: int, ending_frames: int) -> None:
        """Write that all of ``row`` was heard but its ending: whoever dies from now on leaves nothing to begin anew."""
        self._update(NOTE_ENDING, frames_played, ending_frames, text_of(self._clock.now()), row=row)

    def hold(self, row: int, parts: Sequence[Part]) -> None:
        """Write that ``row`` was cut and is to go on; ``parts`` are all that were heard of it."""
        frames_played = sum(part.frames_played for part in parts)
        self._update(HOLD, frames_played, text_of(self._clock.now()), _text_of(parts), row=row)

    def end(self, row: int, result: Result, parts: Sequence[Part] = ()) -> None:
        """Write what became of ``row``; ``parts`` are of one that was cut. A row that has ended stays as it is.

        One that was listened to is chained when the verdict is known, seconds later (``hear``); one at most waits.
        """
        started = text_of(result.started) if result.started else None
        if result.listening is not None:
            self._hear_no_more()
        hearing = self._verdicts.on(result.listening, row)
        self._update(
            END,
            result.outcome,
            result.reason,
            started,
            text_of(result.ended),
            result.frames_played,
            result.lateness_ms,
            _text_of(parts),
            text_of_hearing(hearing),
            row=row,
            ends=hearing != AWAITED,
        )

    def hear(self, listening: int, hearing: Hearing) -> bool:
        """Write the verdict of that number into its row, and chain it; tell whether it was awaited."""
        row = self._verdicts.told(listening, hearing)
        if row is None:
            return False
        self._update(HEARD, text_of_hearing(hearing), row=row, ends=True)
        return True

    def last_hearings(self, most: int) -> list[Hearing]:
        """Return the last verdicts, the newest first; what nobody listened to is passed over."""
        with self._lock:
            return last_hearings(self._database, most)

    def end_of(self, row: int) -> tuple[Outcome, Reason] | None:
        """Return how ``row`` ended, None while it has not."""
        with self._lock:
            ended = self._database.execute("SELECT outcome, reason FROM airings WHERE id = ?", (row,)).fetchone()
        return (Outcome(ended[0]), Reason(ended[1])) if ended and ended[0] else None

    def last_noted(self, who: str, reasons: Sequence[Reason]) -> datetime | None:
        """Return when one of ``reasons`` was last on record for ``who``, None if it never was."""
        marks = ", ".join("?" * len(reasons))
        statement = f"SELECT max(begun) FROM airings WHERE who = ? AND outcome = ? AND reason IN ({marks})"  # noqa: S608 - question marks
        with self._lock:
            (last,) = self._database.execute(statement, (who, Outcome.NOTED, *reasons)).fetchone()
        return datetime.fromisoformat(last) if last else None

    def frames_between(self, start: datetime, end: datetime, *, heard: tuple[int, int] = (0, 0)) -> int:
        """Return how many frames have sounded in airings begun from ``start`` on and before ``end``.

        One that is armed before its time begins at its time. ``heard`` is a row that sounds, and how much of it by now:
        more than is on record of it.
        """
        values = (text_of(start - _ARMED), text_of(start), text_of(end), *heard)
        with self._lock:
            (frames,) = self._database.execute(FRAMES_BETWEEN, values).fetchone()
        return int(frames)

    def last_begun(self, origin: Origin) -> datetime | None:
        """Return when something of ``origin`` was last begun, None if nothing was."""
        with self._lock:
            (last,) = self._database.execute("SELECT max(begun) FROM airings WHERE origin = ?", (origin,)).fetchone()
        return datetime.fromisoformat(last) if last else None

    def last_page_ended(self, since: datetime) -> datetime | None:
        """Return when the last page or emergency that was begun from ``since`` on ended, None if none was heard."""
        with self._lock:
            (last,) = self._database.execute(
                "SELECT max(ended) FROM airings WHERE begun >= ? AND priority IN ('page', 'emergency')"
                " AND (frames_played > 0 OR reason = ?)",
                (text_of(since), Reason.INTERRUPTED),
            ).fetchone()
        return datetime.fromisoformat(last) if last else None

    def last_airing(self) -> datetime | None:
        """Return when the last airing was begun by a clock that could be believed, None if there was none.

        The last, and not the latest: the clock may have been years ahead once.
        """
        with self._lock:
            row = self._database.execute(
                "SELECT begun FROM airings WHERE clock IS NOT ? ORDER BY id DESC LIMIT 1", (Trust.UNTRUSTED,)
            ).fetchone()
        return datetime.fromisoformat(row[0]) if row else None

    def records(self, ask: AskRecords) -> Records:
        """Return the rows asked for, as many as fit in one line of the socket.

        A row that is larger than that comes alone and whole, its words are proof: twenty messages of 4,000 characters
        are 320 kB at most.
        """
        airings: list[Airing] = []
        room = _ROOM_BYTES
        log = self._meta("identity")
        with self._lock:
            for row in self._database.execute(*query_of(ask)):
                airing = airing_of(row)
                if len(airings) == ask.most or (airings and size_of(airing) > room):
                    return Records(airings=tuple(airings), more=True, log=log)
                airings.append(airing)
                room -= size_of(airing)
        return Records(airings=tuple(airings), more=False, log=log)

    def close(self) -> None:
        """Close the database; nothing is pending but a verdict, which will not come any more."""
        with contextlib.suppress(LogUnwritable):  # the next life will write it
            self._hear_no_more()
        with self._lock:
            self._database.close()

    def _insert(self, entry: Entry, *, outcome: Outcome | None, reason: Reason) -> int:
        now = text_of(self._clock.now())
        values = (
            now,
            now,
            entry.priority.name.lower(),
            entry.origin,
            entry.who,
            entry.broadcast,
            entry.day.isoformat(),
            entry.attempt,
            text_of(entry.due) if entry.due else None,
            now if outcome else None,
            outcome,
            reason,
            entry.frames,
            entry.volume_percent,
            entry.revision,
            _text_of(entry.said),
            entry.occasion,
            entry.clock,
        )
        return self._update(BEGIN, *values, ends=outcome is not None)

    def _update(self, statement: str, *values: object, row: int | None = None, ends: bool = False) -> int:
        """Write a new row, or ``row``, and return its id. Where it ``ends`` it is chained in the same transaction."""
        self.refusal = None
        try:
            with self._lock, transaction(self._database):
                done = self._database.execute(statement, (self._next_change(), *values, *([row] if row else [])))
                written = row or done.lastrowid or 0
                if ends and done.rowcount:
                    seal(self._database, written)
        except LogUnwritable as error:
            self.refusal = error
            raise
        if statement is not NOTE:
            with self._lock:
                put_in_place(self._database)
        return written

    def _next_change(self) -> int:
        row = self._database.execute("SELECT max(change) FROM airings").fetchone()
        return int(row[0] or self._meta("first")) + 1

    def _close_what_was_left_open(self) -> None:
        try:
            rows = self._database.execute("SELECT id FROM airings WHERE outcome IS NULL ORDER BY id").fetchall()
        except sqlite3.Error as error:
            raise unwritable(error) from error
        for (row,) in rows:
            self._update(INTERRUPTED, Outcome.CUT, Reason.INTERRUPTED, row=row, ends=True)
        self._hear_no_more()

    def _hear_no_more(self) -> None:
        """Chain what waits for a verdict, without one."""
        self._verdicts.await_none()
        try:
            rows = self._database.execute(PENDING).fetchall()
        except sqlite3.Error as error:
            raise unwritable(error) from error
        for (row,) in rows:
            self._update(HEARD, text_of_hearing(INTERRUPTED_HEARING), row=row, ends=True)

    def _meta(self, name: str) -> str:
        with self._lock:
            row = self._database.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return str(row[0])


def _text_of(values: Sequence[Said | Part]) -> str:
    return msgspec.json.encode(values).decode()
