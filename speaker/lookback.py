"""How far back to look: since when the box has known what time it is, and what it has not judged yet."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from box.clock import Clock
from programme.publication import Publication
from speaker.script import local_day

MOST_DAYS = 31  # of a longer gap, only its last month is put on record
_A_DAY = timedelta(days=1)


class LookBack:
    """Which days are to be judged: those since the last judgement, so that a long gap is on record as missed.

    ``seen`` is the last instant that the life before this one knew, None where that is not known.
    """

    def __init__(self, clock: Clock, seen: datetime | None) -> None:
        self._clock = clock
        self._judged = seen
        self._unknown_since: float | None = None
        self.untrusted_from: datetime | None = None

    def time_is_unknown(self) -> None:
        """Take note that nobody knows what time it is."""
        if self._unknown_since is None:
            self._unknown_since = self._clock.monotonic()

    def time_is_known(self, now: datetime) -> None:
        """Take note that it is ``now``: what was due while that was not known gets that as its reason."""
        if self._unknown_since is not None:
            self.untrusted_from = now - timedelta(seconds=self._clock.monotonic() - self._unknown_since)
            self._unknown_since = None

    def days(self, publication: Publication, now: datetime) -> tuple[date, ...]:
        """Return the local days to judge at ``now``: from the last judgement's, or yesterday, to tomorrow."""
        yesterday, today, tomorrow = days_around(publication, now)
        if self._judged is None or local_day(publication, self._judged) >= today:
            return yesterday, today, tomorrow
        first = max(local_day(publication, self._judged) - _A_DAY, today - MOST_DAYS * _A_DAY)
        return tuple(first + number * _A_DAY for number in range((tomorrow - first).days + 1))

    def has_judged(self, now: datetime) -> None:
        """Take note that everything until ``now`` is on record."""
        self._judged = now


def days_around(publication: Publication, now: datetime) -> tuple[date, date, date]:
    """Return the programme's local yesterday, today and tomorrow."""
    today = local_day(publication, now)
    return today - _A_DAY, today, today + _A_DAY
