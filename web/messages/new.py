"""A new message, written or copied from another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import msgspec
from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from programme.aside import free_id, in_the_place_of
from programme.checking import LONGEST_LINE
from programme.hotlines import Suspicion
from programme.model import Message, Programme
from programme.zones import said_in
from tts.clip import Progress, ReportProgress
from web.archive import Archived
from web.day import local_day
from web.drafts import Draft
from web.gate import user_name
from web.handed_in import HandedIn, handed_in
from web.jobs import Finish
from web.language import as_sentence
from web.messages.change import LONGEST_SHOWN
from web.messages.number_guard import doubts_on
from web.messages.on_desk import message_on_desk
from web.messages.origin import Origin, origin_in
from web.reviews.proposing import propose, said_of, waits_for_another
from web.saving import Typed, faults_of, tidy, without_unseen
from web.schedule.saving import save_change
from web.schedule.week import edition_on_desk
from web.words import voice_name
from web.zones.field import ZonesField, zones_field, zones_typed

new_message = Blueprint("new_message", __name__, url_prefix="/messages")

DRAFT = "~new"  # no message's id: those have no tilde


@new_message.get("/~new")
def write() -> ResponseReturnValue:
    """Show an empty form, or what was typed and not saved."""
    house = handed_in()
    draft = house.drafts.find(draft_name())
    typed = Typed("", "", "", "")
    if draft is not None:
        typed = Typed(draft.title, draft.text, "", "", draft.twice, draft.zones)
    origin = Origin(draft.source, draft.drafted_by, draft.valid_until) if draft else Origin()
    heard, entry = request.args.get("heard", ""), _corrected(house, request.args)
    if entry is not None and not heard:
        typed, origin = _correction_of(entry), Origin()
    return _page(house, typed, origin, heard=heard if heard.isalnum() else "", entry=entry)


@new_message.post("/~new")
def add() -> ResponseReturnValue:
    """Let her hear, or save, what she typed."""
    house = handed_in()
    entry = _corrected(house, request.form)
    title, text = tidy(request.form.get("title", ""), request.form.get("text", ""))
    faults: list[str] = []
    zones = zones_typed(request.form, _zones(house, entry), faults)
    seen = Typed(without_unseen(title), without_unseen(text), "", "", "twice" in request.form, zones)
    origin, plan = origin_in(request.form), edition_on_desk(house).programme
    faults += faults_of(seen, house.read_as(seen.text[:LONGEST_SHOWN]))
    faults += origin.faults(local_day(house.clock.now(), plan))
    if (seen.title, seen.text) != (title, text):
        faults.append(_("里面有看不见的控制符号，已经替您去掉了。请看一遍，再按一次保存。"))
    if faults:
        return _page(house, seen, origin, faults=faults, entry=entry), 400
    draft = Draft(
        title=seen.title,
        text=seen.text,
        was="",
        author=user_name(),
        typed=house.clock.now(),
        twice=seen.twice,
        source=origin.source,
        drafted_by=origin.author,
        valid_until=origin.until,
        zones=seen.zones,
    )
    house.drafts.keep(draft_name(), draft)
    if request.form.get("act") == "listen":
        return _listen(house, seen, entry)
    right = [number for told in request.form.getlist("right") for number in told.split("|")]
    doubts = doubts_on(plan, None, seen.text, right)
    if doubts:
        return _page(house, seen, origin, doubts=doubts, entry=entry), 409
    return _save(house, seen, origin, entry)


@new_message.post("/<message_id>/copy")
def copy(message_id: str) -> ResponseReturnValue:
    """Make a copy of a message, behind it; no broadcast says it yet."""
    house, author = handed_in(), user_name()
    edition, message = message_on_desk(house, message_id)
    ending = _("（副本）")
    made = msgspec.structs.replace(
        message,
        id=_free_id(house, edition.programme),
        title=message.title[: LONGEST_LINE - len(ending)] + ending,
    )
    page, said = url_for("messages.edit", message_id=made.id), _("复制好了，改好再排到时段里。")

    def save(report: ReportProgress) -> Finish:
        return save_change(
            house,
            lambda programme: with_message(programme, made, behind=message_id),
            author=author,
            page=page,
            said=said,
            report=report,
            message_id=made.id,
        )

    job = house.jobs.submit(_("正在复制"), save, back=url_for("messages.edit", message_id=message_id))
    return redirect(url_for("work.show", job_id=job.id), 303)


def with_message(programme: Programme, message: Message, *, behind: str = "") -> Programme:
    """Return the programme with one message more, behind that of an id or at the end."""
    places = [place for place, one in enumerate(programme.messages, 1) if one.id == behind]
    place = places[0] if places else len(programme.messages)
    every = (*programme.messages[:place], message, *programme.messages[place:])
    return msgspec.structs.replace(programme, messages=every)


def _save(house: HandedIn, typed: Typed, origin: Origin, entry: Archived | None) -> ResponseReturnValue:
    author, name, draft = user_name(), _free_id(house, edition_on_desk(house).programme), draft_name()
    zones = _had(entry) if typed.zones is None else typed.zones
    message = origin.of(
        Message(id=name, title=typed.title, text=typed.text, say_numbers_twice=typed.twice, zones=zones)
    )
    page, said = url_for("messages.every"), _("新稿件已经保存。把它排到时段里才会播。")
    if entry is not None:
        said = _("更正已经保存，在原来那一篇的时段播。")
    waits = waits_for_another(house, author)
    # What must wait is handed in as a change of a message that says nothing of its writer's.
    blank = origin.of(Message(id=name, title=_("新稿件"), text=_("这是一篇新稿件，还没有审核。"), zones=zones))

    def put(programme: Programme) -> Programme:
        if waits or entry is None:  # what waits says nothing yet, and must not be aired in anything's place
            return with_message(programme, blank if waits else message)
        return in_the_place_of(programme, entry.aside, message)

    def save(report: ReportProgress) -> Finish:
        finish = save_change(
            house,
            put,
            author=author,
            page=page,
            said=said,
            report=report,
            message_id=name,
        )
        if waits:
            finish = replace(finish, said=said_of(propose(house, message, blank, author)))
        if entry is not None:
            house.archive.keep(msgspec.structs.replace(entry, correction=name, correction_waits=waits))
        house.drafts.drop(draft)
        return finish

    job = house.jobs.submit(_("正在保存"), save, back=url_for("new_message.write"), kept=_("您写的都还在，没有丢。"))
    return redirect(url_for("work.show", job_id=job.id), 303)


def _listen(house: HandedIn, typed: Typed, entry: Archived | None) -> ResponseReturnValue:
    corrects = entry.id if entry else ""
    page, programme = url_for("new_message.write"), edition_on_desk(house).programme

    def render(report: ReportProgress) -> Finish:
        report(Progress(0, 1, _("正在把《%(title)s》念成声音", title=typed.title)))
        clip = house.studio.clip(said_in(typed.said, programme.zone), programme.voice)
        said = _("这是备用声音，联网以后会换成好听的。") if clip.stand_in else ""
        return Finish(page=f"{page}?heard={clip.sha256}&corrects={corrects}#heard", said=said)

    job = house.jobs.submit(_("正在准备试听"), render, back=page, kept=_("您写的都还在，没有丢。"))
    return redirect(url_for("work.show", job_id=job.id), 303)


def _page(
    house: HandedIn,
    typed: Typed,
    origin: Origin,
    *,
    faults: list[str] | None = None,
    doubts: tuple[Suspicion, ...] = (),
    heard: str = "",
    entry: Archived | None = None,
) -> str:
    programme = edition_on_desk(house).programme
    short = typed.said[:LONGEST_SHOWN]
    return render_template(
        "new_message.html",
        typed=typed,
        origin=origin,
        faults=faults or [],
        doubts=doubts,
        zones_field=_zones(house, entry, typed.zones),
        heard=heard,
        spoken=house.read_as(short),
        length=house.length_of(short),
        notes=[as_sentence(note) for note in house.notes_on(typed.text[:LONGEST_SHOWN], programme.hotlines)],
        voice=voice_name(programme.voice),
        goes_to_review=waits_for_another(house, user_name()),
        corrects=entry.id if entry else "",
    )


def _corrected(house: HandedIn, told: Mapping[str, str]) -> Archived | None:
    """Return what was withdrawn and is to be corrected; None where none is named, or it is not there any more."""
    entry = house.archive.find(told.get("corrects", ""))
    return entry if entry is not None and entry.aside.message is not None else None


def _had(entry: Archived | None) -> tuple[str, ...]:
    """Return for which zones a new message is unless somebody chooses: a correction, for those that heard the other."""
    return entry.aside.message[1].zones if entry is not None and entry.aside.message is not None else ()


def _zones(house: HandedIn, entry: Archived | None, chosen: tuple[str, ...] | None = None) -> ZonesField | None:
    """Return the field for whom it is; None where that is no field of this form: what waits for review has none."""
    if waits_for_another(house, user_name()):
        return None
    return zones_field(house, _had(entry), request.form, chosen)


def _correction_of(entry: Archived) -> Typed:
    """Return how a correction begins. Its title is within bounds, whatever the other's was."""
    title = entry.aside.message[1].title if entry.aside.message else ""
    begun = _("更正：前面播过的《%(title)s》有误，请以这一次为准。", title=title)
    return Typed(_("更正：%(title)s", title=title)[:LONGEST_LINE], begun + "\n", "", "")


def _free_id(house: HandedIn, programme: Programme) -> str:
    """Return an id that was never used: a broadcast brought back, or a former edition, may still name an old one."""
    return free_id(f"m-{house.clock.now():%y%m%d-%H%M%S}", [message.id for message in programme.messages])


def draft_name() -> str:
    """Return under which name what this person writes anew is kept."""
    return f"{DRAFT}:{user_name()}"
