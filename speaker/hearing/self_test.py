"""自检: a quiet signal once a week, so that a loudspeaker that has died is known before it is needed."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from box.clock import Clock
from box.settings import WEEKDAYS, Heard
from speaker.airing import Priority, Reason
from speaker.asrun.log import AsRunLog
from speaker.on_air import OnAir
from speaker.script import SELF_TEST, script_of_self_test

GRACE = timedelta(hours=1)  # a power cut at the time, or a page that sounds: later on the day it may come unawares
CLEAR = timedelta(minutes=2)  # before a broadcast, which it must not hold up


def last_due(when: str, now: datetime, zone: ZoneInfo) -> datetime:
    """Return when the self-test was last due, by ``when`` ("mon 10:00") local to ``zone``."""
    day, _, at = when.partition(" ")
    local = now.astimezone(zone)
    back = (local.weekday() - WEEKDAYS.index(day)) % 7
    due = datetime.combine(local.date() - timedelta(days=back), time.fromisoformat(at), zone)
    return due if due <= local else due - timedelta(days=7)


class SelfTest:
    """Sounds the signal when it is due, on the station's thread; it is a page that uses up nothing.

    Every limit counts: where one forbids it, or the loudspeaker is not free within the grace, there is none this week.
    """

    def __init__(self, heard: Heard, zone: ZoneInfo, *, on_air: OnAir, log: AsRunLog, clock: Clock) -> None:
        self._heard = heard
        self._zone = zone
        self._on_air = on_air
        self._log = log
        self._clock = clock

    def look(self) -> None:
        """Sound it if it is due, has not been, and nothing is in its way. Raises LogUnwritable."""
        when, now = self._heard.self_test, self._clock.now()
        if when is None or self._on_air.publication is None:
            return
        due = last_due(when, now, self._zone)
        if now - due > GRACE:
            return
        last = self._log.last_begun(SELF_TEST.origin)
        if last is not None and last >= due:
            return
        script = script_of_self_test(self._heard.self_test_percent)
        if self._is_free(now) and self._on_air.why_not(script) is Reason.NONE:
            self._on_air.sound(script, SELF_TEST)

    def _is_free(self, now: datetime) -> bool:
        if self._on_air.is_silenced or self._on_air.ahead_of(Priority.PAGE) or self._on_air.current is not None:
            return False
        return not any(now <= cue.due <= now + CLEAR for cue in self._on_air.cues(now))
