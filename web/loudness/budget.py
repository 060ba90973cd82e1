"""How loud it was, and how much of what a day may have is used up. Pure.

One reading R dB(A) of the test sound at a volume gives the level of every airing, because the test sound and every clip
have the same loudness: L = R + gain(volume of the airing) - gain(volume of the test). The sound energy of an airing is
its time t times 10^(L/10). Spread over the 16 hours of the day (6 to 22 o'clock: GB 3096-2008, 3.4) it is the day's
equivalent level LAeq = 10 lg(sum(t 10^(L/10)) / 57,600 s); a month's is the mean energy of its days. The ceiling is
such a level too, so the share of the budget that is used is 10^((LAeq - ceiling)/10).

It is the loudspeaker's part alone, and an estimate. What a meter's A-weighting takes of a voice and of the noise
differs little: the built-in voice, in four varieties, read 0.6 dB less to 0.8 more than noise of that loudness, in
either band (measured, A-weighted after IEC 61672-1). Pauses within an airing are counted as if they sounded, the chime
as if it were a voice.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from box.volume import decibels_at
from programme.publication import SAMPLE_RATE_HZ
from speaker.record import Airing
from web.loudness.kept import Kept, Reading

DAY_SECONDS = 16 * 3600


@dataclass(frozen=True)
class Day:
    """A day: how long it sounded, and the sound energy at the window, in seconds times 10^(dB/10).

    ``energy`` is None where something sounded before there was a reading: what is not known is not guessed.
    """

    day: date
    seconds: float
    energy: float | None

    @property
    def sounding_dba(self) -> float | None:
        """The level while it sounded, None where that is not known or nothing did."""
        return _level(self.energy, self.seconds) if self.energy else None

    @property
    def day_dba(self) -> float | None:
        """The level spread over the day's 16 hours, None as above."""
        return _level(self.energy, DAY_SECONDS) if self.energy else None

    def share_of(self, ceiling_dba: float) -> float | None:
        """Return how much of a day's budget is used, 1 being all of it; None where that is not known."""
        return None if self.energy is None else self.energy / (DAY_SECONDS * _energy(ceiling_dba))

    def percent_of(self, ceiling_dba: float) -> str:
        """Return the same in percent, as a figure; empty where that is not known."""
        return _percent(self.share_of(ceiling_dba))


@dataclass(frozen=True)
class Budget:
    """A stretch of days, one after the other, under a ceiling. ``reading`` is what the last of them was reckoned by."""

    days: tuple[Day, ...]
    ceiling_dba: int
    reading: Reading | None

    @property
    def seconds(self) -> float:
        """How long it sounded in all."""
        return sum(one.seconds for one in self.days)

    @property
    def known(self) -> tuple[Day, ...]:
        """The days of which the level is known."""
        return tuple(one for one in self.days if one.energy is not None)

    @property
    def mean_dba(self) -> float | None:
        """The level of all known days together, each with its 16 hours; None where nothing is known or sounded."""
        return _level(sum(one.energy or 0.0 for one in self.known), DAY_SECONDS * len(self.known))

    @property
    def share(self) -> float | None:
        """How much of the known days' budget is used, 1 being all of it."""
        shares = [one.share_of(self.ceiling_dba) or 0.0 for one in self.known]
        return sum(shares) / len(shares) if shares else None

    @property
    def percent(self) -> str:
        """The same in percent, as a figure; empty where nothing is known."""
        return _percent(self.share)

    @property
    def over(self) -> tuple[Day, ...]:
        """The days on which more was used than there is."""
        return tuple(one for one in self.known if (one.share_of(self.ceiling_dba) or 0.0) > 1)


def budget_of(airings: Iterable[Airing], kept: Kept, first: date, last: date, zone: ZoneInfo) -> Budget:
    """Return the budget of the days from ``first`` to ``last``, both among them."""
    every: dict[date, list[Airing]] = {}
    for row in airings:
        every.setdefault(row.day, []).append(row)
    count = (last - first).days + 1
    days = [_day(first + timedelta(days=number), every, kept.readings, zone) for number in range(max(count, 0))]
    until = datetime.combine(last + timedelta(days=1), datetime.min.time(), zone)
    before = [one for one in kept.readings if one.at < until]
    return Budget(tuple(days), kept.ceiling_dba, before[-1] if before else None)


def level_of(airing: Airing, readings: Sequence[Reading], zone: ZoneInfo) -> float | None:
    """Return the level of an airing at the window in dB(A); None before there was a reading, or in silence.

    A reading counts from its day on: the airings of that morning were no louder or fainter.
    """
    counts = [one for one in readings if one.at.astimezone(zone).date() <= airing.day]
    at = airing.started or airing.ended
    before = [one for one in counts if at is not None and one.at <= at]
    reading = before[-1] if before else (counts[0] if counts else None)
    if reading is None or not airing.volume_percent:
        return None
    return reading.dba + decibels_at(airing.volume_percent) - decibels_at(reading.volume_percent)


def _day(day: date, every: dict[date, list[Airing]], readings: Sequence[Reading], zone: ZoneInfo) -> Day:
    sounded = [row for row in every.get(day, []) if row.frames_played]
    seconds = sum(row.frames_played for row in sounded) / SAMPLE_RATE_HZ
    if not any(one.at.astimezone(zone).date() <= day for one in readings):
        return Day(day, seconds, None)
    energy = 0.0
    for row in sounded:
        level = level_of(row, readings, zone)
        energy += 0.0 if level is None else row.frames_played / SAMPLE_RATE_HZ * _energy(level)
    return Day(day, seconds, energy)


def _percent(share: float | None) -> str:
    """Return a share as a figure: with a tenth where it is small."""
    if share is None:
        return ""
    return f"{share * 100:.1f}" if share < 0.095 else f"{share * 100:.0f}"


def _energy(level: float) -> float:
    return math.pow(10.0, level / 10)


def _level(energy: float | None, seconds: float) -> float | None:
    return 10 * math.log10(energy / seconds) if energy and seconds else None
