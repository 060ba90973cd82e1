"""A machine with a clock, a boot and chips, and a place for the memory."""

from __future__ import annotations

from datetime import datetime

from box.clock import Clock
from speaker.trust.memory import Memory
from speaker.trust.readings import Chip, Readings


class FakeMachine:
    """A machine whose time server and chips the test sets. ``monotonic`` starts with its clock, not with its boot."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.boot = "a"
        self.synchronised = False
        self.chips: tuple[Chip, ...] = ()
        self.asked_chips = 0

    def read(self, *, with_chips: bool) -> Readings:
        """Return what it tells now."""
        self.asked_chips += with_chips
        return Readings(
            now=self._clock.now(),
            monotonic=self._clock.monotonic(),
            boot=self.boot,
            kernel_synchronised=self.synchronised,
            chips=self.chips if with_chips else (),
        )

    def power_cycle(self, wakes_at: datetime | None = None) -> None:
        """Lose the time server and, where ``wakes_at`` is given, the time."""
        self.boot += "'"
        self.synchronised = False
        if wakes_at is not None:
            self._clock.step((wakes_at - self._clock.now()).total_seconds())  # type: ignore[attr-defined]  # SetClock


class FakePlace:
    """A place that can be full."""

    def __init__(self, memory: Memory | None = None) -> None:
        self.memory = memory or Memory()
        self.writes = 0
        self.is_full = False

    def read(self) -> Memory:
        """Return what is there."""
        return self.memory

    def write(self, memory: Memory) -> None:
        """Keep it, or refuse."""
        if self.is_full:
            raise OSError("no space left on device")
        self.writes += 1
        self.memory = memory
