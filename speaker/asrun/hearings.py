"""Which row waits for the microphone's verdict, and which verdicts wait for their row."""

from __future__ import annotations

import sqlite3

import msgspec

from speaker.heard import Hearing

AWAITED = Hearing(verdict="pending")
INTERRUPTED_HEARING = Hearing(verdict="not-listened", why="interrupted")
_MOST_KEPT = 16


class Verdicts:
    """At most one row waits. A verdict that comes before its row has ended, as of what is cut and goes on, is kept."""

    def __init__(self) -> None:
        self._awaited: tuple[int | None, int] = (None, 0)
        self._kept: dict[int, Hearing] = {}

    def on(self, listening: int | None, row: int) -> Hearing | None:
        """Return what is known of ``row``, which has ended: its verdict, or AWAITED; None where nobody listened."""
        if listening is None:
            return None
        if listening in self._kept:
            return self._kept.pop(listening)
        self._awaited = (listening, row)
        return AWAITED

    def told(self, listening: int, hearing: Hearing) -> int | None:
        """Take a verdict; return the row that awaits it, None if none does."""
        number, row = self._awaited
        if number == listening:
            self.await_none()
            return row
        self._kept[listening] = hearing
        while len(self._kept) > _MOST_KEPT:
            del self._kept[min(self._kept)]
        return None

    def await_none(self) -> None:
        """Let no row wait."""
        self._awaited = (None, 0)


def text_of_hearing(hearing: Hearing | None) -> str | None:
    """Return a verdict as it is stored."""
    return None if hearing is None else msgspec.json.encode(hearing).decode()


def last_hearings(database: sqlite3.Connection, most: int) -> list[Hearing]:
    """Return the last verdicts on record, the newest first."""
    statement = "SELECT heard FROM airings WHERE heard IS NOT NULL AND link IS NOT NULL ORDER BY link DESC LIMIT ?"
    return [msgspec.json.decode(text, type=Hearing) for (text,) in database.execute(statement, (most,))]
