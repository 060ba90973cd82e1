"""The zone's name: what the box is called on every page, in the records and on the ledger."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from programme.checking import LONGEST_LINE
from web.handed_in import handed_in
from web.language import as_sentence
from web.saving import without_unseen
from web.schedule.foresight import new_faults
from web.schedule.week import edition_on_desk
from web.settings.changing import change_value, with_value

zone = Blueprint("zone", __name__, url_prefix="/settings/zone")


@zone.get("/")
def edit() -> str:
    """Show the form; what was typed before is in it."""
    return _page(request.args.get("chosen", ""))


@zone.post("/")
def change() -> ResponseReturnValue:
    """Save the name."""
    house = handed_in()
    typed = " ".join(without_unseen(request.form.get("chosen", "")).split())
    programme = edition_on_desk(house).programme
    faults = [as_sentence(fault) for fault in new_faults(house, programme, with_value(programme, "zone", typed))]
    if faults:
        return _page(typed, faults), 400
    return change_value(
        house,
        "zone",
        typed,
        request.form.get("was", ""),
        form_page=url_for("zone.edit"),
        said=_("小区名字改好了。"),
    )


def _page(typed: str, faults: list[str] | None = None) -> str:
    now = edition_on_desk(handed_in()).programme.zone
    return render_template("settings/zone.html", now=now, typed=typed or now, faults=faults or [], longest=LONGEST_LINE)
