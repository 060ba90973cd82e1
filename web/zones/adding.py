"""Adding a zone: a ticket for its box, as a file or on the screen; who asks with it is let in or turned away."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from fleet.hub import protocol as p
from fleet.hub.client import HubRefuses
from fleet.wire.names import LONGEST_NAME, TICKET_FILE, is_device_name
from web.audit.auditing import note_act
from web.handed_in import handed_in
from web.help.page import qr_code
from web.language import as_sentence
from web.zones.hub import hub_here
from web.zones.local import Local
from web.zones.typed_zone import TypedZone, groups_of, typed_zone

zone_adding = Blueprint("zone_adding", __name__, url_prefix="/zones")


@dataclass(frozen=True)
class Typed:
    """What the form held; ``replaces``: the zone whose box is to be replaced, empty where one is added."""

    name: str
    zone: TypedZone
    replaces: str = ""


@zone_adding.get("/add")
def write() -> str:
    """Show the form; filled in for a zone that is named and known, whose box is replaced."""
    name = request.args.get("name", "")
    known = next((zone for zone in hub_here().zones().zones if zone.name == name), None)
    if known is None:
        return _page(Typed("", TypedZone("", (), None, ())))
    return _page(Typed(known.name, TypedZone(known.zone, known.groups, None, ()), known.name))


@zone_adding.post("/add")
def invite() -> ResponseReturnValue:
    """Have a ticket made; give it as a file or show it, by the button that was touched."""
    name, typed = request.form.get("name", "").strip().lower(), typed_zone(request.form)
    note_act(target=name, new=f"zone: {typed.zone}\ngroups: {' '.join(typed.groups)}")
    faults = list(typed.faults)
    if not is_device_name(name):
        faults.insert(0, _("代号只能用小写字母、数字和短横线，最多 %(most)s 个，比如 yard-3。", most=LONGEST_NAME))
    asked = Typed(name, typed, request.form.get("replaces", ""))
    if faults:
        return _page(asked, faults), 400
    hub = hub_here()
    if taken := next((zone for zone in hub.zones().zones if zone.name == name != asked.replaces), None):
        return _page(asked, [_taken(taken)]), 409
    try:
        invited = hub.invite(name, typed.zone, typed.groups)
    except HubRefuses as error:
        return _page(asked, [as_sentence(error.sentence)]), 409
    if request.form.get("way") == "file":
        return _file(invited.ticket)
    return render_template(
        "zones/ticket.html",
        zone=typed.zone,
        name=name,
        qr_code=qr_code(invited.ticket, error="m"),
        ticket=invited.ticket,
        expires=Local(handed_in())(invited.expires),
    )


@zone_adding.post("/yard/<device>/confirm")
def confirm(device: str) -> ResponseReturnValue:
    """Let in the box that shows those digits."""
    note_act(target=device)
    try:
        hub_here().confirm(device, request.form.get("digits", "")[:16])
    except HubRefuses as error:
        flash(as_sentence(error.sentence), "bad")
    else:
        flash(_("入网了。它马上连上来，收到总站的节目。"))
    return redirect(url_for("zones.every"), 303)


@zone_adding.post("/yard/<device>/turn-away")
def turn_away(device: str) -> ResponseReturnValue:
    """Don't let in the box that asks under that name."""
    note_act(target=device)
    try:
        hub_here().turn_away(device)
    except HubRefuses as error:
        flash(as_sentence(error.sentence), "bad")
    else:
        flash(_("没有让它入网，这张入网票作废了。要再加，请重新生成一张。"))
    return redirect(url_for("zones.every"), 303)


def _taken(zone: p.Zone) -> str:
    """Return that the code is a zone's already: it would lose its name and groups, and in the end its box."""
    told = _(
        "代号 %(name)s 已经是“%(zone)s”的了，请换一个。给那个小区换机器，请到它那一页点“再生成一张入网票”。",
        name=zone.name,
        zone=zone.zone,
    )
    return str(told)


def _page(typed: Typed, faults: list[str] | None = None) -> str:
    groups = sorted({*groups_of(hub_here().zones().zones), *typed.zone.ticked})
    return render_template("zones/add.html", typed=typed, groups=groups, faults=faults or [], longest=LONGEST_NAME)


def _file(ticket: str) -> Response:
    answer = make_response(ticket)
    answer.headers["Content-Type"] = "application/json"
    answer.headers["Content-Disposition"] = f"attachment; filename={TICKET_FILE}"
    return answer
