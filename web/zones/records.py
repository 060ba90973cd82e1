"""记录 of all zones: one ledger with a column for the zone: a day as a page, or as a table to take away."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from speaker.airing import Outcome
from web.handed_in import handed_in
from web.language import tell
from web.records.choice import Choice, choice_of
from web.records.page import file_headers
from web.records.spreadsheet import table_of_yards
from web.words import KINDS, about, day_name, look_of, why
from web.zones.hub import hub_here
from web.zones.kept import Kept, kept_by, sums_of
from web.zones.lacking import lacking_words, newer_words
from web.zones.local import Local
from web.zones.tiles import as_counted
from web.zones.together import together

zone_records = Blueprint("zone_records", __name__, url_prefix="/zones/records")


@zone_records.get("/")
def show() -> ResponseReturnValue:
    """Show a day of all zones, or of one, today unless another is named."""
    local = Local(handed_in())
    choice = _choice(local)
    if choice is None or choice.is_month:
        if choice is None:
            flash(_("没有这一天，给您看今天的。"), "bad")
        return redirect(url_for("zone_records.show"), 303)
    kept = _kept(choice, local)
    return render_template(
        "zones/records.html",
        choice=choice,
        kept=kept,
        device=kept.device,
        zones=sorted(kept.names.items(), key=lambda one: (as_counted(one[1]), one[0])),
        names=kept.names,
        lines=together(kept.rows, kept.names, local),
        sums=sums_of(kept.rows),
        lacking=lacking_lines(kept),
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
    """Return the same, or a month of it, for a spreadsheet; the zones that are missing are its first lines."""
    local = Local(handed_in())
    choice = _choice(local)
    if choice is None:
        return redirect(url_for("zone_records.show"), 303)
    kept = _kept(choice, local)
    wanted = ((kept.name_of(row.device), row.airing) for row in kept.rows)
    (span,) = choice.span.values()
    headers = file_headers(_("各小区播出记录-%(span)s.csv", span=span), f"zones-{span}.csv", "text/csv; charset=utf-8")
    return table_of_yards(wanted, kept.zone, lacking_lines(kept)), headers


def lacking_lines(kept: Kept) -> list[tuple[str, str]]:
    """Return the yards whose records are not all here, each with what is missing; and that there are too many rows.

    What only a later version can read is missing here too.
    """
    lines = [(one.name, lacking_words(one, kept.zone)) for one in kept.lacking]
    lines += [(kept.name_of(device), newer_words(count)) for device, count in kept.newer.items()]
    if kept.is_cut:
        lines.insert(0, ("", _("记录太多，后面的没有列出来，请一个小区一个小区地下载")))
    return lines


def _kept(choice: Choice, local: Local) -> Kept:
    return kept_by(hub_here(), choice, request.args.get("zone", ""), local)


def _choice(local: Local) -> Choice | None:
    try:
        return choice_of(request.args, local.today)
    except ValueError:
        return None
