"""挂失: a box that is lost, stolen or sold belongs to the fleet no more: at once, for good, and so asked first."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from fleet.hub.client import HubRefuses
from web.audit.auditing import note_act
from web.language import as_sentence
from web.zones.hub import hub_here
from web.zones.page import zone_named

zone_loss = Blueprint("zone_loss", __name__, url_prefix="/zones/yard/<device>/lost")


@zone_loss.get("/")
def ask(device: str) -> str:
    """Say what it means, and ask."""
    return render_template("zones/lose.html", zone=zone_named(device, hub_here().zones()))


@zone_loss.post("/")
def lose(device: str) -> ResponseReturnValue:
    """Take back its certificate."""
    note_act(target=device)
    try:
        hub_here().lose(device)
    except HubRefuses as error:
        flash(as_sentence(error.sentence), "bad")
        return redirect(url_for("zones.show", device=device), 303)
    flash(_("挂失了。那台小喇叭再也连不上总站，也听不了总站的指挥。"))
    return redirect(url_for("zones.every"), 303)
