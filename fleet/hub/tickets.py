"""The tickets that were made, and who has asked with them."""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from fleet.hub.database import Database, told


class TicketStanding(StrEnum):
    """How far a ticket has come."""

    OPEN = "open"  # nobody has asked with it
    ASKED = "asked"  # a box has; somebody here is to compare the digits
    CONFIRMED = "confirmed"  # that box may fetch its certificate, as often as it must
    REFUSED = "refused"
    VOID = "void"  # used up, replaced, or guessed at


@dataclass(frozen=True)
class Kept:
    """A ticket as it is kept. ``public`` is the key (DER) of the box that asked first, and of no other."""

    id: str
    device: str
    secret: bytes
    expires: datetime
    standing: TicketStanding
    public: bytes
    request: bytes
    version: str
    wrong: int
    certificate: bytes


class Tickets:
    """The table of tickets."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def together(self) -> AbstractContextManager[object]:
        """Have all that is done in the block done in one transaction."""
        return self._database.transaction()

    def make(self, ticket_id: str, device: str, secret: bytes, expires: datetime) -> None:
        """Keep a new ticket for ``device``; those it had before are void."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE ticket SET standing = ?, secret = x'' WHERE device = ? AND standing != ?",
                (TicketStanding.VOID, device, TicketStanding.VOID),
            )
            connection.execute(
                "INSERT INTO ticket (id, device, secret, expires, standing) VALUES (?, ?, ?, ?, ?)",
                (ticket_id, device, secret, told(expires), TicketStanding.OPEN),
            )

    def find(self, ticket_id: str) -> Kept | None:
        """Return the ticket with that id, or None."""
        with self._database.transaction() as connection:
            row = connection.execute("SELECT * FROM ticket WHERE id = ?", (ticket_id,)).fetchone()
        return _kept(row) if row is not None else None

    def of_device(self, device: str) -> Kept | None:
        """Return the ticket of ``device`` that is not void, or None."""
        with self._database.transaction() as connection:
            row = connection.execute(
                "SELECT * FROM ticket WHERE device = ? AND standing != ?", (device, TicketStanding.VOID)
            ).fetchone()
        return _kept(row) if row is not None else None

    def current(self) -> tuple[Kept, ...]:
        """Return all that are not void, by device."""
        with self._database.transaction() as connection:
            rows = connection.execute("SELECT * FROM ticket WHERE standing != 'void' ORDER BY device").fetchall()
        return tuple(map(_kept, rows))

    def note_wrong(self, ticket_id: str, most: int) -> None:
        """Count a wrong proof; the ticket is void after ``most``."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE ticket SET wrong = wrong + 1, "
                "standing = CASE WHEN wrong + 1 >= ? AND standing = 'open' THEN 'void' ELSE standing END WHERE id = ?",
                (most, ticket_id),
            )

    def ask(self, ticket_id: str, public: bytes, request: bytes, version: str) -> None:
        """Note that the box with the key ``public`` has asked. The first one has the ticket."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE ticket SET standing = ?, public = ?, request = ?, version = ? WHERE id = ? AND standing = ?",
                (TicketStanding.ASKED, public, request, version, ticket_id, TicketStanding.OPEN),
            )

    def confirm(self, ticket_id: str, certificate: bytes) -> None:
        """Note that the box that asked is the right one, and keep its certificate until it has it."""
        self._set(ticket_id, TicketStanding.CONFIRMED, certificate)

    def refuse(self, ticket_id: str) -> None:
        """Note that the box that asked is not let in."""
        self._set(ticket_id, TicketStanding.REFUSED, b"")

    def use_up(self, device: str) -> None:
        """Void the ticket of ``device``, which is in."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE ticket SET standing = ?, secret = x'' WHERE device = ? AND standing = ?",
                (TicketStanding.VOID, device, TicketStanding.CONFIRMED),
            )

    def _set(self, ticket_id: str, standing: TicketStanding, certificate: bytes) -> None:
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE ticket SET standing = ?, certificate = ? WHERE id = ? AND standing = ?",
                (standing, certificate, ticket_id, TicketStanding.ASKED),
            )


def _kept(row: sqlite3.Row) -> Kept:
    return Kept(
        id=row["id"],
        device=row["device"],
        secret=row["secret"],
        expires=datetime.fromisoformat(row["expires"]),
        standing=TicketStanding(row["standing"]),
        public=row["public"] or b"",
        request=row["request"] or b"",
        version=row["version"],
        wrong=row["wrong"],
        certificate=row["certificate"] or b"",
    )
