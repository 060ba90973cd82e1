"""Whether something may sound: the installer's limits, asked with what is on record and what this life has heard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from box.clock import Clock
from speaker.airing import Priority, Reason, Rundown
from speaker.asrun.log import AsRunLog
from speaker.limits import HardLimits

_A_DAY_SECONDS = 24 * 3600.0
_A_DAY = timedelta(seconds=_A_DAY_SECONDS)


class Permission:
    """Asks every limit, for whoever wants to sound.

    What has sounded in a day is on record by the wall clock, which may be set; what has sounded in this life is
    remembered by the monotonic one, which can't be. ``heard`` tells which row sounds, and how much of it did.
    """

    def __init__(
        self,
        clock: Clock,
        log: AsRunLog,
        limits: HardLimits,
        knows_the_time: Callable[[], bool],
        heard: Callable[[], tuple[int, int] | None] = lambda: None,
    ) -> None:
        self._clock = clock
        self._log = log
        self._limits = limits
        self._knows_the_time = knows_the_time
        self._heard = heard
        self._sounded: list[tuple[float, int]] = []
        self._page_ended = self._page_ended_before()

    def has_sounded(self, priority: Priority, frames: int) -> None:
        """Remember that so much has sounded just now."""
        if frames == 0:
            return
        now = self._clock.monotonic()
        self._sounded = [(when, had) for when, had in self._sounded if now - when < _A_DAY_SECONDS]
        self._sounded.append((now, frames))
        if priority is not Priority.PROGRAMME:
            self._page_ended = now

    def page_gap_left(self) -> float:
        """Return how many seconds are left of the installer's pause between two pages."""
        if self._page_ended is None:
            return 0.0
        return max(0.0, self._page_ended + self._limits.page_gap_seconds - self._clock.monotonic())

    def may_sound(
        self, rundown: Rundown, instant: datetime, *, above_quiet_hours: bool = False, goes_on: bool = False
    ) -> Reason:
        """Return which limit forbids ``rundown`` from ``instant`` on, ``Reason.NONE`` if none does.

        What ``goes_on`` after it was cut is no new page: the pause between two is not asked for.
        """
        if not self._knows_the_time():
            return Reason.CLOCK_UNTRUSTED
        now = self._clock.monotonic()
        ahead = max(0.0, (instant - self._clock.now()).total_seconds())
        return self._limits.may_sound(
            instant=instant,
            priority=rundown.priority,
            frames=rundown.frames,
            sounded_today=self._log.frames_between(*self._limits.day_of(instant), heard=self._heard() or (0, 0)),
            sounded_in_24_hours=sum(frames for when, frames in self._sounded if now - when < _A_DAY_SECONDS),
            seconds_since_page=None if self._page_ended is None or goes_on else now + ahead - self._page_ended,
            above_quiet_hours=above_quiet_hours,
        )

    def _page_ended_before(self) -> float | None:
        """Return when the last page of the life before this one ended, by this one's clock; None if that is long ago.

        A new start gives no second page.
        """
        now = self._clock.now()
        ended = self._log.last_page_ended(now - _A_DAY)
        return None if ended is None else self._clock.monotonic() - max(0.0, (now - ended).total_seconds())
