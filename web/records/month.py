"""A month of the records with all that its ledger needs, for the page that is printed and for the spreadsheet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from speaker.record import Airing
from web.loudness.budget import Budget
from web.records.choice import Choice
from web.records.ledger import Totals, days_without, last_link, totals_of, wordings


@dataclass(frozen=True)
class Month:
    """``made`` is when the ledger is made, local; ``fresh``: the speaker was asked; ``oldest``: the first day."""

    choice: Choice
    airings: tuple[Airing, ...]
    zone: ZoneInfo
    zone_name: str
    made: datetime
    fresh: bool
    oldest: date | None
    loud: Budget

    @property
    def is_unfinished(self) -> bool:
        """Tell whether there may be more to come."""
        return self.choice.last >= self.choice.newest

    @cached_property
    def totals(self) -> Totals:
        """What it adds up to."""
        return totals_of(self.airings)

    @cached_property
    def numbers(self) -> dict[tuple[str, str, str], int]:
        """Each wording with its number."""
        return wordings(self.airings)

    @property
    def unknown_days(self) -> tuple[date, ...]:
        """The days without a record since there are any, up to yesterday: today may still have its own."""
        if self.oldest is None:
            return ()
        newest = min(self.choice.last, self.choice.newest - timedelta(days=1))
        return days_without(self.airings, max(self.choice.first, self.oldest), newest)

    @property
    def last(self) -> Airing | None:
        """The row that was finished last, whose hash stands for all before it."""
        return last_link(self.airings)
