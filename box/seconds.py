"""An instant as a clock on the wall would show it: what began a millisecond before half past did begin at half past."""

from __future__ import annotations

from datetime import datetime, timedelta

_HALF = timedelta(milliseconds=500)


def nearest_second(instant: datetime) -> datetime:
    """Return ``instant`` to the nearest second: airings begin within a millisecond before or after they are due."""
    return (instant + _HALF).replace(microsecond=0)
