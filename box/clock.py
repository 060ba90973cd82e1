"""The clock. Nothing else in the project asks the time."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What tells the time: handed in everywhere, so that a test can set it."""

    def now(self) -> datetime:
        """Return the wall clock's instant, aware, in UTC; it may step."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never step, from an arbitrary start."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the machine's wall-clock instant in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return the machine's monotonic seconds."""
        return time.monotonic()
