"""稿件: the messages, and the form that changes one."""

from __future__ import annotations

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from programme.file import Edition
from programme.hotlines import Suspicion, say_numbers_twice, text_said
from programme.model import Message
from programme.zones import said_in
from tts.clip import Progress, ReportProgress
from web.audit.auditing import note_act, recorder
from web.contacts import named_with
from web.drafts import Draft, fingerprint_of
from web.gate import user_name
from web.handed_in import HandedIn, handed_in
from web.jobs import Finish
from web.language import tell
from web.messages.archiving import archived_messages
from web.messages.cards import card_of
from web.messages.change import (
    LONGEST_SHOWN,
    faults_in_words,
    hand_in,
    other_waiting,
    questions,
    save_in_job,
    words_of,
)
from web.messages.on_desk import message_on_desk
from web.reviews.proposing import said_of, waits_for_another
from web.saving import Typed, tidy, without_unseen
from web.shared.cards import shared_cards
from web.voice.recordings_use import recorded_of
from web.words import voice_name
from web.zones.field import ZonesField, zones_field, zones_typed

messages = Blueprint("messages", __name__, url_prefix="/messages")


@messages.get("/")
def every() -> ResponseReturnValue:
    """Show all messages."""
    house = handed_in()
    edition = house.desk.on_desk().edition
    on_air = house.on_air()
    cards = [card_of(house, edition, on_air, message) for message in edition.programme.messages] if edition else []
    return render_template(
        "messages.html",
        waiting=len(house.proposals.waiting()),
        cards=cards,
        archived=archived_messages(house),
        shared=shared_cards(on_air),
        hub=on_air.hub if on_air else "",
        undo=request.args.get("undo", ""),
        zone=edition.programme.zone if edition else "",
    )


@messages.get("/<message_id>")
def edit(message_id: str) -> ResponseReturnValue:
    """Show the form; what was typed and not saved is in it."""
    house = handed_in()
    edition, message = message_on_desk(house, message_id)
    draft = house.drafts.find(message_id)
    typed = Typed(message.title, message.text, edition.revision, fingerprint_of(message), message.say_numbers_twice)
    if draft is not None:
        typed = Typed(draft.title, draft.text, "", draft.was, draft.twice, draft.zones)
    elif (proposal := house.proposals.find(message_id)) and waits_for_another(house, user_name()):
        typed = Typed(proposal.title, proposal.text, edition.revision, typed.was, proposal.twice)
    return _form(house, edition, message, typed, heard=request.args.get("heard", ""), draft=draft)


@messages.post("/<message_id>")
def change(message_id: str) -> ResponseReturnValue:
    """Let her hear, or save, what she typed. Whatever is wrong with it, the form comes back filled in."""
    house = handed_in()
    edition, message = message_on_desk(house, message_id)
    title, text = tidy(request.form.get("title", ""), request.form.get("text", ""))
    unchosen: list[str] = []
    seen = Typed(
        without_unseen(title),
        without_unseen(text),
        request.form.get("revision", ""),
        request.form.get("was", ""),
        "twice" in request.form,
        zones_typed(request.form, _zones(house, message), unchosen),
    )
    faults = [*unchosen, *faults_in_words(house, edition, message_id, seen)]
    if (seen.title, seen.text) != (title, text):
        faults.append(_("里面有看不见的控制符号，已经替您去掉了。请看一遍，再按一次保存。"))
    if faults:
        return _form(house, edition, message, seen, faults=faults), 400
    _keep_draft(house, message, seen)
    if request.form.get("act") == "listen":
        return _listen(house, edition, message, seen.title, seen.said, kept=_("您写的都还在，没有丢。"))
    if seen.is_stale(message, edition.revision):
        return _form(house, edition, message, seen), 409
    if house.desk.on_desk().broken:
        fault = _("节目文件被人手工改坏了，暂时存不进去。您写的已经留在这里，请联系安装人员先改好文件。")
        return _form(house, edition, message, seen, faults=[fault]), 409
    aired = request.form.get("aired", "")
    asked = questions(house, edition, message, seen, aired=aired, right=_right_numbers())
    if asked:
        return _form(house, edition, message, seen, ask=asked.ask, doubts=asked.doubts), 409
    note_act(target=message_id, old=words_of(message), new=words_of(seen, message))
    go_on = _propose if waits_for_another(house, user_name()) else _save
    return go_on(house, edition, message, seen, aired)


@messages.post("/<message_id>/listen")
def listen(message_id: str) -> ResponseReturnValue:
    """Let her hear a message as it is saved, where it has no clip yet."""
    house = handed_in()
    edition, message = message_on_desk(house, message_id)
    return _listen(house, edition, message, message.title, text_said(message, house.zone))


@messages.post("/<message_id>/discard")
def discard(message_id: str) -> ResponseReturnValue:
    """Throw away what was typed and not saved."""
    message_on_desk(handed_in(), message_id)
    handed_in().drafts.drop(message_id)
    flash(_("没保存的修改已经丢掉，现在是正在用的内容。"))
    return redirect(url_for("messages.edit", message_id=message_id), 303)


