"""What devices tell is taken in many at a time, and acknowledged when it is on the disk: not before."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Semaphore, Thread

import pytest

from fleet.hub.database import Database
from fleet.hub.intake import MOST_WAITING, Intake
from fleet.mqtt import Message


class Hall:
    """An intake that keeps each payload in a table, all but the one that nobody can take."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.database = Database(path)
        with self.database.transaction() as connection:
            connection.execute("CREATE TABLE heard (payload BLOB)")
        self.failures: list[Exception] = []
        self.seen_when_acknowledged: list[tuple[bytes, tuple[bytes, ...]]] = []
        self.told: list[bytes] = []
        self.intake = Intake(self.database, self.take, self.failures.append)

    def take(self, _topic: str, payload: bytes, _kept: bool) -> None:
        """Keep it, and tell of it afterwards."""
        with self.database.transaction() as connection:
            connection.execute("INSERT INTO heard VALUES (?)", (payload,))
            self.database.afterwards(lambda: self.told.append(payload))
        if payload == b"bad":
            raise ValueError("nobody can take this")

    def message(self, payload: bytes) -> Message:
        """Return a message that notes what another connection sees on the disk when it is acknowledged."""
        return Message("topic", payload, False, lambda: self.seen_when_acknowledged.append((payload, self.on_disk())))

    def on_disk(self) -> tuple[bytes, ...]:
        """Return what whoever opens the file now finds."""
        with closing(sqlite3.connect(self.path)) as connection:
            return tuple(row[0] for row in connection.execute("SELECT payload FROM heard"))


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    """Return an intake on a database of its own."""
    one = Hall(tmp_path / "fleet.sqlite")
    yield one
    one.database.close()


def test_a_message_is_acknowledged_when_it_is_on_the_disk(hall: Hall) -> None:
    """Both of one act: at the first acknowledgement the second is there too."""
    hall.intake.take_in([hall.message(b"1"), hall.message(b"2")])
    assert hall.seen_when_acknowledged == [(b"1", (b"1", b"2")), (b"2", (b"1", b"2"))]
    assert hall.told == [b"1", b"2"]


def test_one_that_fails_takes_no_other_away(hall: Hall) -> None:
    """It is told and acknowledged, nothing of it is kept, and the others are there once, and told of once."""
    hall.intake.take_in([hall.message(b"1"), hall.message(b"bad"), hall.message(b"2")])
    assert hall.on_disk() == (b"1", b"2")
    assert hall.told == [b"1", b"2"]
    assert [payload for payload, _ in hall.seen_when_acknowledged] == [b"1", b"bad", b"2"]
    assert [str(one) for one in hall.failures] == ["nobody can take this"]


def test_a_broker_that_can_not_be_told_keeps_no_message_away(hall: Hall) -> None:
    """The connection broke in that moment: it is told, and what comes after is taken in."""

    def broken() -> None:
        raise OSError("no connection")

    hall.intake.start()
    hall.intake.put(Message("topic", b"1", False, broken))
    hall.intake.put(hall.message(b"2"))
    hall.intake.close()
    assert hall.on_disk() == (b"1", b"2")
    assert [payload for payload, _ in hall.seen_when_acknowledged] == [b"2"]
    assert [str(one) for one in hall.failures] == ["no connection"]


def test_a_flood_waits_at_the_broker(hall: Hall) -> None:
    """A box that has gone mad, or was stolen, fills no memory here; whoever brings its messages waits."""
    brought = Semaphore(0)

    def bring() -> None:
        for _ in range(MOST_WAITING + 1):
            hall.intake.put(hall.message(b""))
            brought.release()

    flood = Thread(target=bring, daemon=True)
    flood.start()
    assert all(brought.acquire(timeout=60) for _ in range(MOST_WAITING))
    assert not brought.acquire(timeout=0.1)
    hall.intake.start()
    flood.join(60)
    hall.intake.close()
    assert len(hall.on_disk()) == MOST_WAITING + 1


def test_what_has_come_is_taken_in_before_the_end(hall: Hall) -> None:
    """In the order that it came."""
    hall.intake.start()
    for number in range(300):
        hall.intake.put(hall.message(b"%d" % number))
    hall.intake.close()
    assert hall.on_disk() == tuple(b"%d" % number for number in range(300))


def test_what_is_told_afterwards_is_told_though_one_act_fails(hall: Hall) -> None:
    """In order, and the failure is heard."""

    def fails() -> None:
        raise ValueError("the broker went away")

    with pytest.raises(ValueError, match="went away"), hall.database.transaction():
        hall.database.afterwards(lambda: hall.told.append(b"1"))
        hall.database.afterwards(fails)
        hall.database.afterwards(lambda: hall.told.append(b"2"))
    assert hall.told == [b"1", b"2"]
