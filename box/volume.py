"""Percent of volume to decibels: one table for who plays and for who reckons how loud it was."""

from __future__ import annotations

import math

HALF_VOLUME_DB = -10.0  # a drop of 10 dB is heard as half as loud


def decibels_at(volume_percent: float) -> float:
    """Return the gain at a volume in dB: 100 is 0, 50 is -10, 25 is -20, and 0 is silence (minus infinity).

    Every halving of the percentage is another 10 dB, so that a step sounds as large at the bottom as at the top.
    """
    share = min(max(volume_percent, 0.0), 100.0) / 100.0
    return HALF_VOLUME_DB * math.log(share) / math.log(0.5) if share else -math.inf