@messages.post("/spoken")
def spoken() -> ResponseReturnValue:
    """Tell a script how a text will be read, how long that takes and what its writer should know."""
    house = handed_in()
    text = tidy("", without_unseen(request.form.get("text", "")[:LONGEST_SHOWN]))[1]
    said = say_numbers_twice(text) if "twice" in request.form else text
    edition = house.desk.on_desk().edition
    notes = house.notes_on(text, edition.programme.hotlines if edition else ())
    return jsonify(spoken=house.read_as(said), length=house.length_of(said), notes=[tell(note) for note in notes])


def _zones(house: HandedIn, message: Message, chosen: tuple[str, ...] | None = None) -> ZonesField | None:
    """Return the field for whom it is; None where that is no field of this form: what waits for review has none."""
    if waits_for_another(house, user_name()):
        return None
    return zones_field(house, message.zones, request.form, chosen)


def _right_numbers() -> list[str]:
    """Return the numbers of which she has said that they are right."""
    return [number for told in request.form.getlist("right") for number in told.split("|")]


def _keep_draft(house: HandedIn, message: Message, typed: Typed) -> None:
    if not typed.differs_from(message):
        house.drafts.drop(message.id)
        return
    was = typed.was or fingerprint_of(message)
    draft = Draft(
        title=typed.title,
        text=typed.text,
        was=was,
        author=user_name(),
        typed=house.clock.now(),
        twice=typed.twice,
        zones=typed.zones,
    )
    house.drafts.keep(message.id, draft)


def _listen(
    house: HandedIn, edition: Edition, message: Message, title: str, text: str, *, kept: str = ""
) -> ResponseReturnValue:
    page = url_for("messages.edit", message_id=message.id)
    voice = message.voice or edition.programme.voice

    def render(report: ReportProgress) -> Finish:
        report(Progress(0, 1, _("正在把《%(title)s》念成声音", title=title)))
        clip = house.studio.clip(said_in(text, edition.programme.zone), voice)
        said = _("这是备用声音，联网以后会换成好听的。") if clip.stand_in else ""
        return Finish(page=f"{page}?heard={clip.sha256}#heard", said=said)

    job = house.jobs.submit(_("正在准备试听"), render, back=page, kept=kept)
    return redirect(url_for("work.show", job_id=job.id), 303)


def _propose(house: HandedIn, edition: Edition, message: Message, typed: Typed, aired: str) -> ResponseReturnValue:
    if other_waiting(house, message.id, request.form.get("waiting", "")):
        return _form(house, edition, message, typed), 409
    proposal = hand_in(house, edition, message, typed, aired=aired, author=user_name(), record=recorder())
    flash(said_of(proposal) if proposal else _("和现在播的一样，不用送审。"))
    return redirect(url_for("messages.every"), 303)


def _save(house: HandedIn, edition: Edition, message: Message, typed: Typed, aired: str) -> ResponseReturnValue:
    job = save_in_job(
        house,
        edition,
        message,
        typed,
        aired=aired,
        author=user_name(),
        record=recorder(),
        page=url_for("messages.every"),
        back=url_for("messages.edit", message_id=message.id),
    )
    return redirect(url_for("work.show", job_id=job.id), 303)


def _form(
    house: HandedIn,
    edition: Edition,
    message: Message,
    typed: Typed,
    *,
    faults: list[str] | None = None,
    heard: str = "",
    draft: Draft | None = None,
    ask: bool = False,
    doubts: tuple[Suspicion, ...] = (),
) -> str:
    short = typed.said[:LONGEST_SHOWN]
    on_air = house.on_air()
    published = on_air.message(message.id) if on_air else None
    stale = typed.is_stale(message, edition.revision)
    proposal = house.proposals.find(message.id)
    return render_template(
        "message.html",
        message=message,
        contacts=named_with(house, message.id),
        zones_field=_zones(house, message, typed.zones),
        typed=typed,
        faults=faults or [],
        stale=stale,
        revision=edition.revision,
        # Once she has been shown both versions, what she saves next is meant to replace the one she saw.
        was=fingerprint_of(message) if stale else typed.was,
        spoken=house.read_as(short),
        length=house.length_of(short),
        heard=heard if heard.isalnum() else "",
        draft=draft,
        ask=ask,
        proposal=proposal,
        shown_proposal=proposal and (proposal.title, proposal.text) != (typed.title, typed.text),
        goes_to_review=waits_for_another(house, user_name()),
        doubts=doubts,
        right="|".join(request.form.getlist("right")),
        notes=house.notes_on(typed.text[:LONGEST_SHOWN], edition.programme.hotlines),
        stand_in=published if published and published.stand_in and not message.recording else None,
        recorded=recorded_of(house, edition.programme, message),
        voice=voice_name(message.voice or edition.programme.voice),
    )
