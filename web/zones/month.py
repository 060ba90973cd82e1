"""A month of all yards with what its ledger needs, for the page that is printed and for the workbook."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from speaker.airing import Outcome
from speaker.record import Airing
from web.records.ledger import Totals, sum_of, totals_of, wordings
from web.words import month_name
from web.zones.kept import Kept


@dataclass(frozen=True)
class MonthOfAll:
    """``yards`` are the rows of each, by its name; ``hub`` is who keeps them, ``made`` when, in local time."""

    kept: Kept
    yards: tuple[tuple[str, tuple[Airing, ...]], ...]
    hub: str
    made: datetime

    @property
    def zone(self) -> ZoneInfo:
        """The hub's time zone: in all yards of a community it is the same."""
        return self.kept.zone

    @property
    def title(self) -> str:
        """What stands above it."""
        return _("%(hub)s各小区播出台账 %(month)s", hub=self.hub, month=month_name(self.kept.choice.first))

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is to be known of the whole, a line each."""
        made = _("制表：%(at)s（%(timezone)s）", at=f"{self.made:%Y-%m-%d %H:%M}", timezone=self.zone.key)
        choice = self.kept.choice
        return (made, _("这个月还没有过完，以下是到制表时为止的记录。")) if choice.last >= choice.newest else (made,)

    @property
    def rows(self) -> Iterator[tuple[str, Airing]]:
        """Every row with its yard, yard by yard."""
        return ((yard, airing) for yard, airings in self.yards for airing in airings)

    @property
    def unusual(self) -> list[tuple[str, Airing]]:
        """The rows that are not a broadcast aired as planned: missed, cut, refused, urgent, by hand."""
        return [
            (yard, row) for yard, row in self.rows if row.priority != "programme" or row.outcome is not Outcome.AIRED
        ]

    @cached_property
    def totals(self) -> Totals:
        """What it adds up to, each yard by itself: the same broadcast in two yards is two."""
        return sum_of([totals_of(airings) for _yard, airings in self.yards])

    @cached_property
    def numbers(self) -> dict[tuple[str, str, str], int]:
        """Each wording with its number."""
        return wordings(airing for _yard, airing in self.rows)


def month_of_all(kept: Kept, hub: str, made: datetime) -> MonthOfAll:
    """Return the month with its rows by yard."""
    return MonthOfAll(kept, tuple(kept.by_yard()), hub, made)
