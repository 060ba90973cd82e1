"""待审: what waits for a publisher, who sees the difference, hears it, and approves it or gives it back."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from programme.hotlines import text_said
from programme.model import Message
from programme.wording import differences
from programme.zones import said_in
from tts.clip import Progress, ReportProgress
from web.audit.auditing import note_act, recorder
from web.gate import user_name
from web.handed_in import HandedIn, handed_in
from web.jobs import Finish
from web.language import listed
from web.reviews.correcting import corrected
from web.reviews.proposals import Proposal, mark_of
from web.reviews.proposing import LONGEST_REASON, approve, give_back, is_for, proposed, withdraw
from web.saving import new_faults, without_unseen

reviews = Blueprint("reviews", __name__, url_prefix="/reviews")


@reviews.get("/")
def every() -> ResponseReturnValue:
    """Show what waits."""
    house = handed_in()
    waiting = house.proposals.waiting()
    return render_template(
        "reviews.html", waiting=waiting, mine={one.mark for one in waiting if is_for(house, user_name(), one)}
    )


@reviews.get("/<message_id>")
def show(message_id: str) -> ResponseReturnValue:
    """Show one with what is different in it, and both where the message was changed meanwhile."""
    house = handed_in()
    proposal, message = _found(house, message_id)
    return _page(house, proposal, message)


@reviews.post("/<message_id>/listen")
def listen(message_id: str) -> ResponseReturnValue:
    """Let it be heard before it is decided on."""
    house = handed_in()
    proposal, message = _found(house, message_id)
    page = url_for("reviews.show", message_id=message_id)
    edition, zone = house.desk.on_desk().edition, house.zone
    voice = message.voice or (edition.programme.voice if edition else "")

    def render(report: ReportProgress) -> Finish:
        report(Progress(0, 1, _("正在把《%(title)s》念成声音", title=proposal.title)))
        text = said_in(proposal.said, zone)
        clip = house.takes.clip(proposal.recording) if proposal.recording else house.studio.clip(text, voice)
        return Finish(page=f"{page}?heard={clip.sha256}#heard")

    job = house.jobs.submit(_("正在准备试听"), render, back=page)
    return redirect(url_for("work.show", job_id=job.id), 303)


@reviews.post("/<message_id>/approve")
def agree(message_id: str) -> ResponseReturnValue:
    """Approve what was shown: it is saved and put on air, with both names."""
    house = handed_in()
    proposal, message = _found(house, message_id)
    if not is_for(house, user_name(), proposal):
        return _page(house, proposal, message, [_("自己写的要由另一位发布人来同意。")]), 403
    if not _is_what_was_shown(proposal, message):
        return _page(house, proposal, message, [_("您看的时候又有人改过，请照现在的再看一遍。")]), 409
    edition = house.desk.on_desk().edition
    faults = new_faults(house, proposed(edition.programme, proposal), edition.programme) if edition else []
    if faults:
        return _page(house, proposal, message, faults), 409
    approver, record = user_name(), recorder()
    page, back = url_for("reviews.every"), url_for("reviews.show", message_id=message_id)
    note_act(target=message_id, old=_words(message), new=_words(proposal))

    def saved() -> None:
        record("message.saved", message_id, _words(message), _words(proposal))

    def put(report: ReportProgress) -> Finish:
        return Finish(page=page, said=approve(house, proposal, message, approver=approver, report=report, saved=saved))

    job = house.jobs.submit(_("正在播出同意了的稿件"), put, back=back)
    return redirect(url_for("work.show", job_id=job.id), 303)


@reviews.post("/<message_id>/return")
def return_it(message_id: str) -> ResponseReturnValue:
    """Give it back to its author, with the reason."""
    house = handed_in()
    proposal, message = _found(house, message_id)
    reason = " ".join(without_unseen(request.form.get("reason", "")).split())
    note_act(target=message_id, old=_words(proposal), new=reason)
    if not is_for(house, user_name(), proposal):
        return _page(house, proposal, message, [_("自己写的要由另一位发布人来决定。想拿回来改，请点“收回”。")]), 403
    if not _is_what_was_shown(proposal, message):
        return _page(house, proposal, message, [_("您看的时候又有人改过，请照现在的再看一遍。")], reason), 409
    if not reason or len(reason) > LONGEST_REASON:
        fault = _("请写退回的原因，%(most)s 个字以内，好让写的人知道怎么改。", most=LONGEST_REASON)
        return _page(house, proposal, message, [fault], reason), 400
    give_back(house, proposal, message, user_name(), reason)
    flash(_("退回给%(name)s了，原因也一起送去了。", name=proposal.author))
    return redirect(url_for("reviews.every"), 303)


@reviews.post("/<message_id>/withdraw")
def take_back(message_id: str) -> ResponseReturnValue:
    """Let its author take it back, to write on."""
    house = handed_in()
    proposal, message = _found(house, message_id)
    if proposal.author != user_name():
        return _page(house, proposal, message, [_("只有写的人能收回。")]), 403
    withdraw(house, proposal, message)
    flash(_("收回来了，您写的在下面。"))
    return redirect(url_for("messages.edit", message_id=message_id), 303)


def _found(house: HandedIn, message_id: str) -> tuple[Proposal, Message]:
    proposal = house.proposals.find(message_id)
    edition = house.desk.on_desk().edition
    message = edition.programme.message(message_id) if edition else None
    if proposal is None or not proposal.waits or message is None:
        abort(404, _("这一篇已经处理过了。请回到“待审”看看还有没有别的。"))
    return proposal, message


def _is_what_was_shown(proposal: Proposal, message: Message) -> bool:
    return (request.form.get("proposal"), request.form.get("message")) == (proposal.mark, mark_of(message))


def _page(
    house: HandedIn, proposal: Proposal, message: Message, faults: list[str] | None = None, reason: str = ""
) -> str:
    heard = request.args.get("heard", "")
    recorded = house.takes.find(proposal.recording) if proposal.recording else None
    return render_template(
        "review.html",
        proposal=proposal,
        message=message,
        message_mark=mark_of(message),
        stale=proposal.is_stale(message),
        title_parts=differences(message.title, proposal.title),
        text_parts=differences(message.text, proposal.text),
        now_said=text_said(message, house.zone),
        spoken=house.read_as(proposal.said),
        length=house.length_of(proposal.said),
        recorded=recorded,
        other_sound=proposal.recording != message.recording,
        for_me=is_for(house, user_name(), proposal),
        own=proposal.author == user_name(),
        corrects_at=_corrects_at(house, proposal),
        heard=heard if heard.isalnum() else "",
        faults=faults or [],
        reason=reason,
        longest=LONGEST_REASON,
    )


def _corrects_at(house: HandedIn, proposal: Proposal) -> str:
    """Return the times at which a correction will be aired in the place of what was withdrawn; empty for none."""
    edition = house.desk.on_desk().edition
    if edition is None:
        return ""
    done = corrected(house, proposed(edition.programme, proposal), proposal.message_id)
    saying = done.programme.broadcasts if done.entry is not None else ()
    return listed(f"{one.at:%H:%M}" for one in saying if proposal.message_id in one.messages)


def _words(said: Proposal | Message) -> str:
    recording = f" [{said.recording}]" if said.recording else ""
    return f"{said.title}\n{said.text}{recording}"
