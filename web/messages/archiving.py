"""Putting a message aside: what that does is said before, and it comes back in one tap."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from programme.aside import without_message
from tts.clip import ReportProgress
from web.archive import Archived, waiting
from web.contacts import named_with
from web.gate import user_name
from web.handed_in import HandedIn, handed_in
from web.jobs import Finish
from web.language import listed
from web.messages.change import other_waiting
from web.messages.on_desk import message_on_desk
from web.schedule.saving import put_aside

message_archive = Blueprint("message_archive", __name__, url_prefix="/messages")


@message_archive.get("/<message_id>/archive")
def ask(message_id: str) -> ResponseReturnValue:
    """Say what putting the message aside would do, and ask."""
    house = handed_in()
    edition, message = message_on_desk(house, message_id)
    _rest, aside = without_message(edition.programme, message_id)
    said = {placed.broadcast for placed in aside.said}
    return render_template(
        "message_archive.html",
        message=message,
        contacts=named_with(house, message_id),
        leaves=listed(f"{one.at:%H:%M}" for one in edition.programme.broadcasts if one.id in said),
        ends=listed(f"{one.at:%H:%M}" for _place, one in aside.broadcasts),
    )


@message_archive.post("/<message_id>/archive")
def put(message_id: str) -> ResponseReturnValue:
    """Put the message aside."""
    house, author, page = handed_in(), user_name(), url_for("messages.every")
    message_on_desk(house, message_id)
    if other_waiting(house, message_id, shown="") is not None:
        flash(_("这篇稿件有修改在等审核，请先处理完，再收起来。"), "bad")
        return redirect(url_for("messages.edit", message_id=message_id), 303)

    def take_away(report: ReportProgress) -> Finish:
        return put_aside(
            house,
            lambda programme: without_message(programme, message_id),
            author=author,
            page=lambda entry: f"{page}?undo={entry}",
            report=report,
        )

    job = house.jobs.submit(_("正在收起稿件"), take_away, back=page)
    return redirect(url_for("work.show", job_id=job.id), 303)


def archived_messages(house: HandedIn) -> tuple[Archived, ...]:
    """Return the messages that were put aside, the newest first."""
    edition = house.desk.on_desk().edition
    entries = waiting(house.archive.entries(), edition.programme) if edition else ()
    return tuple(entry for entry in entries if entry.aside.message is not None)
