"""From when until when a message is valid: the form that changes it."""

from __future__ import annotations

import msgspec
from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from programme.model import Programme
from tts.clip import ReportProgress
from web.day import local_day
from web.gate import user_name
from web.handed_in import handed_in
from web.jobs import Finish
from web.messages.on_desk import message_on_desk
from web.messages.validity import state_on
from web.schedule.days_form import date_in
from web.schedule.saving import GoneMeanwhile, save_change

message_validity = Blueprint("message_validity", __name__, url_prefix="/messages")
_LONGEST_DATE = 40


@message_validity.post("/<message_id>/validity")
def change(message_id: str) -> ResponseReturnValue:
    """Save the two dates; either may be left out."""
    house, author = handed_in(), user_name()
    edition, message = message_on_desk(house, message_id)
    page = url_for("messages.edit", message_id=message_id)
    typed = [request.form.get(name, "").strip()[:_LONGEST_DATE] for name in ("valid_from", "valid_until")]
    first, last = (date_in(text) for text in typed)
    if (typed[0] and first is None) or (typed[1] and last is None):
        flash(_("日期要写成 2026-02-17 这样，没有保存。"), "bad")
        return redirect(f"{page}#validity", 303)
    if first and last and first > last:
        flash(_("有效期的开始晚于结束，没有保存。"), "bad")
        return redirect(f"{page}#validity", 303)
    wanted = msgspec.structs.replace(message, valid_from=first, valid_until=last)
    over = state_on(wanted, local_day(house.clock.now(), edition.programme)) == "over"
    said = _("已经保存。它已经过期，到时不播。") if over else _("有效期已经保存。")

    def changed(programme: Programme) -> Programme:
        message = programme.message(message_id)
        if message is None:
            raise GoneMeanwhile
        new = msgspec.structs.replace(message, valid_from=first, valid_until=last)
        every = tuple(new if one.id == message_id else one for one in programme.messages)
        return msgspec.structs.replace(programme, messages=every)

    def save(report: ReportProgress) -> Finish:
        return save_change(house, changed, author=author, page=page, said=said, report=report)

    job = house.jobs.submit(_("正在保存"), save, back=page)
    return redirect(url_for("work.show", job_id=job.id), 303)
