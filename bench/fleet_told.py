"""What the devices of the fleet's bench have reported, as the hub has it in its database: that is what counts."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from bench.failed import BenchFailed
from bench.fleet_hub import PATIENCE_SECONDS, wait
from fleet.wire.accounts import Report, What

_LOOK_SECONDS = 0.02
PATIENCE_A_DEVICE_SECONDS = 0.03
_ONCE_ONLY = frozenset({What.APPLIED, What.ARMED, What.STARTED, What.ENDED})


@dataclass(frozen=True)
class Told:
    """A report, whose it is, when it was made and when the hub had it, both on the wall clock."""

    device: str
    report: Report
    made: float
    received: float


class Reports:
    """The reports in the hub's database ``registry``, read beside the hub."""

    def __init__(self, registry: Path) -> None:
        self._address = f"file:{registry}?mode=ro"

    def newest(self) -> int:
        """Return the number of the newest."""
        return int(self._ask("SELECT coalesce(max(number), 0) FROM report")[0][0])

    def since(self, number: int, *whats: What) -> tuple[Told, ...]:
        """Return those after ``number`` that tell one of ``whats`` (none named: all), in the order they came."""
        rows = self._ask("SELECT device, payload, received FROM report WHERE number > ? ORDER BY number", number)
        told = (_told(str(device), bytes(payload), str(received)) for device, payload, received in rows)
        return tuple(one for one in told if not whats or one.report.what in whats)

    def of_all(self, devices: int, number: int, *whats: What, seconds: float = PATIENCE_SECONDS) -> tuple[Told, ...]:
        """Wait until so many devices have told one of ``whats`` after ``number``; return the first of each.

        Who has told nothing when the time is up is not among them: he is lost.
        """
        where = " OR ".join(["instr(payload, ?)"] * len(whats))
        query = f"SELECT count(DISTINCT device) FROM report WHERE number > ? AND ({where})"  # noqa: S608 - fixed words
        needles = [f'"what":"{what}"'.encode() for what in whats]
        look = _LOOK_SECONDS * (1 + devices // 100)  # it must not take the processor from what is measured
        with suppress(BenchFailed):
            wait(
                lambda: self._ask(query, number, *needles)[0][0] >= devices,
                f"{devices} × {' / '.join(whats)}",
                seconds=seconds + devices * PATIENCE_A_DEVICE_SECONDS,
                look_seconds=look,
            )
        found: dict[str, Told] = {}
        for told in self.since(number, *whats):
            found.setdefault(told.device, told)
        return tuple(found.values())

    def rows(self) -> tuple[tuple[str, int], ...]:
        """Return whose rows of the as-run log the hub has, and their numbers there."""
        return tuple((str(device), int(number)) for device, number in self._ask("SELECT device, id FROM airing"))

    def _ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self._address, uri=True)) as connection:
            return list(connection.execute(query, values))


def doubled(reports: Sequence[Told]) -> int:
    """Return how often a device did the same twice. The same report that came twice is no second deed.

    A stop that the broker gives once more is done once more: it silences what is silent.
    """
    deeds = {
        (told.device, told.report.channel, told.report.of, told.report.what, told.made)
        for told in reports
        if told.report.what in _ONCE_ONLY
    }
    counted = Counter(deed[:4] for deed in deeds)
    return sum(times - 1 for times in counted.values())


def _told(device: str, payload: bytes, received: str) -> Told:
    report = msgspec.json.decode(payload, type=Report)
    return Told(device, report, report.at.timestamp(), datetime.fromisoformat(received).timestamp())
