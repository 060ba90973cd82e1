"""The hard limits: what the installer allows, whoever asks."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from box.settings import Limits
from programme.publication import SAMPLE_RATE_HZ
from speaker.airing import Priority, Reason

_MINUTE = timedelta(minutes=1)
_SECOND = timedelta(seconds=1)


class HardLimits:
    """``[limits]`` of ``settings.toml`` as rules. They have their own time zone, not the programme's."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._zone = ZoneInfo(limits.timezone)
        self._quiet = limits.quiet()

    @property
    def written(self) -> Limits:
        """The limits as the installer wrote them."""
        return self._limits

    @property
    def quiet_hours(self) -> str:
        """The quiet hours as the installer wrote them; empty where there are none."""
        return self._limits.quiet_hours

    @property
    def page_gap_seconds(self) -> int:
        """How long after a page none may sound again."""
        return self._limits.page_gap_seconds

    def is_quiet(self, instant: datetime) -> bool:
        """Tell whether ``instant`` is in the quiet hours: their start is in them, their end is not.

        Quiet hours that end when they start are the whole day: of two readings of a slip, the silent one.
        """
        if self._quiet is None:
            return False
        return _between(instant.astimezone(self._zone).time(), *self._quiet)

    def quiet_from(self, instant: datetime, within: timedelta) -> datetime | None:
        """Return the first quiet instant from ``instant`` on and before ``instant + within``, or None.

        The wall clock is asked minute by minute, so that a change to or from daylight saving can't be
        reckoned wrongly; the second is then found between two minutes.
        """
        if self._quiet is None:
            return None
        instant = instant.astimezone(UTC)
        if self.is_quiet(instant):
            return instant
        end = instant + within
        loud = instant
        while loud < end:
            later = loud.replace(second=0, microsecond=0) + _MINUTE
            if self.is_quiet(later):
                found = self._first_quiet_second(loud, min(later, end))
                return found if found < end else None
            loud = later
        return None

    def _first_quiet_second(self, loud: datetime, most: datetime) -> datetime:
        second = loud.replace(microsecond=0) + _SECOND
        while second < most and not self.is_quiet(second):
            second += _SECOND
        return second

    def volume(self, percent: int) -> int:
        """Return ``percent`` of what the installer allows, in percent of the loudest there is."""
        return max(0, min(100, percent)) * self._limits.loudest_percent // 100

    def day_of(self, instant: datetime) -> tuple[datetime, datetime]:
        """Return the start and the end of the installer's day that ``instant`` is in, in UTC."""
        day = instant.astimezone(self._zone).date()
        start = datetime.combine(day, time(), self._zone)
        end = datetime.combine(day + timedelta(days=1), time(), self._zone)
        return start.astimezone(UTC), end.astimezone(UTC)

    def sounds_at_night(self, priority: Priority) -> bool:
        """Tell whether ``priority`` is above the quiet hours: an emergency, where the installer says so."""
        return priority is Priority.EMERGENCY and self._limits.emergency_at_night

    def may_sound(
        self,
        *,
        instant: datetime,
        priority: Priority,
        frames: int,
        sounded_today: int,
        sounded_in_24_hours: int = 0,
        seconds_since_page: float | None = None,
        above_quiet_hours: bool = False,
    ) -> Reason:
        """Return why ``frames`` may not sound from ``instant`` on, ``Reason.NONE`` if they may.

        ``sounded_today`` is how many frames have sounded in the installer's day. By a clock that nobody can set, the
        last 24 hours (``sounded_in_24_hours``) hold no more than two days' worth: the end of one and the beginning of
        the next. ``seconds_since_page`` is how long ago a page ended; an emergency does not wait. An airing that
        starts before the quiet hours and reaches into them may start: it is stopped when they begin.
        ``above_quiet_hours`` is for what only records, and is heard by nobody.
        """
        if self.is_quiet(instant) and not (above_quiet_hours or self.sounds_at_night(priority)):
            return Reason.QUIET_HOURS
        if frames > _frames(self._limits.longest_minutes):
            return Reason.TOO_LONG
        if sounded_today + frames > _frames(self._limits.longest_minutes_per_day):
            return Reason.DAY_USED_UP
        if sounded_in_24_hours + frames > 2 * _frames(self._limits.longest_minutes_per_day):
            return Reason.DAY_USED_UP
        gap = self._limits.page_gap_seconds
        if priority is Priority.PAGE and seconds_since_page is not None and seconds_since_page < gap:
            return Reason.TOO_SOON
        return Reason.NONE


def _between(moment: time, start: time, end: time) -> bool:
    if start < end:
        return start <= moment < end
    return moment >= start or moment < end


def _frames(minutes: int) -> int:
    return minutes * 60 * SAMPLE_RATE_HZ
