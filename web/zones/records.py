"""记录 of all zones: one ledger with a column for the zone, as a page of a day and as a table of a day or a month."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from fleet.hub import protocol as p
from fleet.hub.devices import Standing
from fleet.hub.inbox import KeptAiring
from speaker.airing import Outcome
from speaker.record import Airing
from web.handed_in import handed_in
from web.language import tell
from web.records.choice import Choice, choice_of
from web.records.ledger import Totals, totals_of
from web.records.spreadsheet import table_of_yards
from web.words import KINDS, about, day_name, look_of, why
from web.zones.hub import Hub, hub_here
from web.zones.local import Local

zone_records = Blueprint("zone_records", __name__, url_prefix="/zones/records")

MOST_ROWS = 50_000  # 37 zones of six a day are 7,000 a month
_ASKED_AT_A_TIME = 500  # fleet.hub.protocol.MOST_ROWS


@dataclass(frozen=True)
class Behind:
    """A zone of which the hub has no record of the last day that is looked at; ``last`` is the last day it has."""

    name: str
    last: date | None


@zone_records.get("/")
def show() -> ResponseReturnValue:
    """Show a day of all zones, or of one, today unless another is named."""
    hub, local = hub_here(), Local(handed_in())
    choice = _choice(local.today)
    if choice is None or choice.is_month:
        if choice is None:
            flash(_("没有这一天，给您看今天的。"), "bad")
        return redirect(url_for("zone_records.show"), 303)
    zones, device = hub.zones().zones, request.args.get("zone", "")
    names = {zone.name: zone.zone or zone.name for zone in zones}
    rows = _rows(hub, choice, device if device in names else None)
    shown = [row for row in rows if choice.select((row.airing,))]
    return render_template(
        "zones/records.html",
        choice=choice,
        device=device if device in names else "",
        zones=sorted(names.items(), key=lambda one: one[1]),
        names=names,
        rows=sorted(shown, key=_when),
        sums=sums_of(shown),
        behind=behind_in(_asked_for(zones, device), rows, min(choice.last, local.today)),
        name=day_name(choice.first),
        kinds=[(name, tell(kind)) for name, kind in KINDS.items()],
        outcomes=[(outcome.value, look_of(outcome).word) for outcome in Outcome],
        look_of=look_of,
        why=why,
        about=about,
        day_name=day_name,
        local=local,
    )


@zone_records.get("/all.csv")
def table() -> ResponseReturnValue:
    """Return the same, or a month of it, as a file for a spreadsheet; the zones that are behind are its last lines."""
    hub, local = hub_here(), Local(handed_in())
    choice = _choice(local.today)
    if choice is None:
        return redirect(url_for("zone_records.show"), 303)
    zones, device = hub.zones().zones, request.args.get("zone", "")
    names = {zone.name: zone.zone or zone.name for zone in zones}
    rows = _rows(hub, choice, device if device in names else None)
    behind = behind_in(_asked_for(zones, device), rows, min(choice.last, local.today))
    wanted = ((names.get(row.device, row.device), row.airing) for row in rows if choice.select((row.airing,)))
    content = table_of_yards(wanted, ZoneInfo(local.timezone), [(one.name, behind_words(one)) for one in behind])
    (span,) = choice.span.values()
    name = quote(_("各小区播出记录-%(span)s.csv", span=span))
    shown = f"attachment; filename=zones-{span}.csv; filename*=UTF-8''{name}"
    return content, {"Content-Type": "text/csv; charset=utf-8", "Content-Disposition": shown}


def behind_in(zones: Iterable[p.Zone], rows: Iterable[KeptAiring], last: date) -> list[Behind]:
    """Return the zones that belong here and have no record of the day ``last`` in ``rows``."""
    until: dict[str, date] = {}
    for row in rows:
        until[row.device] = max(row.airing.day, until.get(row.device, row.airing.day))
    members = [zone for zone in zones if zone.standing is Standing.MEMBER]
    found = [Behind(zone.zone or zone.name, until.get(zone.name)) for zone in members]
    return [one for one in found if one.last is None or one.last < last]


def behind_words(one: Behind) -> str:
    """Return how far its records reach."""
    return _("记录只到%(day)s", day=day_name(one.last)) if one.last else _("没有收到记录")


def sums_of(rows: Sequence[KeptAiring]) -> dict[str, Totals]:
    """Return what the rows of each zone add up to, by its short name."""
    by_zone: dict[str, list[Airing]] = {}
    for row in rows:
        by_zone.setdefault(row.device, []).append(row.airing)
    return {device: totals_of(airings) for device, airings in by_zone.items()}


def _rows(hub: Hub, choice: Choice, device: str | None) -> list[KeptAiring]:
    found: list[KeptAiring] = []
    while len(found) < MOST_ROWS:
        asked = p.AskRecords(first=choice.first, last=choice.last, name=device, after=len(found), most=_ASKED_AT_A_TIME)
        told = hub.records(asked)
        found += told.airings
        if not told.more or not told.airings:
            break
    return found


def _asked_for(zones: Sequence[p.Zone], device: str) -> list[p.Zone]:
    return [zone for zone in zones if zone.name == device] or list(zones)


def _choice(today: date) -> Choice | None:
    try:
        return choice_of(request.args, today)
    except ValueError:
        return None


def _when(row: KeptAiring) -> tuple[str, str, int]:
    airing = row.airing
    return (f"{airing.started or airing.due or airing.ended or ''}", row.device, airing.id)
