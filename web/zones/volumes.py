"""音量 of all zones on one page: each its own, or as the hub has it; one by one, or a whole group at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from fleet.hub import protocol as p
from fleet.hub.client import HubRefuses
from fleet.hub.devices import Standing
from web.audit.auditing import note_act
from web.language import as_sentence
from web.settings.volume import STEPS
from web.zones.hub import Hub, hub_here
from web.zones.tiles import as_counted
from web.zones.typed_zone import groups_of

zone_volumes = Blueprint("zone_volumes", __name__, url_prefix="/zones/volumes")

OWN = "own"


@zone_volumes.get("/")
def show() -> str:
    """Show how loud each zone is, and what the hub has set."""
    return _page(_settable(hub_here().zones().zones))


@zone_volumes.post("/")
def change() -> ResponseReturnValue:
    """Set what was changed in the form; or, by the other button, all zones or a group."""
    hub = hub_here()
    zones = _settable(hub.zones().zones)
    if request.form.get("act") == "many":
        wanted = wanted_of_many(request.form, zones)
    else:
        wanted = wanted_of_each(request.form, zones)
    if wanted is None:
        return _page(zones, [_("请选一个音量。")]), 400
    changed = [zone for zone in zones if zone.name in wanted and wanted[zone.name] != zone.volume_percent]
    note_act(
        target=", ".join(zone.name for zone in changed),
        old="\n".join(f"{zone.name}: {_noted(zone.volume_percent)}" for zone in changed),
        new="\n".join(f"{zone.name}: {_noted(wanted[zone.name])}" for zone in changed),
    )
    _set(hub, changed, wanted)
    return redirect(url_for("zone_volumes.show"), 303)


def wanted_of_each(sent: Mapping[str, str], zones: Sequence[p.Zone]) -> dict[str, int | None] | None:
    """Return the volumes that were changed in the form since it was opened; None where one is none."""
    wanted: dict[str, int | None] = {}
    for zone in zones:
        given = sent.get(f"volume-{zone.name}", "")
        if not given or given == sent.get(f"was-{zone.name}", ""):
            continue
        if not _is_volume(given):
            return None
        wanted[zone.name] = _volume(given)
    return wanted


def wanted_of_many(sent: Mapping[str, str], zones: Sequence[p.Zone]) -> dict[str, int | None] | None:
    """Return the one volume for all zones, or for those of a group; None where it is none."""
    given, group = sent.get("volume", ""), sent.get("group", "")
    if not _is_volume(given):
        return None
    return {zone.name: _volume(given) for zone in zones if not group or group in zone.groups}


def _set(hub: Hub, changed: Sequence[p.Zone], wanted: Mapping[str, int | None]) -> None:
    done = 0
    for zone in changed:
        try:
            hub.arrange(zone.name, zone=zone.zone, groups=zone.groups, volume_percent=wanted[zone.name])
        except HubRefuses as error:
            flash(_("%(yard)s：%(missing)s", yard=zone.zone, missing=as_sentence(error.sentence)), "bad")
        else:
            done += 1
    flash(_("%(count)s 个小区的音量改好了，连上总站的马上就收到。", count=done) if done else _("没有改动。"))


def _page(zones: Sequence[p.Zone], faults: Sequence[str] = ()) -> str:
    return render_template(
        "zones/volumes.html",
        zones=zones,
        groups=groups_of(zones),
        steps=STEPS,
        steps_of=lambda zone: sorted({*STEPS, *([zone.volume_percent] if zone.volume_percent is not None else ())}),
        own=OWN,
        faults=faults,
    )


def _settable(zones: Sequence[p.Zone]) -> list[p.Zone]:
    there = [zone for zone in zones if zone.standing is not Standing.LOST]
    return sorted(there, key=lambda zone: (as_counted(zone.zone), zone.name))


def _is_volume(given: str) -> bool:
    return given == OWN or (given.isascii() and given.isdecimal() and len(given) <= 3 and int(given) in range(1, 101))


def _volume(given: str) -> int | None:
    return None if given == OWN else int(given)


def _noted(volume_percent: int | None) -> str:
    return OWN if volume_percent is None else f"{volume_percent}%"
