"""When something came about on each light device, as the processes of the devices tell it."""

from __future__ import annotations

from enum import StrEnum
from threading import Lock

from bench.fleet_hub import PATIENCE_SECONDS, wait

PATIENCE_A_HANDSHAKE_SECONDS = 0.1


class Moment(StrEnum):
    """What is told. What ``ARRIVED`` is at the device's network; the device reads it when its turn has come."""

    CONNECTED = "connected"
    ARRIVED = "arrived"
    READ = "read"


class Moments:
    """The latest of each kind for each device, on the wall clock."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._when: dict[Moment, dict[str, float]] = {moment: {} for moment in Moment}

    def take(self, line: str) -> None:
        """Take a line of the devices' process."""
        name, what, when = line.split()
        with self._lock:
            self._when[Moment(what)][name] = float(when)

    def after(self, instant: float, moment: Moment) -> dict[str, float]:
        """Return when it came about on each device where that was at ``instant`` or later."""
        with self._lock:
            return {name: when for name, when in self._when[moment].items() if when >= instant}

    def all_connected(self, instant: float, devices: int) -> list[float]:
        """Wait until all have connected since ``instant``; return when each did."""
        look = 0.02 * (1 + devices // 100)
        wait(
            lambda: len(self.after(instant, Moment.CONNECTED)) >= devices,
            f"{devices} × connected",
            seconds=PATIENCE_SECONDS + devices * PATIENCE_A_HANDSHAKE_SECONDS,
            look_seconds=look,
        )
        return list(self.after(instant, Moment.CONNECTED).values())
