"""A measurement's figures: percentiles, a table for people, JSON for programs."""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """One measured value beside what it should be. ``aim`` is a bound from above, None where there is none."""

    what: str
    value: float | None
    unit: str
    aim: float | None = None
    note: str = ""

    @property
    def bound(self) -> str:
        """Return the aim as the table has it."""
        if self.aim is None:
            return ""
        return f"< {self.aim:g} {self.unit}" if self.aim else f"0 {self.unit}"

    @property
    def verdict(self) -> str:
        """Tell in a word whether the aim was met."""
        if self.aim is None or self.value is None:
            return ""
        return "met" if self.value <= self.aim else "MISSED"


@dataclass(frozen=True)
class Measurement:
    """Everything one bench found out, and under which conditions."""

    name: str
    conditions: str
    figures: tuple[Figure, ...]

    def as_json(self) -> str:
        """Return it as JSON."""
        figures = [{**asdict(figure), "verdict": figure.verdict} for figure in self.figures]
        return json.dumps(
            {"name": self.name, "conditions": self.conditions, "figures": figures}, ensure_ascii=False, indent=1
        )

    def as_table(self) -> str:
        """Return it as a table."""
        rows = [("", "measured", "aim", "", "")]
        rows += [
            (
                figure.what,
                "–" if figure.value is None else f"{figure.value:.3f} {figure.unit}",
                figure.bound,
                figure.verdict,
                figure.note,
            )
            for figure in self.figures
        ]
        widths = [max(_columns(row[column]) for row in rows) for column in range(len(rows[0]))]
        lines = ["  ".join(cell + " " * (width - _columns(cell)) for cell, width in zip(row, widths, strict=True))
                 for row in rows]  # fmt: skip
        return "\n".join([f"{self.name}: {self.conditions}", "", *(line.rstrip() for line in lines)])


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest value that ``percent`` of ``values`` do not exceed (nearest rank)."""
    return sorted(values)[max(0, math.ceil(len(values) * percent / 100) - 1)]


def spread(what: str, seconds: Sequence[float], aim: float | None = None) -> list[Figure]:
    """Return the median and the 99th percentile, which ``aim`` is for; of no values one figure that has none."""
    if not seconds:
        return [Figure(what, None, "s", aim)]
    return [
        Figure(f"{what}, p50", percentile(seconds, 50), "s"),
        Figure(f"{what}, p99", percentile(seconds, 99), "s", aim),
    ]


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
