"""The alarm clock: rings at an instant. It decides nothing, not even what it rings for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from apscheduler.executors.debug import DebugExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger

from box.clock import Clock

_JOB = "next"
_LEAST_GRACE = timedelta(minutes=1)
RINGS_WITHIN_SECONDS = 2.0


class AlarmClock(Protocol):
    """Rings once at the instant it is set to; setting it anew forgets the one before."""

    def set(self, instant: datetime, grace: timedelta) -> None:
        """Ring at ``instant``, or at once where it is past; up to ``grace`` late rather than not at all."""
        ...

    def wake(self) -> None:
        """Look at the wall clock again: it was set."""
        ...


class WatchedAlarmClock:
    """An alarm clock of which it is known whether it rings when it should."""

    def __init__(self, alarm_clock: AlarmClock, clock: Clock) -> None:
        self._alarm_clock = alarm_clock
        self._clock = clock
        self._rings_at: float | None = None  # by the monotonic clock; None: it is not set, or has rung

    def set(self, instant: datetime, grace: timedelta) -> None:
        """Ring at ``instant``, or at once where it is past; up to ``grace`` late rather than not at all."""
        self._alarm_clock.set(instant, grace)
        self._rings_at = self._clock.monotonic() + max(0.0, (instant - self._clock.now()).total_seconds())

    def wake(self) -> None:
        """Look at the wall clock again: it was set."""
        self._alarm_clock.wake()

    def forget(self) -> None:
        """Expect no ring: it has rung, or the wall clock that it goes by is not believed."""
        self._rings_at = None

    def is_silent(self) -> bool:
        """Tell whether it should have rung and has not: a busy machine is forgiven a little."""
        return self._rings_at is not None and self._clock.monotonic() - self._rings_at > RINGS_WITHIN_SECONDS


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
