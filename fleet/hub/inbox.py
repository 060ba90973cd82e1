"""What devices told: their states, what became of orders, their records, their proposals. Durable when it returns."""

from __future__ import annotations

import sqlite3
from datetime import date, datetime
from functools import partial
from threading import Lock

import msgspec
from msgspec.structs import replace

from fleet.hub.database import Database, readable, told
from fleet.wire.accounts import DeviceState, Proposal, Report
from fleet.wire.documents import Acknowledged, Answer, Answers, LogMark
from fleet.wire.rows import Rows, read_row
from speaker.record import Airing

MOST_REPORTS = 1000  # of one device: more is a device that reports in a circle
MOST_LOGS = 16  # of one device: a log is begun anew only when one was damaged
MOST_OPEN_PROPOSALS = 20  # of one device
_LATEST_ANSWERS = 50
_LARGEST_ANSWER_BYTES = 16 * 1024 * 1024  # of rows, which are asked for again from where it ended


class KeptReport(msgspec.Struct, frozen=True, kw_only=True):
    """A report, whose it is, and when it came."""

    device: str
    report: Report
    received: datetime


class KeptAiring(msgspec.Struct, frozen=True, kw_only=True):
    """A row of a device's as-run log."""

    device: str
    log: str
    airing: Airing


class KeptNewer(msgspec.Struct, frozen=True, kw_only=True):
    """A row that a later version has written and this hub can't read: it is shown when the hub is of that version."""

    device: str
    day: date


