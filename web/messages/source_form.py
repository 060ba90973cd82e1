"""来源: which office and which notice a message comes from, and who drafted it; for the ledger, never said."""

from __future__ import annotations

import msgspec
from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from programme.checking import LONGEST_LINE
from programme.model import Programme
from tts.clip import ReportProgress
from web.audit.auditing import note_act
from web.gate import user_name
from web.handed_in import handed_in
from web.jobs import Finish
from web.messages.on_desk import message_on_desk
from web.messages.origin import one_line
from web.schedule.saving import GoneMeanwhile, save_change

message_source = Blueprint("message_source", __name__, url_prefix="/messages")


@message_source.post("/<message_id>/source")
def change(message_id: str) -> ResponseReturnValue:
    """Save where the message comes from and who drafted it; either may be left out."""
    house, author = handed_in(), user_name()
    _edition, message = message_on_desk(house, message_id)
    page = url_for("messages.edit", message_id=message_id)
    source, drafted = (one_line(request.form.get(name, "")) for name in ("source", "author"))
    if max(len(source), len(drafted)) > LONGEST_LINE:
        flash(_("来源和撰稿人都要在 %(most)s 个字以内，没有保存。", most=LONGEST_LINE), "bad")
        return redirect(f"{page}#source", 303)
    note_act(target=message_id, old=f"{message.source or ''}\n{message.author or ''}", new=f"{source}\n{drafted}")

    def changed(programme: Programme) -> Programme:
        message = programme.message(message_id)
        if message is None:
            raise GoneMeanwhile
        new = msgspec.structs.replace(message, source=source or None, author=drafted or None)
        every = tuple(new if one.id == message_id else one for one in programme.messages)
        return msgspec.structs.replace(programme, messages=every)

    said = _("来源已经保存，台账和居民页上会写。")

    def save(report: ReportProgress) -> Finish:
        return save_change(house, changed, author=author, page=page, said=said, report=report)

    job = house.jobs.submit(_("正在保存"), save, back=page)
    return redirect(url_for("work.show", job_id=job.id), 303)
