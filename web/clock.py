"""核对时间: the phone's time is proposed, and somebody at the box accepts it with the button."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from speaker.client import SpeakerAway
from speaker.condition import ClockStatus
from speaker.protocol import Refused
from speaker.trust.states import Trust
from web.audit.auditing import note_act
from web.day import Plan
from web.gate import user_name
from web.handed_in import handed_in
from web.language import as_sentence

clock = Blueprint("clock", __name__, url_prefix="/clock")

_TYPED = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]([0-9]{2}):([0-9]{2})(?::[0-9]{2})?")
_MILLISECONDS = re.compile(r"[0-9]{1,14}")


def is_asked_for(status: ClockStatus) -> bool:
    """Tell whether the page should ask for the phone's time: the box does not know it, or was long told by nobody."""
    return status.confirmable and (status.trust is Trust.UNTRUSTED or status.wants_checking)


@clock.post("/")
def propose() -> ResponseReturnValue:
    """Propose the phone's time: what a script sent with the form, else what was typed."""
    house = handed_in()
    back = redirect(url_for("today.show"), 303)
    edition = house.desk.on_desk().edition
    instant = _instant(request.form, house.on_air() or (edition.programme if edition else None))
    if instant is None:
        flash(_("请写上现在的日期和时间，例如 2026-03-02 12:00。"), "bad")
        return back
    note_act(new=f"{instant.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC")
    try:
        reply = house.speaker.propose_time(instant, user_name())
    except SpeakerAway as error:
        flash(_("没有发过去：%(why)s", why=as_sentence(error.sentence)), "bad")
        return back
    if isinstance(reply, Refused):
        flash(as_sentence(reply), "bad")
    return back


def _instant(form: dict[str, str], plan: Plan | None) -> datetime | None:
    """Return the instant that the form means; a typed time is local to the programme."""
    sent = form.get("milliseconds", "")
    if _MILLISECONDS.fullmatch(sent):
        return datetime.fromtimestamp(int(sent) / 1000, UTC)
    typed = _TYPED.fullmatch(form.get("at", "").strip())
    if typed is None:
        return None
    try:
        year, month, day, hour, minute = map(int, typed.groups())
        return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(plan.timezone if plan else "Asia/Shanghai"))
    except ValueError:
        return None
