"""The alarm clock: rings at an instant. It decides nothing, not even what it rings for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from apscheduler.executors.debug import DebugExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger

_JOB = "next"
_LEAST_GRACE = timedelta(minutes=1)


class AlarmClock(Protocol):
    """Rings once at the instant it is set to; setting it anew forgets the one before."""

    def set(self, instant: datetime, grace: timedelta) -> None:
        """Ring at ``instant``, or at once where it is past; up to ``grace`` late rather than not at all."""
        ...

    def wake(self) -> None:
        """Look at the wall clock again: it was set."""
        ...


class ScheduledAlarmClock:
    """APScheduler as the alarm clock, with one job at a time.

    It sleeps on the monotonic clock, so that a step of the wall clock must wake it (measured: 15 s late after a
    step of 15 s). The executor is the one that runs in the scheduler's own thread: ``ring`` only posts an event.
    Objects are handed in where names would do: names are looked up among all installed packages.
    """

    def __init__(self) -> None:
        self._scheduler = BackgroundScheduler(
            timezone=UTC, jobstores={"default": MemoryJobStore()}, executors={"default": DebugExecutor()}
        )

    def start(self, ring: Callable[[], None]) -> None:
        """Begin to keep the time, and call ``ring`` when it is come."""
        self._ring = ring
        self._scheduler.start()

    def set(self, instant: datetime, grace: timedelta) -> None:
        """Ring at ``instant``, or at once where it is past; up to ``grace`` late rather than not at all."""
        self._scheduler.add_job(
            self._rings,
            DateTrigger(instant, timezone=UTC),
            id=_JOB,
            replace_existing=True,
            coalesce=True,
            misfire_grace_time=int(max(grace, _LEAST_GRACE).total_seconds()),
        )

    def wake(self) -> None:
        """Look at the wall clock again: it was set."""
        self._scheduler.wakeup()

    def close(self) -> None:
        """Ring no more."""
        self._scheduler.shutdown(wait=True)

    def _rings(self) -> None:
        self._ring()
