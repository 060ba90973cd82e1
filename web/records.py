"""记录: what was really played, day by day, from the panel's own copy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from speaker.client import SpeakerAway
from speaker.protocol import Airing
from web.day import local_day
from web.handed_in import handed_in
from web.language import listed, tell
from web.words import ORIGINS, Look, about, day_name, look_of, why

records = Blueprint("records", __name__)


@dataclass(frozen=True)
class Entry:
    """A row of the log as the page shows it."""

    at: str
    look: Look
    titles: str
    origin: str
    why: str
    length: str
    texts: tuple[tuple[str, str], ...]


@records.get("/records")
def show() -> ResponseReturnValue:
    """Show one day of the log, today unless another is named."""
    house = handed_in()
    on_air, edition = house.on_air(), house.desk.on_desk().edition
    plan = on_air or (edition.programme if edition else None)
    newest = local_day(house.clock.now(), plan)
    try:
        day = date.fromisoformat(request.args["day"]) if "day" in request.args else newest
    except ValueError:
        flash(_("没有这一天，给您看今天的。"), "bad")
        return redirect(url_for("records.show"), 303)
    fresh = True
    try:
        house.records.fetch(lambda after: house.speaker.records(changed_after=after))
    except SpeakerAway:
        fresh = False
    zone = ZoneInfo(plan.timezone if plan else "Asia/Shanghai")
    return render_template(
        "records.html",
        entries=[_entry(airing, zone) for airing in house.records.on(day)],
        day=day,
        name=day_name(day),
        before=day - timedelta(days=1) if day > date.min else None,
        after=day + timedelta(days=1) if day < newest else None,
        today=newest,
        fresh=fresh,
    )


def _entry(airing: Airing, zone: ZoneInfo) -> Entry:
    at = airing.started or airing.due or airing.ended
    origin = tell(ORIGINS[airing.origin])
    return Entry(
        at=f"{at.astimezone(zone):%H:%M}" if at else "",
        look=look_of(airing.outcome),
        titles=listed(said.title for said in airing.said) or _("（没有稿件）"),
        origin=_("%(origin)s，%(who)s", origin=origin, who=airing.who) if airing.who else origin,
        why=why(airing.reason),
        length=about(airing.frames_played / 48_000) if airing.frames_played else "",
        texts=tuple((said.title, said.text) for said in airing.said),
    )