class KeptRows(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of the devices' logs; ``more`` says that the limit cut them."""

    airings: tuple[KeptAiring, ...]
    newer: tuple[KeptNewer, ...]
    more: bool


class KeptProposal(msgspec.Struct, frozen=True, kw_only=True):
    """A proposal, and what was made of it; ``adopted`` is None while nobody has answered."""

    device: str
    proposal: Proposal
    received: datetime
    adopted: bool | None = None
    words: str = ""


class Inbox:
    """The tables of what devices told. A device can fill no more of them than is here allowed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = Lock()
        self._heard: dict[str, tuple[DeviceState, datetime]] = {}
        self._unsaved: set[str] = set()  # whose state may have come to nothing with the act that it was part of

    def take_state(self, device: str, state: DeviceState, now: datetime) -> None:
        """Keep how ``device`` is now; on the disk only what has changed, as each says so every few minutes."""
        known = self.state_of(device)
        if known is None or device in self._unsaved or _lasting(known) != _lasting(state):
            self._unsaved.add(device)
            with self._database.transaction() as connection:
                connection.execute(
                    "INSERT OR REPLACE INTO state (device, payload, received) VALUES (?, ?, ?)",
                    (device, msgspec.json.encode(state), told(now)),
                )
                self._database.afterwards(partial(self._unsaved.discard, device))
        with self._lock:
            self._heard[device] = (state, now)

    def states(self) -> dict[str, tuple[DeviceState, datetime]]:
        """Return the last state of each device and when it came."""
        with self._database.transaction() as connection:
            rows = connection.execute("SELECT * FROM state").fetchall()
        kept = {
            row["device"]: (state, datetime.fromisoformat(row["received"]))
            for row in rows
            if (state := readable(row["payload"], DeviceState)) is not None
        }
        with self._lock:
            return kept | self._heard

    def state_of(self, device: str) -> DeviceState | None:
        """Return the last state of ``device``, None if it never told one."""
        with self._lock:
            heard = self._heard.get(device)
        if heard is not None:
            return heard[0]
        with self._database.transaction() as connection:
            row = connection.execute("SELECT payload FROM state WHERE device = ?", (device,)).fetchone()
        return readable(row["payload"], DeviceState) if row is not None else None

    def take_report(self, device: str, report: Report, now: datetime) -> None:
        """Keep what became of an order."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO report (device, urgent, payload, received) VALUES (?, ?, ?, ?)",
                (device, report.urgent, msgspec.json.encode(report), told(now)),
            )
            connection.execute(
                "DELETE FROM report WHERE device = ? AND number <= "
                "(SELECT number FROM report WHERE device = ? ORDER BY number DESC LIMIT 1 OFFSET ?)",
                (device, device, MOST_REPORTS),
            )

    def reports_of_urgent(self, urgent: str) -> tuple[KeptReport, ...]:
        """Return what became of an urgent announcement, in the order it came."""
        with self._database.transaction() as connection:
            rows = connection.execute("SELECT * FROM report WHERE urgent = ? ORDER BY number", (urgent,)).fetchall()
        return tuple(filter(None, map(_report, rows)))

    def reports_of_device(self, device: str, most: int) -> tuple[KeptReport, ...]:
        """Return the latest reports of ``device``, the newest first."""
        with self._database.transaction() as connection:
            rows = connection.execute(
                "SELECT * FROM report WHERE device = ? ORDER BY number DESC LIMIT ?", (device, most)
            ).fetchall()
        return tuple(filter(None, map(_report, rows)))

    def take_rows(self, device: str, rows: Rows, now: datetime) -> None:
        """Keep rows that go on where those before ended, as they were sent; pass over those that would leave a gap."""
        keys = rows.row_keys()
        with self._database.transaction() as connection:
            found = connection.execute(
                "SELECT change FROM mark WHERE device = ? AND log = ?", (device, rows.log)
            ).fetchone()
            mark = found["change"] if found is not None else 0
            if rows.after > mark:
                return
            connection.executemany(
                "INSERT INTO airing (device, log, id, change, day, row) VALUES (?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (device, log, id) DO UPDATE SET change = excluded.change, day = excluded.day, "
                "row = excluded.row WHERE excluded.change > change",
                [
                    (device, rows.log, key.id, key.change, key.day.isoformat(), bytes(row))
                    for key, row in zip(keys, rows.rows, strict=True)
                ],
            )
            connection.execute(
                "INSERT INTO mark (device, log, change, at) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (device, log) DO UPDATE SET change = max(change, excluded.change), at = excluded.at",
                (device, rows.log, max(mark, *(key.change for key in keys)), told(now)),
            )

    def acknowledged(self, device: str) -> Acknowledged:
        """Return how far this database has the records of ``device``: of its latest logs."""
        with self._database.transaction() as connection:
            rows = connection.execute(
                "SELECT log, change FROM mark WHERE device = ? ORDER BY at DESC LIMIT ?", (device, MOST_LOGS)
            ).fetchall()
        return Acknowledged(marks=tuple(LogMark(log=row["log"], change=row["change"]) for row in rows))

    def airings(self, first: date, last: date, device: str | None, after: int, most: int) -> KeptRows:
        """Return up to ``most`` rows of those days (inclusive), by day, device and number, but the first ``after``.

        They are fewer where those are large: an answer that nobody could take would hide the records of all.
        """
        airings: list[KeptAiring] = []
        newer: list[KeptNewer] = []
        size, more = 0, False
        with self._database.transaction() as connection:
            for row in connection.execute(
                "SELECT device, log, day, row FROM airing WHERE day BETWEEN ? AND ? AND (? IS NULL OR device = ?) "
                "ORDER BY day, device, log, id LIMIT ? OFFSET ?",
                (first.isoformat(), last.isoformat(), device, device, most + 1, after),
            ):
                more = len(airings) + len(newer) == most or size >= _LARGEST_ANSWER_BYTES
                if more:
                    break
                size += len(row["row"])
                airing = read_row(row["row"])
                if airing is None:
                    newer.append(KeptNewer(device=row["device"], day=date.fromisoformat(row["day"])))
                else:
                    airings.append(KeptAiring(device=row["device"], log=row["log"], airing=airing))
        return KeptRows(airings=tuple(airings), newer=tuple(newer), more=more)

    def take_proposal(self, device: str, proposal: Proposal, now: datetime) -> None:
        """Keep a proposal; one that came before is not asked twice. Of too many open ones the newest is not taken."""
        with self._database.transaction() as connection:
            open_ = connection.execute(
                "SELECT count(*) FROM proposal WHERE device = ? AND adopted IS NULL", (device,)
            ).fetchone()[0]
            if open_ < MOST_OPEN_PROPOSALS:
                connection.execute(
                    "INSERT OR IGNORE INTO proposal (device, id, payload, received) VALUES (?, ?, ?, ?)",
                    (device, proposal.id, msgspec.json.encode(proposal), told(now)),
                )

    def proposals(self) -> tuple[KeptProposal, ...]:
        """Return the proposals, those without an answer first, then the latest."""
        with self._database.transaction() as connection:
            rows = connection.execute(
                "SELECT * FROM proposal ORDER BY adopted IS NOT NULL, received DESC LIMIT 200"
            ).fetchall()
        return tuple(filter(None, map(_proposal, rows)))

    def answer(self, device: str, proposal: str, *, adopted: bool, words: str, now: datetime) -> bool:
        """Keep the answer to a proposal; tell whether there was one to answer."""
        with self._database.transaction() as connection:
            done = connection.execute(
                "UPDATE proposal SET adopted = ?, words = ?, answered = ? "
                "WHERE device = ? AND id = ? AND adopted IS NULL",
                (int(adopted), words, told(now), device, proposal),
            )
        return done.rowcount == 1

    def answers(self, device: str) -> Answers:
        """Return the latest answers to the proposals of ``device``."""
        with self._database.transaction() as connection:
            rows = connection.execute(
                "SELECT id, adopted, words FROM proposal WHERE device = ? AND adopted IS NOT NULL "
                "ORDER BY answered DESC LIMIT ?",
                (device, _LATEST_ANSWERS),
            ).fetchall()
        return Answers(
            answers=tuple(Answer(proposal=row["id"], adopted=bool(row["adopted"]), words=row["words"]) for row in rows)
        )


def _lasting(state: DeviceState) -> DeviceState:
    """Return what of a state is worth keeping over a restart."""
    return replace(state, now=None, records_waiting=0, sounding="", counters={})


def _report(row: sqlite3.Row) -> KeptReport | None:
    report = readable(row["payload"], Report)
    if report is None:
        return None
    return KeptReport(device=row["device"], report=report, received=datetime.fromisoformat(row["received"]))


def _proposal(row: sqlite3.Row) -> KeptProposal | None:
    proposal = readable(row["payload"], Proposal)
    if proposal is None:
        return None
    return KeptProposal(
        device=row["device"],
        proposal=proposal,
        received=datetime.fromisoformat(row["received"]),
        adopted=None if row["adopted"] is None else bool(row["adopted"]),
        words=row["words"],
    )
