"""What the as-run log's tables know of what is owed: attempts at occurrences, and since when each timing is on air."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from programme.cues import Occurrence
from speaker.airing import Outcome, Reason, ending_of
from speaker.asrun.database import text_of, transaction
from speaker.asrun.ledger import Attempt

_ATTEMPTS = (
    "SELECT broadcast, attempt, outcome, reason, frames_played, frames, max(begun, coalesce(due, begun))"
    " FROM airings WHERE day = ? AND priority = 'programme' ORDER BY attempt"
)


def attempts_at(database: sqlite3.Connection, days: Iterable[date]) -> dict[Occurrence, tuple[Attempt, ...]]:
    """Return the attempts at the occurrences of ``days``, the first one first."""
    attempts: dict[Occurrence, tuple[Attempt, ...]] = {}
    for day in days:
        for name, number, outcome, reason, played, frames, begun in database.execute(_ATTEMPTS, (day.isoformat(),)):
            occurrence = Occurrence(day, name)
            attempt = Attempt(
                number=number,
                outcome=Outcome(outcome) if outcome else None,
                reason=Reason(reason),
                frames_played=played,
                begun=datetime.fromisoformat(begun),
                reached_its_end=played > 0 and played >= frames - ending_of(frames),
            )
            attempts[occurrence] = (*attempts.get(occurrence, ()), attempt)
    return attempts


def owed_since(database: sqlite3.Connection) -> dict[str, datetime]:
    """Return since when each broadcast has been on air at the time that it has now."""
    rows = database.execute("SELECT broadcast, since FROM timings").fetchall()
    return {name: datetime.fromisoformat(text) for name, text in rows}


def note_timings(database: sqlite3.Connection, timings: Mapping[str, str], now: datetime) -> None:
    """Note that each broadcast is owed from ``now`` on where its timing is new or another. Raises LogUnwritable."""
    rows = database.execute("SELECT broadcast, timing, since FROM timings").fetchall()
    kept = {name: (timing, since) for name, timing, since in rows}
    fresh = {
        name: kept[name] if name in kept and kept[name][0] == timing else (timing, text_of(now))
        for name, timing in timings.items()
    }
    if fresh == kept:
        return
    with transaction(database):
        database.execute("DELETE FROM timings")
        database.executemany("INSERT INTO timings VALUES (?, ?, ?)", [(name, *value) for name, value in fresh.items()])


def take_back_after(database: sqlite3.Connection, now: datetime) -> None:
    """Let the log and every timing count from ``now`` on at the latest. Raises LogUnwritable."""
    with transaction(database):
        database.execute("UPDATE meta SET value = ?1 WHERE name = 'created' AND value > ?1", (text_of(now),))
        database.execute("UPDATE timings SET since = ?1 WHERE since > ?1", (text_of(now),))
