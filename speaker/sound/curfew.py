"""How far what sounds may reach: no sample leaves the card in the quiet hours, however late it is stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from speaker.sound.card import RATE_HZ

IN_SIGHT = timedelta(seconds=2)  # beyond what is to sound before: no card is written further ahead
MARGIN_FRAMES = RATE_HZ // 10  # a card tells its delay as coarsely as its periods are, 100 ms at the most

QuietFrom = Callable[[datetime, timedelta], datetime | None]  # `HardLimits.quiet_from`


class QuietHoursBegin(Exception):
    """The quiet hours begin, and what is left of the rundown must not sound."""


@dataclass(frozen=True)
class Allowed:
    """What may still be handed to the card: so many frames of samples, or so many ahead of silence.

    ``is_over`` says that what the card has already would sound in the quiet hours: it is to be dropped.
    """

    samples: int
    silence_ahead: int
    is_over: bool


class Curfew:
    """Holds one rundown to the quiet hours, by the frames that the card has and the clock as it is now.

    Who may sound is decided before, and the station stops what reaches into the quiet hours half a second before they
    begin. This is what holds where the station comes too late, and where somebody sets the clock.
    """

    def __init__(self, quiet_from: QuietFrom, *, is_lifted: bool = False) -> None:
        self._quiet_from = quiet_from
        self._is_lifted = is_lifted

    def allowed(self, now: datetime, *, delay: int, sounding: int) -> Allowed:
        """Return what is allowed at ``now``; the last sample on the card sounds in ``sounding`` frames.

        ``delay`` is how many frames sound before the next sample: what the card has, and a lead-in of silence.
        """
        before = self._before_quiet(now, IN_SIGHT + timedelta(seconds=delay / RATE_HZ))
        left = before // timedelta(microseconds=1) * RATE_HZ // 1_000_000  # down: half a frame would sound in them
        return Allowed(
            samples=max(0, left - MARGIN_FRAMES - delay), silence_ahead=left, is_over=sounding > 0 and sounding > left
        )

    def _before_quiet(self, now: datetime, within: timedelta) -> timedelta:
        quiet = None if self._is_lifted else self._quiet_from(now, within)
        return within if quiet is None else quiet - now
