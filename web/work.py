"""The page of a piece of work: how far it is, and then on to where it ends."""

from __future__ import annotations

from flask import Blueprint, flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tts.clip import Progress
from web.handed_in import handed_in
from web.language import tell

work = Blueprint("work", __name__)


@work.get("/work/<job_id>")
def show(job_id: str) -> ResponseReturnValue:
    """Show how far the job is; without scripts the page comes again by itself."""
    job = handed_in().jobs.find(job_id)
    if job is None:
        flash(_("这件事已经做完了，或者面板重新启动过。请看一看结果对不对。"))
        return redirect(url_for("today.show"), 303)
    if job.finish is not None:
        if job.finish.said:
            flash(job.finish.said)
        return redirect(job.finish.page, 303)
    return render_template("work.html", job=job, doing=_doing(job.progress))


@work.get("/work/<job_id>/state")
def state(job_id: str) -> ResponseReturnValue:
    """Tell a script how far the job is."""
    job = handed_in().jobs.find(job_id)
    if job is None:
        return jsonify(over=True)
    progress = job.progress
    return jsonify(
        over=job.over,
        done=progress.done if progress else 0,
        total=progress.total if progress else 0,
        doing=_doing(progress),
    )


def _doing(progress: Progress | None) -> str:
    return tell(progress.sentence) if progress else _("排队等一下")
