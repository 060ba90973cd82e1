"""What is asked of the as-run log, as a statement."""

from __future__ import annotations

import msgspec

from speaker.asrun.stored import COLUMNS
from speaker.protocol import AskRecords
from speaker.record import Airing

# From a minute before the start on: one may be armed before it is due. Of the row that sounds, what is heard by now.
FRAMES_BETWEEN = """
SELECT coalesce(sum(CASE WHEN id = ?4 AND outcome IS NULL THEN max(frames_played, ?5) ELSE frames_played END), 0)
FROM airings
WHERE begun >= ?1 AND begun < ?3 AND max(begun, coalesce(due, begun)) >= ?2 AND max(begun, coalesce(due, begun)) < ?3
"""


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
