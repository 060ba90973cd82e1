"""Bringing back what was put aside, in one tap."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tts.clip import ReportProgress
from web.gate import user_name
from web.handed_in import handed_in
from web.jobs import Finish
from web.schedule.saving import bring_back
from web.schedule.week import gone

archive = Blueprint("archive", __name__, url_prefix="/archive")


@archive.post("/<entry_id>/back")
def back(entry_id: str) -> ResponseReturnValue:
    """Bring an entry back to where it was."""
    house, author, said = handed_in(), user_name(), _("已经拿回来了。")
    entry = house.archive.find(entry_id)
    if entry is None:
        return gone()
    page = url_for("messages.every" if entry.aside.message else "schedule.show")

    def bring(report: ReportProgress) -> Finish:
        return bring_back(house, entry, author=author, page=page, said=said, report=report)

    job = house.jobs.submit(_("正在拿回来"), bring, back=page)
    return redirect(url_for("work.show", job_id=job.id), 303)
