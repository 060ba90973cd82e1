"""记录: what was really played, by day and month, from the panel's own copy; as a page, a table and a ledger."""

from __future__ import annotations

from itertools import groupby
from urllib.parse import quote
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from speaker.airing import Outcome
from speaker.client import SpeakerAway
from speaker.record import Airing
from web.day import Plan, local_day
from web.handed_in import HandedIn, handed_in
from web.language import listed, tell
from web.loudness.budget import Budget, budget_of
from web.loudness.picture import picture_of
from web.records.choice import Choice, choice_of
from web.records.entry import entry_of
from web.records.ledger import totals_of
from web.records.month import Month
from web.records.spreadsheet import table_of
from web.records.workbook import workbook_of
from web.words import KINDS, about, day_name, look_of, month_name, why

records = Blueprint("records", __name__)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@records.get("/records")
def show() -> ResponseReturnValue:
    """Show a day or a month of the log, today unless another is named."""
    house = handed_in()
    plan, choice = _plan(house), _choice(house)
    if choice is None:
        flash(_("没有这一天，给您看今天的。"), "bad")
        return redirect(url_for("records.show"), 303)
    fresh = _fetch(house)
    airings = house.records.between(choice.first, choice.last)
    zone = _zone(plan)
    shown = choice.select(airings)
    days = [(day, [entry_of(row, zone) for row in rows]) for day, rows in groupby(shown, lambda row: row.day)]
    return render_template(
        "records.html",
        choice=choice,
        name=month_name(choice.first) if choice.is_month else day_name(choice.first),
        days=days,
        totals=totals_of(shown),
        fresh=fresh,
        broadcasts=_broadcasts(plan, airings),
        kinds=[(name, tell(kind)) for name, kind in KINDS.items()],
        outcomes=[(outcome.value, look_of(outcome).word) for outcome in Outcome],
        day_name=day_name,
        about=about,
        picture_of=picture_of,
        loud=_loudness(house, choice, zone) if choice.is_month else None,
    )


@records.get("/records.csv")
def table() -> ResponseReturnValue:
    """Return what the page of the same address shows as a file for a spreadsheet."""
    house = handed_in()
    choice = _choice(house)
    if choice is None:
        return redirect(url_for("records.show"), 303)
    _fetch(house)
    content = table_of(choice.select(house.records.between(choice.first, choice.last)), _zone(_plan(house)))
    (span,) = choice.span.values()
    return content, file_headers(
        _("播出记录-%(span)s.csv", span=span), f"records-{span}.csv", "text/csv; charset=utf-8"
    )


@records.get("/records/ledger")
def ledger() -> ResponseReturnValue:
    """Return the ledger of a month, this one unless another is named, to be printed and signed."""
    house = handed_in()
    month = _month(house)
    if month is None:
        return redirect(url_for("records.show"), 303)
    unknown = month.unknown_days
    return render_template(
        "ledger.html",
        choice=month.choice,
        month=month_name(month.choice.first),
        zone_name=month.zone_name,
        timezone=month.zone.key,
        made=month.made,
        unfinished=month.is_unfinished,
        fresh=month.fresh,
        rows=[(row.day, entry_of(row, month.zone, month.numbers)) for row in month.airings],
        totals=month.totals,
        last=month.last,
        loud=month.loud,
        empty=len(unknown),
        empty_days=listed(day_name(day) for day in unknown),
        wordings=[(number, title, text, clip) for (title, text, clip), number in month.numbers.items()],
        outcomes=[outcome for outcome in Outcome if outcome is not Outcome.NOTED],
        look_of=look_of,
        why=why,
        about=about,
    )


@records.get("/records/ledger.xlsx")
def workbook() -> ResponseReturnValue:
    """Return the same ledger as a workbook for Excel and WPS."""
    month = _month(handed_in())
    if month is None:
        return redirect(url_for("records.show"), 303)
    (span,) = month.choice.span.values()
    return workbook_of(month), file_headers(_("播出台账-%(span)s.xlsx", span=span), f"ledger-{span}.xlsx", XLSX)


def _loudness(house: HandedIn, choice: Choice, zone: ZoneInfo) -> Budget:
    """Return how loud the days of a month were, up to today; whatever part of the rows is looked at."""
    last = min(choice.last, choice.newest)
    rows = house.records.between(choice.first, last)
    return budget_of(rows, house.loudness.read(), choice.first, last, zone)


def _month(house: HandedIn) -> Month | None:
    """Return the month that is asked for with all of its records, None where it is none."""
    plan, choice = _plan(house), _choice(house)
    if choice is None:
        return None
    if not choice.is_month:
        choice = choice_of(choice.as_month, choice.newest)
    fresh, zone = _fetch(house), _zone(plan)
    return Month(
        choice=choice,
        airings=house.records.between(choice.first, choice.last),
        zone=zone,
        zone_name=plan.zone if plan else "",
        made=house.clock.now().astimezone(zone),
        fresh=fresh,
        loud=_loudness(house, choice, zone),
        oldest=house.records.first_day(),
    )


def file_headers(name: str, plain: str, kind: str) -> dict[str, str]:
    """Return the headers of a file to take away; ``plain`` is its name where no other can be shown."""
    shown = f"attachment; filename={plain}; filename*=UTF-8''{quote(name)}"
    return {"Content-Type": kind, "Content-Disposition": shown}


def _plan(house: HandedIn) -> Plan | None:
    edition = house.desk.on_desk().edition
    return house.on_air() or (edition.programme if edition else None)


def _zone(plan: Plan | None) -> ZoneInfo:
    return ZoneInfo(plan.timezone if plan else "Asia/Shanghai")


def _choice(house: HandedIn) -> Choice | None:
    try:
        return choice_of(request.args, local_day(house.clock.now(), _plan(house)))
    except ValueError:
        return None


def _fetch(house: HandedIn) -> bool:
    """Copy what is new; tell whether the speaker could be asked."""
    try:
        house.records.fetch(lambda after: house.speaker.records(changed_after=after))
    except SpeakerAway:
        return False
    return True


def _broadcasts(plan: Plan | None, airings: tuple[Airing, ...]) -> list[tuple[str, str]]:
    """Return the broadcasts there are and were, by their times where they have one."""
    known = {broadcast.id: f"{broadcast.at:%H:%M}" for broadcast in plan.broadcasts} if plan else {}
    gone = {airing.broadcast: airing.broadcast for airing in airings if airing.broadcast}
    return sorted((gone | known).items(), key=lambda one: one[1])
