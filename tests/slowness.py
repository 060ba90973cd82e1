"""What a test lets a busy machine be late: as many times as it is slower than alone."""

from __future__ import annotations

import os
import time

_WORK_SECONDS = 0.2


def slowness() -> float:
    """Return how many times longer work takes than alone: 1 where nobody else works.

    That is asked when what was timed is over, and whoever was at work then may have ended with it: a little work now is
    one measure, how many wanted a core or the disk in the last minute is the other.
    """
    began, used = time.perf_counter(), time.process_time()
    while time.process_time() - used < _WORK_SECONDS:
        pass
    lately, _, _ = os.getloadavg()
    return max(1.0, (time.perf_counter() - began) / _WORK_SECONDS, lately / (os.cpu_count() or 1))


def is_within(took_seconds: float, limit_seconds: float) -> bool:
    """Tell whether something that took so long was in time, on this machine, as busy as it is."""
    return took_seconds < limit_seconds or took_seconds < limit_seconds * slowness()
