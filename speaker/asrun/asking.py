"""What is asked of the as-run log, as a statement."""

from __future__ import annotations

import msgspec

from speaker.asrun.stored import COLUMNS
from speaker.protocol import AskRecords
from speaker.record import Airing


def query_of(ask: AskRecords) -> tuple[str, tuple[object, ...]]:
    """Return the statement for the rows that are asked for, one more than wanted, and its values."""
    parts: list[tuple[str, object]] = [("id > ?", ask.after)]
    if ask.changed_after is not None:
        parts.append(("change > ?", ask.changed_after))
    if ask.first is not None:
        parts.append(("day >= ?", ask.first.isoformat()))
    if ask.last is not None:
        parts.append(("day <= ?", ask.last.isoformat()))
    where = " AND ".join(part for part, _ in parts)
    order = "id" if ask.changed_after is None else "change"
    # Every part of the statement is a literal of this file; what was asked for is only in the values.
    statement = f"SELECT {COLUMNS} FROM airings WHERE {where} ORDER BY {order} LIMIT ?"  # noqa: S608 - see above
    return statement, (*(value for _, value in parts), ask.most + 1)


def size_of(airing: Airing) -> int:
    """Return how many bytes of a line of the socket a row takes."""
    return len(msgspec.json.encode(airing)) + 1
