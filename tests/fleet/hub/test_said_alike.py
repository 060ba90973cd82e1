"""What all devices were ordered to say, at one go: each to its own programme, but for what it is called."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from msgspec.structs import replace

from fleet.hub.database import Database
from fleet.hub.outbox import Outbox
from fleet.hub.said_alike import MOST_KINDS, revisions, said_alike
from fleet.wire.documents import SharedProgramme
from programme.model import Broadcast
from tests.fakes import SetClock
from tests.fleet.wire.orders import PROGRAMME, SHARED, STOP

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    """Return an outbox on a database of its own."""
    database = Database(tmp_path / "fleet.sqlite")
    yield Outbox(database, SetClock(NOW), lambda *_: None)
    database.close()


def named(yard: str) -> SharedProgramme:
    """Return the programme as it names that yard."""
    (one,) = SHARED.messages
    words = replace(one.message, text=f"{yard}停水。", clip=f"{len(yard):x}" * 64)
    return replace(SHARED, revision=f"r-{yard}", zone=yard, messages=(replace(one, message=words),))


def at(minute: int) -> SharedProgramme:
    """Return a programme that is said at another time."""
    return replace(SHARED, broadcasts=(Broadcast(id="c-e", at=time(minute // 60, minute % 60), messages=("c-water",)),))


def test_those_that_say_the_same_but_for_their_names_are_told_once(outbox: Outbox) -> None:
    """Another time, or another message, is another; who was ordered nothing to say is not among them."""
    orders = {"yard-1": named("一号院"), "yard-2": named("二号大院"), "yard-3": at(600), "yard-4": SHARED}
    other = replace(SHARED.messages[0], message=replace(SHARED.messages[0].message, id="c-gas"))
    outbox.order_all({**orders, "yard-5": replace(SHARED, messages=(other,)), "yard-6": STOP}, PROGRAMME)
    told = said_alike(outbox, lambda name: ("停电",) if name == "yard-3" else ())
    assert {name: one.kind for name, one in told.zones.items()} == {
        "yard-1": 0,
        "yard-2": 0,
        "yard-3": 1,
        "yard-4": 0,
        "yard-5": 2,
    }
    assert [programme.zone for programme in told.programmes[:1]] == ["一号院"]
    assert (told.programmes[1], told.zones["yard-3"].waiting) == (at(600), ("停电",))
    assert revisions(outbox) == {
        "yard-1": "r-一号院",
        "yard-2": "r-二号大院",
        "yard-3": "r1",
        "yard-4": "r1",
        "yard-5": "r1",
    }


def test_the_answer_stays_within_bounds(outbox: Outbox) -> None:
    """Where all say something else, those that are too many are left out, and asked about by themselves."""
    outbox.order_all({f"yard-{number:04}": at(number) for number in range(MOST_KINDS + 3)}, PROGRAMME)
    told = said_alike(outbox, lambda _: ())
    assert len(told.programmes) == len(told.zones) == MOST_KINDS
    assert f"yard-{MOST_KINDS:04}" not in told.zones


def test_what_a_later_version_has_ordered_is_left_out(outbox: Outbox, tmp_path: Path) -> None:
    """It is asked about by itself; the others are told as they are."""
    outbox.order_all({"yard-1": SHARED, "yard-2": at(600), "yard-3": at(700)}, PROGRAMME)
    later = (b'{"what":"programme","revision":"r9","weather":"rain"}',)
    with closing(sqlite3.connect(tmp_path / "fleet.sqlite")) as store, store:
        store.execute("UPDATE sent SET does = ? WHERE device = 'yard-2'", later)
    told = said_alike(outbox, lambda _: ())
    said = {name: told.programmes[one.kind] for name, one in told.zones.items()}
    assert said == {"yard-1": SHARED, "yard-3": at(700)}
    assert set(revisions(outbox)) == {"yard-1", "yard-2", "yard-3"}
