"""Rows of a device's as-run log on their way to the hub, as the device's own version writes them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from fleet.wire.bounded import HIGHEST_COUNTER, LARGEST_BODY_BYTES, Account
from speaker.record import Airing

MOST_ROWS = 100
_FIRST_YEAR, _LAST_YEAR = 1970, 9998  # an instant of these can be told in any zone
_Number = Annotated[int, Meta(ge=0, le=HIGHEST_COUNTER)]


class RowKey(Account, frozen=True, kw_only=True):
    """What the hub must know of a row to keep it: all versions write that alike."""

    id: _Number
    change: _Number
    day: date


class Rows(Account, frozen=True, kw_only=True):
    """Rows of the log ``log``, in the order of their change: all that changed after ``after``.

    They are kept there until the hub acknowledges them. It passes over a batch that begins after what it has, so that
    no gap is ever acknowledged, and tells again how far it has come. Each row is as it was sent, so that what a later
    version has written of it is kept whole, and read when the hub is of that version too.
    """

    log: Annotated[str, Meta(min_length=1, max_length=64)]
    after: Annotated[int, Meta(ge=0)]
    rows: Annotated[tuple[msgspec.Raw, ...], Meta(min_length=1, max_length=MOST_ROWS)]

    def row_keys(self) -> tuple[RowKey, ...]:
        """Return the key of each row. Raises ValueError, also where a row is not UTF-8 all through."""
        return tuple(msgspec.json.decode(str(bytes(row), "utf-8"), type=RowKey) for row in self.rows)

    def airings(self) -> tuple[Airing, ...]:
        """Return those of the rows that this version can read."""
        return tuple(airing for row in self.rows if (airing := read_row(bytes(row))) is not None)


def read_row(row: bytes) -> Airing | None:
    """Return the row, None where this version can't read it, or no honest version has written it.

    A number or an instant beyond all bounds would be an error on whatever page counts with it, of every yard.
    """
    try:
        airing = msgspec.json.decode(row, type=Airing)
    except (ValueError, RecursionError):
        return None
    return airing if _is_bounded(airing) else None


def _is_bounded(value: object) -> bool:
    match value:
        case int():
            return abs(value) <= HIGHEST_COUNTER
        case datetime():
            return value.tzinfo is not None and _FIRST_YEAR <= value.year <= _LAST_YEAR
        case tuple():
            return all(map(_is_bounded, value))
        case msgspec.Struct():
            return all(_is_bounded(getattr(value, name)) for name in value.__struct_fields__)
        case _:
            return True


def rows_of(log: str, after: int, airings: tuple[Airing, ...]) -> Rows:
    """Return the payload of ``airings``."""
    return Rows(log=log, after=after, rows=tuple(msgspec.Raw(msgspec.json.encode(airing)) for airing in airings))


def batches(log: str, after: int, airings: tuple[Airing, ...]) -> tuple[Rows, ...]:
    """Return ``airings``, all that changed after ``after``, in payloads of at most MOST_ROWS and LARGEST_BODY_BYTES."""
    found: list[Rows] = []
    batch: list[msgspec.Raw] = []
    size, room, last = 0, LARGEST_BODY_BYTES - 1024, after
    for airing in airings:
        row = msgspec.json.encode(airing)
        needs = len(row) + 1
        if batch and (len(batch) == MOST_ROWS or size + needs > room):
            found.append(Rows(log=log, after=after, rows=tuple(batch)))
            after, batch, size = last, [], 0
        batch.append(msgspec.Raw(row))
        size, last = size + needs, airing.change
    if batch:
        found.append(Rows(log=log, after=after, rows=tuple(batch)))
    return tuple(found)
