"""今天播什么: what each yard is to say on a day by the hub's orders; yards that say the same stand together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from fleet.hub import protocol as p
from fleet.hub.devices import Standing
from web.handed_in import handed_in
from web.words import day_name
from web.zones.day import Cued, cued_on, titled
from web.zones.hub import hub_here
from web.zones.local import Local
from web.zones.tiles import as_counted, is_behind

zone_day = Blueprint("zone_day", __name__, url_prefix="/zones/day")

DAYS_AHEAD = 13  # what is ordered now may be another by then


@dataclass(frozen=True)
class Alike:
    """Yards that say the same on that day: those ``behind`` among them have not taken it yet."""

    cued: tuple[Cued, ...]
    waiting: tuple[str, ...]
    yards: tuple[tuple[str, str], ...]
    behind: tuple[str, ...]


@zone_day.get("/")
def show() -> ResponseReturnValue:
    """Show today, or a day of the next two weeks."""
    hub, local = hub_here(), Local(handed_in())
    day = _day(local.today)
    if day is None:
        flash(_("没有这一天，给您看今天的。"), "bad")
        return redirect(url_for("zone_day.show"), 303)
    members = [zone for zone in hub.zones().zones if zone.standing is Standing.MEMBER]
    alike = alike_in([(zone, hub.issued(zone.name)) for zone in members], day, local.timezone)
    return render_template(
        "zones/day.html",
        alike=alike,
        titled=titled,
        day=day,
        name=day_name(day),
        is_today=day == local.today,
        before=day - timedelta(days=1) if day > local.today else None,
        after=day + timedelta(days=1) if day < local.today + timedelta(days=DAYS_AHEAD) else None,
    )


def alike_in(issued: Iterable[tuple[p.Zone, p.Issued]], day: date, timezone: str) -> list[Alike]:
    """Return the yards by what they say on ``day``, those that most say first; ``{zone}`` makes no difference."""
    found: dict[tuple[object, ...], list[tuple[p.Zone, tuple[Cued, ...], tuple[str, ...]]]] = {}
    for zone, one in issued:
        cued = cued_on(one.programme, day, timezone) if one.programme else ()
        same = (tuple((cue.at, cue.messages) for cue in cued), one.waiting)
        found.setdefault(same, []).append((zone, cued, one.waiting))
    alike = []
    for those in found.values():
        those.sort(key=lambda one: (as_counted(one[0].zone), one[0].name))
        __, cued, waiting = those[0]
        ordered = [zone for zone, *_rest in those]
        behind = tuple(zone.zone or zone.name for zone in ordered if is_behind(zone))
        alike.append(Alike(cued, waiting, tuple((zone.name, zone.zone or zone.name) for zone in ordered), behind))
    return sorted(alike, key=lambda one: -len(one.yards))


def _day(today: date) -> date | None:
    try:
        day = date.fromisoformat(request.args.get("day") or today.isoformat())
    except ValueError:
        return None
    return day if timedelta() <= day - today <= timedelta(days=DAYS_AHEAD) else None
