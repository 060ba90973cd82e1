"""Which yards' records of some days are not all here, since when, and why: what a ledger of many yards says first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from fleet.hub import protocol as p
from fleet.hub.devices import Standing
from web.words import day_name
from web.zones.tiles import as_counted

Why = Literal["never", "away", "lost", "waiting", "ends", "none"]


@dataclass(frozen=True)
class Lacking:
    """A yard, in words; what is not here lies after ``since``. ``last`` is the last day of which there are rows."""

    name: str
    why: Why
    since: datetime | None
    last: date | None
    waiting: int = 0


def lacking_of(
    zones: Iterable[p.Zone], last_days: Mapping[str, date], *, first: date, last: date, today: date, zone: ZoneInfo
) -> list[Lacking]:
    """Return the yards whose records from ``first`` to ``last`` (local days) may not be all here.

    ``last_days`` are the last days of which there are rows, by the device's name. A yard that is in touch and keeps
    nothing back has sent all it has: only where the days before today are empty at the end is it named, as a yard
    also writes down what it missed. Who joined after those days is not expected in them, and who was lost before them.
    """
    until = min(last, today)
    found = []
    for one in sorted(zones, key=lambda one: (as_counted(one.zone), one.name)):
        joined = one.since.astimezone(zone).date()
        lost = one.standing is Standing.LOST
        if one.standing is Standing.INVITED or (joined < first if lost else joined > until):
            continue
        expected = min(until, today - timedelta(days=1))
        why = _out_of_touch(one, until, zone) or _ends(last_days.get(one.name), first, expected)
        if why is not None:
            since = one.heard if why == "away" else one.since
            waiting = one.state.records_waiting if one.state else 0
            found.append(Lacking(one.zone or one.name, why, since, last_days.get(one.name), waiting))
    return found


def lacking_words(one: Lacking, zone: ZoneInfo) -> str:
    """Return what is missing, and since when."""
    since = f"{one.since.astimezone(zone):%Y-%m-%d %H:%M}" if one.since else ""
    until = _("记录只到%(day)s", day=day_name(one.last)) if one.last else _("没有收到记录")
    match one.why:
        case "never":
            return _("入网以来没有联系上，%(since)s 起", since=since)
        case "away":
            return _("%(since)s 起联系不上，%(until)s", since=since, until=until)
        case "lost":
            return _("%(since)s 挂失了，%(until)s", since=since, until=until)
        case "waiting":
            return _("还有 %(count)s 条没有送到，%(until)s", count=one.waiting, until=until)
        case _:
            return until


def newer_words(count: int) -> str:
    """Return what is told of rows that only a later version can read."""
    return _("有 %(count)s 条是新版本写的，这个版本看不懂；总站升级以后就能看到", count=count)


def _out_of_touch(one: p.Zone, until: date, zone: ZoneInfo) -> Why | None:
    if one.standing is Standing.LOST:
        return "lost"
    if one.heard is None:
        return "never"
    if one.online:
        return "waiting" if one.state is not None and one.state.records_waiting else None
    return "away" if one.heard.astimezone(zone).date() <= until else None


def _ends(has: date | None, first: date, expected: date) -> Why | None:
    """Return why not all is here of who has sent what it has: ``expected`` is the last day that can't be empty."""
    if has is None:
        return "none" if first <= expected else None
    return "ends" if has < expected else None
