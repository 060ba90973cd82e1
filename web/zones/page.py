"""小区: all zones at a glance, and one zone: what it is to say today, what became of it, its records, its settings."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from fleet.hub import protocol as p
from fleet.hub.client import HubRefuses
from speaker.record import Airing
from web.audit.auditing import note_act
from web.handed_in import handed_in
from web.language import as_sentence
from web.settings.volume import STEPS
from web.words import CLOCKS, look_of, why
from web.zones.applied import applied_here
from web.zones.day import cued_on, titled
from web.zones.glance import LONGEST_SEARCH, glance_at, search_of
from web.zones.hub import hub_here
from web.zones.lacking import newer_words
from web.zones.local import Local
from web.zones.report_words import report_look
from web.zones.tiles import tile_of
from web.zones.typed_zone import TypedZone, groups_of, typed_zone
from web.zones.urgent_now import going_on

zones = Blueprint("zones", __name__, url_prefix="/zones")

MOST_REPORTS = 12
RECORDS_OF_DAYS = 2
MOST_RECORDS = 100


@zones.get("/")
def every() -> ResponseReturnValue:
    """Show how all zones are, the worst first; those that are looked for, if any are.

    ``?live`` gives only the part that a script draws anew, and nothing where ``key`` says that it is there already.
    """
    house, hub = handed_in(), hub_here()
    told = hub.zones()
    search = search_of(*(request.args.get(name, "") for name in ("q", "group", "state")))
    wishes = sum(one.adopted is None for one in hub.proposals().proposals)
    glance = glance_at(
        told,
        search,
        house.clock.now(),
        applied=applied_here(house, told),
        wishes=wishes,
        going_on=going_on(house, hub.urgent()),
    )
    if "live" in request.args and request.args.get("key") == glance.key:
        return "", 204
    return render_template(
        "zones/_every.html" if "live" in request.args else "zones/every.html",
        glance=glance,
        search=search,
        groups=groups_of(told.zones),
        longest=LONGEST_SEARCH,
        local=Local(house),
    )


@zones.get("/yard/<device>")
def show(device: str) -> str:
    """Show one zone."""
    return _page(device)


@zones.post("/yard/<device>")
def arrange(device: str) -> ResponseReturnValue:
    """Set what a zone is called in words, its groups and its volume."""
    was, typed = zone_named(device, hub_here().zones()), typed_zone(request.form)
    if typed.faults:
        return _page(device, typed), 400
    note_act(
        target=device,
        old=_noted(was.zone, was.groups, was.volume_percent),
        new=_noted(typed.zone, typed.groups, typed.volume_percent),
    )
    try:
        hub_here().arrange(device, zone=typed.zone, groups=typed.groups, volume_percent=typed.volume_percent)
    except HubRefuses as error:
        flash(as_sentence(error.sentence), "bad")
    else:
        flash(_("改好了，连上总站的小区马上就收到。"))
    return redirect(url_for("zones.show", device=device), 303)


def zone_named(device: str, told: p.Zones) -> p.Zone:
    """Return that zone; ends the request where there is none."""
    zone = next((zone for zone in told.zones if zone.name == device), None)
    if zone is None:
        abort(404, _("没有这个小区，可能已经改了代号。请回到“各小区”里再找一找。"))
    return zone


def _page(device: str, typed: TypedZone | None = None) -> str:
    house, hub = handed_in(), hub_here()
    told = hub.zones()
    zone, local = zone_named(device, told), Local(house)
    issued = hub.issued(device)
    asked = p.AskRecords(
        first=local.today - timedelta(days=RECORDS_OF_DAYS - 1), last=local.today, name=device, most=MOST_RECORDS
    )
    records = hub.records(asked)
    return render_template(
        "zones/one.html",
        zone=zone,
        tile=tile_of(zone, house.clock.now()),
        issued=issued,
        titled=titled,
        cued=cued_on(issued.programme, local.today, local.timezone) if issued.programme else (),
        reports=[(one, *report_look(one.report)) for one in hub.reports(device, MOST_REPORTS).reports],
        records=sorted((one.airing for one in records.airings), key=_when, reverse=True),
        newer=newer_words(len(records.newer)) if records.newer else "",
        look_of=look_of,
        why=why,
        clocks=CLOCKS,
        local=local,
        steps=sorted({*STEPS, *([zone.volume_percent] if zone.volume_percent is not None else ())}),
        typed=typed or TypedZone(zone.zone, zone.groups, zone.volume_percent, ()),
        groups=sorted({*groups_of(told.zones), *(typed.ticked if typed else ())}),
    )


def _when(row: Airing) -> tuple[str, int]:
    return (f"{row.started or row.due or row.ended or ''}", row.id)


def _noted(zone: str, groups: tuple[str, ...], volume_percent: int | None) -> str:
    volume = "" if volume_percent is None else f"\nvolume: {volume_percent}%"
    return f"zone: {zone}\ngroups: {' '.join(groups)}{volume}"
