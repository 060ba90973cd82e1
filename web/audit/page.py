"""操作记录: the audit log, one day at a time, for who looks after the users."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from web.audit.act_words import act_name, in_words
from web.audit.log import Act
from web.day import local_day
from web.handed_in import handed_in
from web.words import day_name

audit = Blueprint("audit", __name__)
MOST_SHOWN = 500


@dataclass(frozen=True)
class Entry:
    """An act as the page shows it."""

    at: str
    who: str
    address: str
    what: str
    target: str
    old: str
    new: str
    refused: bool


@audit.get("/audit")
def show() -> ResponseReturnValue:
    """Show the acts of a day, today's unless another is named; ``?who`` only those of one person."""
    house = handed_in()
    on_air, edition = house.on_air(), house.desk.on_desk().edition
    plan = on_air or (edition.programme if edition else None)
    newest = local_day(house.clock.now(), plan)
    try:
        day = date.fromisoformat(request.args["day"]) if request.args.get("day") else newest
    except ValueError:
        flash(_("没有这一天，给您看今天的。"), "bad")
        return redirect(url_for("audit.show"), 303)
    zone = ZoneInfo(plan.timezone if plan else "Asia/Shanghai")
    day = min(max(day, date(2000, 1, 2)), newest)  # no act is older, and there is room around it
    found = house.audit.day(day, zone)
    names = sorted({act.who for act in found.acts if act.who})
    who = request.args.get("who", "")
    acts = [act for act in found.acts if not who or act.who == who]
    return render_template(
        "audit.html",
        entries=[_entry(act, zone) for act in acts[:MOST_SHOWN]],
        more=max(0, len(acts) - MOST_SHOWN),
        damaged=found.damaged,
        failing=house.audit.failing,
        names=names,
        who=who,
        day=day,
        name=day_name(day),
        before=day - timedelta(days=1),
        after=day + timedelta(days=1) if day < newest else None,
        newest=newest,
    )


def _entry(act: Act, zone: ZoneInfo) -> Entry:
    return Entry(
        at=f"{act.at.astimezone(zone):%H:%M:%S}",
        who=act.who or _("没有登录的人"),
        address=act.address,
        what=act_name(act.what),
        target=act.target,
        old=in_words(act.old),
        new=in_words(act.new),
        refused=act.outcome >= 400,
    )
