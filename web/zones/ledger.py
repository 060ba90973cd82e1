"""台账 of all yards: a month of theirs in one ledger, to be printed and signed, and as a workbook."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from speaker.airing import Outcome
from web.handed_in import handed_in
from web.records.choice import choice_of
from web.records.entry import entry_of
from web.records.ledger import totals_of, wordings
from web.records.page import XLSX, file_headers
from web.words import about, look_of, month_name, why
from web.zones.hub import hub_here
from web.zones.kept import kept_by
from web.zones.local import Local
from web.zones.month import MonthOfAll, month_of_all
from web.zones.records import lacking_lines
from web.zones.workbook import workbook_of_all

zone_ledger = Blueprint("zone_ledger", __name__, url_prefix="/zones/records/ledger")

ROWS_A_SHEET = 20  # of A4 across, about: to tell how much paper it takes


@zone_ledger.get("/")
def show() -> ResponseReturnValue:
    """Return the month as a page to print: what is missing, each yard's totals, and what was not as planned.

    ``?rows=all`` has every airing on it too: with many yards that is hundreds of sheets.
    """
    month = _month()
    if month is None:
        return redirect(url_for("zone_records.show"), 303)
    every = list(month.rows)
    whole = request.args.get("rows") == "all"
    shown = every if whole else month.unusual
    numbers = wordings(row for _yard, row in shown)
    return render_template(
        "zones/ledger.html",
        choice=month.kept.choice,
        device=month.kept.device,
        month=month_name(month.kept.choice.first),
        of=month,
        lacking=lacking_lines(month.kept),
        yards=[(yard, totals_of(airings)) for yard, airings in month.yards],
        whole=whole,
        sheets=1 + -(-(len(every) + len(month.yards)) // ROWS_A_SHEET),
        count=len(every),
        rows=[(yard, row.day, entry_of(row, month.zone, numbers)) for yard, row in shown],
        wordings=[(number, title, text, clip) for (title, text, clip), number in numbers.items()],
        outcomes=[outcome for outcome in Outcome if outcome is not Outcome.NOTED],
        look_of=look_of,
        why=why,
        about=about,
    )


@zone_ledger.get("/all.xlsx")
def workbook() -> ResponseReturnValue:
    """Return the whole month as a workbook for Excel and WPS."""
    month = _month()
    if month is None:
        return redirect(url_for("zone_records.show"), 303)
    (span,) = month.kept.choice.span.values()
    name = _("各小区播出台账-%(span)s.xlsx", span=span)
    return workbook_of_all(month, lacking_lines(month.kept)), file_headers(name, f"zones-ledger-{span}.xlsx", XLSX)


def _month() -> MonthOfAll | None:
    """Return the month that is asked for, None where it is none; of a day, its month."""
    house, local = handed_in(), Local(handed_in())
    try:
        choice = choice_of(request.args, local.today)
    except ValueError:
        return None
    if not choice.is_month:
        choice = choice_of(choice.as_month, local.today)
    kept = kept_by(hub_here(), choice, request.args.get("zone", ""), local)
    return month_of_all(kept, house.zone, house.clock.now().astimezone(kept.zone))
