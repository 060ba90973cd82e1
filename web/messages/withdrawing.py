"""撤回: a message is stopped everywhere at once, with who and why on record, and a correction is offered."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from programme.aside import without_message
from programme.model import Message
from tts.clip import ReportProgress
from web.audit.auditing import note_act
from web.contacts import named_with
from web.gate import user_name
from web.handed_in import HandedIn, handed_in
from web.jobs import Finish, Job
from web.language import as_sentence, listed
from web.messages.change import words_of
from web.messages.on_desk import message_on_desk
from web.messages.origin import one_line
from web.messages.silencing import silence, silence_what_was_armed
from web.schedule.saving import put_aside

message_withdrawal = Blueprint("message_withdrawal", __name__, url_prefix="/messages")

LONGEST_REASON = 100


@message_withdrawal.get("/<message_id>/withdraw")
def ask(message_id: str) -> ResponseReturnValue:
    """Say what withdrawing the message does, and ask why."""
    return _page(handed_in(), message_id, "")


@message_withdrawal.post("/<message_id>/withdraw")
def withdraw(message_id: str) -> ResponseReturnValue:
    """Withdraw the message: what says it now is stopped before anything else."""
    house = handed_in()
    _edition, message = message_on_desk(house, message_id)
    reason = one_line(request.form.get("reason", ""))
    if not reason or len(reason) > LONGEST_REASON:
        fault = _("请写撤回的原因，%(most)s 个字以内。", most=LONGEST_REASON)
        return _page(house, message_id, reason, [fault]), 400
    note_act(target=message_id, old=words_of(message), new=reason)
    return redirect(url_for("work.show", job_id=withdraw_in_job(house, message, reason, user_name()).id), 303)


def withdraw_in_job(house: HandedIn, message: Message, reason: str, who: str) -> Job:
    """Silence ``message`` now, and take it out of the programme in a job; it can be brought back from the archive."""
    page, on_air = url_for("messages.every"), house.on_air()
    silence(house.speaker, message, on_air, who)  # what it could not do is tried again, and told, by the job

    def take_away(report: ReportProgress) -> Finish:
        finish = put_aside(
            house,
            lambda programme: without_message(programme, message.id),
            author=who,
            page=lambda entry: f"{page}?undo={entry}",
            report=report,
            reason=reason,
        )
        fault = silence_what_was_armed(house.speaker, message, on_air, who, house.handing_over.pause)
        if fault is None:
            return finish
        return replace(finish, said=_("没能马上停下来：%(why)s", why=as_sentence(fault)))

    return house.jobs.submit(_("正在撤回"), take_away, back=page)


def _page(house: HandedIn, message_id: str, reason: str, faults: list[str] | None = None) -> str:
    edition, message = message_on_desk(house, message_id)
    times = [f"{one.at:%H:%M}" for one in edition.programme.broadcasts if message_id in one.messages]
    return render_template(
        "message_withdraw.html",
        message=message,
        contacts=named_with(house, message_id),
        times=listed(times),
        reason=reason,
        faults=faults or [],
        longest=LONGEST_REASON,
    )
