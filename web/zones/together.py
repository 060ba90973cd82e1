"""A day's rows of many yards: what was aired alike in several stands in one line, with the yards in which it was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fleet.hub.inbox import KeptAiring
from speaker.record import Airing
from web.zones.local import Local
from web.zones.tiles import as_counted


@dataclass(frozen=True)
class Together:
    """``at`` is when it was due, or began where it was not; ``airing`` is one of them, ``yards`` whose they are.

    ``differs``: the words were not the same in all, as where each said its own name.
    """

    at: str
    airing: Airing
    yards: tuple[str, ...]
    differs: bool


def together(rows: Iterable[KeptAiring], names: Mapping[str, str], local: Local) -> list[Together]:
    """Return the rows by time, those of a broadcast that ended alike in several yards as one; the rest each alone."""
    found: dict[tuple[object, ...], list[KeptAiring]] = {}
    for row in sorted(rows, key=lambda row: _when(row, names)):
        one = row.airing
        messages = tuple(said.message or said.title for said in one.said)
        what = (one.priority, one.broadcast, one.attempt, messages, one.occasion)
        alike = (_at(one, local), what, one.outcome, one.reason)
        found.setdefault(alike, []).append(row)
    lines = []
    for those in found.values():
        first = those[0].airing
        words = {tuple((said.title, said.text) for said in row.airing.said) for row in those}
        yards = tuple(names.get(device, device) for device in dict.fromkeys(row.device for row in those))
        lines.append(Together(_at(first, local), first, yards, differs=len(words) > 1))
    return lines


def _at(airing: Airing, local: Local) -> str:
    return local(airing.due or airing.started or airing.ended)[-5:]


def _when(row: KeptAiring, names: Mapping[str, str]) -> tuple[object, ...]:
    airing = row.airing
    began = airing.due or airing.started or airing.ended
    return (f"{began or ''}", as_counted(names.get(row.device, row.device)), row.device, airing.id)
