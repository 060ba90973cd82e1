"""Changing one value of the programme that is no message's and no broadcast's: on the newest edition, in a job."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlencode

import msgspec
from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from programme.model import Programme
from tts.clip import ReportProgress
from web.audit.auditing import note_act
from web.gate import user_name
from web.handed_in import HandedIn
from web.jobs import Finish
from web.schedule.saving import GoneMeanwhile, save_change

Field = Literal["zone", "voice", "volume_percent"]


def with_value(programme: Programme, field: Field, value: str | int) -> Programme:
    """Return the programme with that value."""
    return msgspec.structs.replace(programme, **{field: value})


def change_value(
    house: HandedIn, field: Field, value: str | int, was: str | int, *, form_page: str, said: str
) -> ResponseReturnValue:
    """Save ``value`` in the place of ``was`` in a job that leads back to the settings.

    Where somebody else has changed it meanwhile, the job says so and leads back to the form with what was chosen in it.
    """
    note_act(target=field, old=str(was), new=str(value))
    page, author = url_for("settings.show"), user_name()
    if value == was:
        flash(_("没有改动，还是原来的。"))
        return redirect(page, 303)

    def changed(programme: Programme) -> Programme:
        if getattr(programme, field) != was:
            raise GoneMeanwhile
        return with_value(programme, field, value)

    def save(report: ReportProgress) -> Finish:
        return save_change(house, changed, author=author, page=page, said=said, report=report)

    back = f"{form_page}?{urlencode({'chosen': value})}"
    job = house.jobs.submit(_("正在保存"), save, back=back, kept=_("您填的都还在，没有丢。"))
    return redirect(url_for("work.show", job_id=job.id), 303)
