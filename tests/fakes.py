"""Fakes that implement the project's protocols and record what was asked of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class SetClock:
    """A clock that stands still until it is moved, by whole microseconds.

    ``step`` moves only the wall, like somebody setting it.
    """

    def __init__(self, now: datetime) -> None:
        self._now = now.astimezone(UTC)
        self._passed = timedelta(seconds=1000)

    def now(self) -> datetime:
        """Return the instant it was set to."""
        return self._now

    def monotonic(self) -> float:
        """Return the seconds that have passed."""
        return self._passed.total_seconds()

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._now += timedelta(seconds=seconds)
        self._passed += timedelta(seconds=seconds)

    def step(self, seconds: float) -> None:
        """Set the wall clock by that much, forward or back."""
        self._now += timedelta(seconds=seconds)
