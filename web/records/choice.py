"""Which records somebody wants to see: of a day or a month, all of them or some."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from speaker.airing import Outcome
from speaker.record import Airing
from web.words import KINDS

_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_A_DAY = timedelta(days=1)
_FIRST_MONTH_ENDS = date(1, 1, 31)  # the calendar's; before it there is nothing to lead to
_LONGEST_ID = 64


@dataclass(frozen=True)
class Choice:
    """The days, and what of them: an empty ``kind``, ``outcome`` or ``broadcast`` is any. ``newest`` is today."""

    first: date
    last: date
    newest: date
    is_month: bool
    kind: str = ""
    outcome: str = ""
    broadcast: str = ""

    @property
    def is_filtered(self) -> bool:
        """Tell whether only some are wanted."""
        return bool(self.filters)

    @property
    def filters(self) -> dict[str, str]:
        """What an address needs to ask for the same of other days."""
        wanted = {"kind": self.kind, "outcome": self.outcome, "broadcast": self.broadcast}
        return {name: value for name, value in wanted.items() if value}

    @property
    def span(self) -> dict[str, str]:
        """What an address needs to ask for these days."""
        return _month_of(self.first) if self.is_month else _day_of(self.first)

    @property
    def here(self) -> dict[str, str]:
        """What an address needs to ask for just this."""
        return self.span | self.filters

    @property
    def before(self) -> dict[str, str] | None:
        """What an address needs to ask for the day or the month before; None where there is none."""
        if self.first <= _FIRST_MONTH_ENDS:
            return None
        return self._beside(self.first - _A_DAY)

    @property
    def after(self) -> dict[str, str] | None:
        """What an address needs to ask for the next; None where that is still to come."""
        return self._beside(self.last + _A_DAY) if self.last < self.newest else None

    @property
    def as_month(self) -> dict[str, str]:
        """What an address needs to ask for the month of it."""
        return _month_of(self.first) | self.filters

    def as_day(self, day: date | None = None) -> dict[str, str]:
        """Return what an address needs to ask for one day of it, the last one unless it is named."""
        return _day_of(day or min(self.last, max(self.newest, self.first))) | self.filters

    def select(self, airings: Iterable[Airing]) -> tuple[Airing, ...]:
        """Return those that are wanted."""
        return tuple(airing for airing in airings if self._wants(airing))

    def _wants(self, airing: Airing) -> bool:
        return (
            self.kind in {"", airing.priority}
            and self.outcome in {"", airing.outcome}
            and self.broadcast in {"", airing.broadcast}
        )

    def _beside(self, day: date) -> dict[str, str]:
        return (_month_of(day) if self.is_month else _day_of(day)) | self.filters


def choice_of(arguments: Mapping[str, str], newest: date) -> Choice:
    """Return what an address asks for, today unless it says something else.

    Raises ValueError for a day or month that is none; a filter that is none is no filter.
    """
    kind, outcome = arguments.get("kind", ""), arguments.get("outcome", "")
    broadcast = arguments.get("broadcast", "")
    month = arguments.get("month", "")
    if month:
        if not _MONTH.fullmatch(month):
            raise ValueError(month)
        first = date.fromisoformat(f"{month}-01")
        last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    else:
        first = last = date.fromisoformat(arguments["day"]) if arguments.get("day") else newest
    return Choice(
        first=first,
        last=last,
        newest=newest,
        is_month=bool(month),
        kind=kind if kind in KINDS else "",
        outcome=outcome if outcome in set(Outcome) else "",
        broadcast=broadcast if len(broadcast) <= _LONGEST_ID else "",
    )


def _day_of(day: date) -> dict[str, str]:
    return {"day": day.isoformat()}


def _month_of(day: date) -> dict[str, str]:
    return {"month": f"{day.year:04}-{day.month:02}"}
