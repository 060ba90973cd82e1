"""请安静: one tap on Today, and nothing but an emergency sounds until the time that was chosen."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from speaker.client import SpeakerAway
from speaker.protocol import Done, Refused
from web.audit.auditing import note_act
from web.day import Plan
from web.gate import user_name
from web.handed_in import HandedIn, handed_in
from web.language import as_sentence
from web.saving import without_unseen

quiet = Blueprint("quiet", __name__, url_prefix="/quiet")

LONGEST_WHY = 60
_USUAL = timedelta(hours=2)
_STEP = timedelta(minutes=30)
_END_OF_DAY = "24:00"
_TIME = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])")


def choices(now: datetime, plan: Plan | None) -> tuple[list[str], str]:
    """Return the half hours of today that are to come, and the one two hours away (else the end of the day)."""
    here = now.astimezone(_zone(plan))
    midnight = datetime.combine(here.date() + timedelta(days=1), time(), tzinfo=here.tzinfo)
    at = here.replace(minute=here.minute // 30 * 30, second=0, microsecond=0) + _STEP
    offered, usual = [], _END_OF_DAY
    while at < midnight:
        if usual == _END_OF_DAY and at >= here + _USUAL:
            usual = f"{at:%H:%M}"
        offered.append(f"{at:%H:%M}")
        at += _STEP
    return [*offered, _END_OF_DAY], usual


@quiet.post("/")
def ask() -> ResponseReturnValue:
    """Let nothing but an emergency sound until a time of today."""
    house = handed_in()
    until = _until(house, request.form.get("until", ""))
    why = without_unseen(request.form.get("why", "")).strip()[:LONGEST_WHY].replace("\n", " ")
    if until is None:
        flash(_("请选安静到几点。"), "bad")
        return _back()
    note_act(new=f"{until:%H:%M} {why}".strip())
    return _told(lambda: house.speaker.be_quiet(until, user_name(), why), _("安静下来了，到时间自己恢复。"))


@quiet.post("/end")
def end() -> ResponseReturnValue:
    """Let it sound again before its time."""
    note_act()
    return _told(lambda: handed_in().speaker.end_quiet(user_name()), _("恢复了，下一次广播照常。"))


def _told(act: Callable[[], Done | Refused], done: str) -> ResponseReturnValue:
    try:
        reply = act()
    except SpeakerAway as error:
        flash(_("没有做成：%(why)s", why=as_sentence(error.sentence)), "bad")
        return _back()
    if isinstance(reply, Refused):
        flash(as_sentence(reply), "bad")
    else:
        flash(done)
    return _back()


def _back() -> ResponseReturnValue:
    return redirect(url_for("today.show"), 303)


def _until(house: HandedIn, text: str) -> datetime | None:
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    edition = house.desk.on_desk().edition
    here = house.clock.now().astimezone(_zone(house.on_air() or (edition.programme if edition else None)))
    midnight = datetime.combine(here.date(), time(), tzinfo=here.tzinfo)
    if text == _END_OF_DAY:
        return midnight + timedelta(days=1)
    return None if found[1] == "24" else midnight.replace(hour=int(found[1]), minute=int(found[2]))


def _zone(plan: Plan | None) -> ZoneInfo:
    return ZoneInfo(plan.timezone if plan else "Asia/Shanghai")
