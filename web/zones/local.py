"""Instants as the hub's wall clock shows them: the hour alone where it is today."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from box.seconds import nearest_second
from web.day import local_day
from web.handed_in import HandedIn


class Local:
    """The hub's own time zone, and which day it is in it."""

    def __init__(self, house: HandedIn) -> None:
        edition = house.desk.on_desk().edition
        plan = house.on_air() or (edition.programme if edition else None)
        self.timezone = plan.timezone if plan else "Asia/Shanghai"
        self.today: date = local_day(house.clock.now(), plan)

    def __call__(self, instant: datetime | None) -> str:
        """Return the instant in digits, empty for None. What began microseconds early began on the minute."""
        if instant is None:
            return ""
        here = nearest_second(instant).astimezone(ZoneInfo(self.timezone))
        return f"{here:%H:%M}" if here.date() == self.today else f"{here:%Y-%m-%d %H:%M}"
