"""A process whose clock is wrong by CLOCK_OFF_SECONDS: Python reads this at its start.

It does where this folder is on its path. The wall clock alone is wrong; what measures seconds is right, as on a box
that was set by hand.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

from box.clock import SystemClock

_OFF = timedelta(seconds=float(os.environ.get("CLOCK_OFF_SECONDS", "0")))


def _now(_: SystemClock) -> datetime:
    return datetime.now(UTC) + _OFF


SystemClock.now = _now  # type: ignore[method-assign]  # a wrong clock is what is wanted
