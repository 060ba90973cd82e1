"""The installer's quiet hours as the panel knows them: from what the speaker says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from box.settings import Limits
from speaker.client import SpeakerAway
from web.handed_in import Speaker

_DAY_MINUTES = 24 * 60


@dataclass(frozen=True)
class QuietHours:
    """From ``start`` until before ``end``, as the clocks on the wall show it; both the same is the whole day.

    None for ``start`` and ``end``: there are none. ``known`` is False while the speaker can't be asked.
    """

    start: time | None = None
    end: time | None = None
    known: bool = True

    def hold_at(self, instant: datetime) -> bool:
        """Tell whether nothing sounds when the clock on the wall shows what ``instant`` shows."""
        if self.start is None or self.end is None:
            return False
        moment = instant.time()
        if self.start < self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end

    def minutes(self) -> tuple[tuple[int, int], ...]:
        """Return the stretches of a day that are quiet, as minutes since midnight."""
        if self.start is None or self.end is None:
            return ()
        start, end = (at.hour * 60 + at.minute for at in (self.start, self.end))
        if start < end:
            return ((start, end),)
        return tuple(stretch for stretch in ((0, end), (start, _DAY_MINUTES)) if stretch[0] < stretch[1])


def limits_of(speaker: Speaker) -> Limits | None:
    """Return the installer's limits that the speaker keeps; None while it can't be asked."""
    try:
        return speaker.status().limits
    except SpeakerAway:
        return None


def quiet_hours_in(written: str) -> QuietHours:
    """Return the quiet hours as the installer wrote them, as 21:30-06:30; empty where there are none.

    What can't be read counts as not known.
    """
    if not written:
        return QuietHours()
    start, _, end = written.partition("-")
    try:
        return QuietHours(time.fromisoformat(start.strip()), time.fromisoformat(end.strip()))
    except ValueError:
        return QuietHours(known=False)
