"""今天播什么: what each yard is to say on a day by the hub's orders; yards that say the same stand together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from fleet.hub import protocol as p
from fleet.hub.devices import Standing
from fleet.wire.documents import SharedProgramme
from web.handed_in import handed_in
from web.words import day_name
from web.zones.day import Cued, cued_on, titled
from web.zones.hub import Hub, hub_here
from web.zones.local import Local
from web.zones.tiles import as_counted, is_behind

zone_day = Blueprint("zone_day", __name__, url_prefix="/zones/day")

Ordered = tuple[p.Zone, SharedProgramme | None, tuple[str, ...]]
"""A zone, what it was ordered to say, and what of it is not ready."""
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
    alike = alike_in(_issued(hub), day, local.timezone)
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


def alike_in(issued: Sequence[Ordered], day: date, timezone: str) -> list[Alike]:
    """Return the yards by what they say on ``day``, those that most say first; ``{zone}`` makes no difference."""
    reckoned: dict[int, tuple[Cued, ...]] = {}  # many yards have one programme
    found: dict[tuple[object, ...], list[tuple[p.Zone, tuple[Cued, ...], tuple[str, ...]]]] = {}
    for zone, programme, late in issued:
        if programme is not None and id(programme) not in reckoned:
            reckoned[id(programme)] = cued_on(programme, day, timezone)
        cued = reckoned[id(programme)] if programme is not None else ()
        same = (tuple((cue.at, cue.messages) for cue in cued), late)
        found.setdefault(same, []).append((zone, cued, late))
    alike = []
    for those in found.values():
        those.sort(key=lambda one: (as_counted(one[0].zone), one[0].name))
        __, cued, waiting = those[0]
        ordered = [zone for zone, *_rest in those]
        behind = tuple(zone.zone or zone.name for zone in ordered if is_behind(zone))
        alike.append(Alike(cued, waiting, tuple((zone.name, zone.zone or zone.name) for zone in ordered), behind))
    return sorted(alike, key=lambda one: -len(one.yards))


def _issued(hub: Hub) -> list[Ordered]:
    members = [zone for zone in hub.zones().zones if zone.standing is Standing.MEMBER]
    told, found = hub.all_issued(), list[Ordered]()
    for zone in members:
        one = told.zones.get(zone.name)
        if one is not None:
            found.append((zone, told.programmes[one.kind], one.waiting))
        elif not zone.ordered:
            found.append((zone, None, zone.waiting))
        else:
            alone = hub.issued(zone.name)
            found.append((zone, alone.programme, alone.waiting))
    return found


def _day(today: date) -> date | None:
    try:
        day = date.fromisoformat(request.args.get("day") or today.isoformat())
    except ValueError:
        return None
    return day if timedelta() <= day - today <= timedelta(days=DAYS_AHEAD) else None
