"""Band levels as contours: how far each hop stands out from its surroundings, at any gain and distance."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import mul

from speaker.hearing.bands import HOPS_PER_SECOND

RANGE_DB = 30.0  # what is further below the loudest is a room's echo and noise, and counts as silence
_LOUDEST_SHARE = 0.98  # a click is not the loudest
_AROUND_HOPS = HOPS_PER_SECOND  # on either side: slower changes are an automatic gain's, a breeze's, a passing car's
_TINY = 1e-3


@dataclass(frozen=True)
class Contour:
    """One band: in dB around the mean of its surroundings, and the running sum of its squares."""

    values: array[float]
    energy: array[float]

    def energy_between(self, first: int, last: int) -> float:
        """Return the sum of squares of the hops from ``first`` up to ``last``."""
        return self.energy[last] - self.energy[first]


def contour_of(levels: Sequence[float], floor_db: float | None = None) -> Contour:
    """Return the contour of a band; what is below ``floor_db`` or ``RANGE_DB`` under the loudest counts as that."""
    heights = [decibels(level) for level in levels]
    if not heights:
        return Contour(array("f"), array("d", [0.0]))
    loudest = sorted(heights)[min(len(heights) - 1, int(len(heights) * _LOUDEST_SHARE))]
    bottom = max(loudest - RANGE_DB, loudest - RANGE_DB if floor_db is None else floor_db)
    heights = [max(height, bottom) for height in heights]
    sums = list(accumulate(heights, initial=0.0))
    count = len(heights)
    values = array("f")
    for place, height in enumerate(heights):
        first, last = max(0, place - _AROUND_HOPS), min(count, place + _AROUND_HOPS + 1)
        values.append(height - (sums[last] - sums[first]) / (last - first))
    return Contour(values, array("d", accumulate(map(mul, values, values), initial=0.0)))


def decibels(level: float) -> float:
    """Return a level in dB; nothing at all is a very low one."""
    return 20 * math.log10(max(level, _TINY))
