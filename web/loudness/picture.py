"""A stretch of days as a picture: minutes above, level below, a bar a day, the ceiling across. Pure; 360 units wide."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from web.loudness.budget import Budget

WIDTH, LEFT, RIGHT = 360, 40, 356
_PLOT, _BETWEEN, _TOP = 110, 48, 26
_STEPS = (1, 2, 5, 10, 20, 30, 60, 120, 240, 480, 1440)  # minutes between two lines
_SPAN_DB, _ROOM_DB = 40, 5  # from the lowest line to the highest at least; above the highest bar, and below the ceiling
_GAP = 0.25  # of a day's width


@dataclass(frozen=True)
class Bar:
    """A day's bar; ``over`` is above the ceiling."""

    x: float
    y: float
    width: float
    height: float
    over: bool = False


@dataclass(frozen=True)
class Line:
    """A line across, with what stands beside it."""

    y: float
    label: str


@dataclass(frozen=True)
class Plot:
    """One of the two."""

    top: float
    bottom: float
    bars: tuple[Bar, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Picture:
    """The whole. ``days`` are the labels below with their places; ``level`` is None where no level is known."""

    height: float
    minutes: Plot
    level: Plot | None
    ceiling: float
    days: tuple[tuple[float, date], ...]


def picture_of(budget: Budget) -> Picture:
    """Return the picture of the days."""
    count = max(len(budget.days), 1)
    step = (RIGHT - LEFT) / count
    minutes = _minutes(budget, step)
    level, ceiling = (None, 0.0) if not budget.known else _levels(budget, step, minutes.bottom + _BETWEEN)
    every = 5 if count > 10 else 1
    labels = tuple(
        (LEFT + (place + 0.5) * step, one.day)
        for place, one in enumerate(budget.days)
        if count <= 10 or one.day.day == 1 or (one.day.day % every == 0 and one.day.day <= 30)
    )
    return Picture((level or minutes).bottom + 30, minutes, level, ceiling, labels)


def _minutes(budget: Budget, step: float) -> Plot:
    values = [one.seconds / 60 for one in budget.days]
    most = max([*values, 1.0])
    tick = next((one for one in _STEPS if most / one <= 4), _STEPS[-1])
    end = tick * math.ceil(most / tick)
    top, bottom = float(_TOP), float(_TOP + _PLOT)
    bars = tuple(_bar(place, step, bottom, _PLOT * value / end) for place, value in enumerate(values) if value > 0)
    lines = tuple(Line(bottom - _PLOT * at / end, str(at)) for at in range(0, end + 1, tick))
    return Plot(top, bottom, bars, lines)


def _levels(budget: Budget, step: float, top: float) -> tuple[Plot, float]:
    highest = max([one.day_dba or 0.0 for one in budget.known] + [float(budget.ceiling_dba)])
    end = _tens(highest + _ROOM_DB)
    start = min(end - _SPAN_DB, _tens(budget.ceiling_dba - _ROOM_DB) - 10)
    tick = 10 if end - start <= 50 else 20
    start -= (end - start) % tick
    bottom = top + _PLOT

    def down(level: float) -> float:
        return bottom - _PLOT * (min(max(level, start), end) - start) / (end - start)

    bars = tuple(
        _bar(place, step, bottom, bottom - down(one.day_dba), over=one in budget.over)
        for place, one in enumerate(budget.days)
        if one.day_dba is not None and one.day_dba > start
    )
    lines = tuple(Line(down(at), str(at)) for at in range(start, end + 1, tick))
    return Plot(top, bottom, bars, lines), down(budget.ceiling_dba)


def _tens(level: float) -> int:
    """Return the next full ten above."""
    return 10 * math.ceil(level / 10)


def _bar(place: int, step: float, bottom: float, height: float, *, over: bool = False) -> Bar:
    width = step * (1 - _GAP)
    return Bar(
        round(LEFT + place * step + step * _GAP / 2, 2),
        round(bottom - height, 2),
        round(width, 2),
        round(height, 2),
        over,
    )
