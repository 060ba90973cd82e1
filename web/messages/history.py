"""Every version of a message: who, when and what was different; and bringing one back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from programme.history import BY_HAND
from programme.model import Message, Programme
from programme.wording import Part, differences
from tts.clip import ReportProgress
from web.audit.auditing import note_act
from web.gate import user_name
from web.handed_in import HandedIn, handed_in
from web.jobs import Finish
from web.messages.change import other_waiting
from web.messages.on_desk import message_on_desk
from web.messages.validity import validity_words
from web.messages.versions import Version
from web.reviews.proposing import propose, said_of, waits_for_another
from web.schedule.saving import GoneMeanwhile, save_change
from web.words import day_name, voice_name

message_history = Blueprint("message_history", __name__, url_prefix="/messages")
_LONGEST_NAME = 255  # of a file


@dataclass(frozen=True)
class Entry:
    """A version as the page shows it. ``facts`` are what changed besides the words."""

    edition: str
    when: str
    who: str
    title: tuple[Part, ...]
    text: tuple[Part, ...]
    facts: tuple[str, ...]
    is_new: bool
    in_use: bool


@message_history.get("/<message_id>/history")
def show(message_id: str) -> ResponseReturnValue:
    """Show the newest versions, or those before an edition."""
    house = handed_in()
    edition, message = message_on_desk(house, message_id)
    house.versions.catch_up()
    versions = house.versions.of(message_id, older_than=request.args.get("before", "")[:_LONGEST_NAME])
    zone = ZoneInfo(edition.programme.timezone)
    return render_template(
        "message_history.html",
        message=message,
        entries=[_entry(version, message, edition.programme, zone) for version in versions.shown],
        older=versions.older,
        whole=versions.whole,
        goes_to_review=waits_for_another(house, user_name()),
    )


@message_history.post("/<message_id>/restore")
def restore(message_id: str) -> ResponseReturnValue:
    """Bring the words of a version back; its dates are not brought back, they may be long over."""
    house, author = handed_in(), user_name()
    message = message_on_desk(house, message_id)[1]
    page = url_for("message_history.show", message_id=message_id)
    former = house.versions.find(message_id, request.form.get("edition", "")[:_LONGEST_NAME])
    if former is None:
        flash(_("没有这个旧版本了，请选另一个。"), "bad")
        return redirect(page, 303)
    wanted = with_words_of(house, message, former)
    if wanted == message:
        flash(_("这一版和现在用着的一样。"))
        return redirect(page, 303)
    note_act(target=message_id, old=f"{message.title}\n{message.text}", new=f"{wanted.title}\n{wanted.text}")
    if waits_for_another(house, author):
        if other_waiting(house, message_id, shown="") is not None:
            flash(_("这篇稿件有修改在等审核，请先处理完，再用回旧版本。"), "bad")
            return redirect(page, 303)
        flash(said_of(propose(house, wanted, message, author)))
        return redirect(url_for("messages.every"), 303)
    said = _("已经用回这一版，从下一次广播起就念它。")

    def changed(programme: Programme) -> Programme:
        if programme.message(message_id) != message:
            raise GoneMeanwhile
        every = tuple(wanted if one.id == message_id else one for one in programme.messages)
        return msgspec.structs.replace(programme, messages=every)

    def save(report: ReportProgress) -> Finish:
        return save_change(house, changed, author=author, page=page, said=said, report=report, message_id=message_id)

    job = house.jobs.submit(_("正在用回旧版本"), save, back=page)
    return redirect(url_for("work.show", job_id=job.id), 303)


def with_words_of(house: HandedIn, message: Message, former: Message) -> Message:
    """Return the message with what ``former`` says and how; a recording only where it is still there."""
    recording = former.recording if former.recording and house.takes.find(former.recording) else None
    return msgspec.structs.replace(
        message,
        title=former.title,
        text=former.text,
        voice=former.voice,
        recording=recording,
        say_numbers_twice=former.say_numbers_twice,
    )


def _entry(version: Version, now: Message, programme: Programme, zone: ZoneInfo) -> Entry:
    message, before = version.message, version.before
    return Entry(
        edition=version.edition,
        when=_when(version.at.astimezone(zone)),
        who=_who(version),
        title=differences(before.title if before else message.title, message.title),
        text=differences(before.text if before else message.text, message.text),
        facts=tuple(_facts(before, message, programme)) if before else (),
        is_new=before is None,
        in_use=message == now,
    )


def _when(at: datetime) -> str:
    return f"{at.year} {day_name(at.date())} {at:%H:%M}"


def _who(version: Version) -> str:
    author = _("直接改文件") if version.author == BY_HAND else version.author
    if not version.approver:
        return author
    return _("%(author)s写，%(approver)s同意", author=author, approver=version.approver)


def _facts(before: Message, message: Message, programme: Programme) -> list[str]:
    """Return what changed besides the words, each as a sentence."""
    facts = []
    if (before.valid_from, before.valid_until) != (message.valid_from, message.valid_until):
        facts.append(validity_words(message) or _("一直有效"))
    if before.voice != message.voice:
        facts.append(_("声音换成%(voice)s", voice=voice_name(message.voice or programme.voice)))
    if before.recording != message.recording:
        facts.append(_("播的录音换过") if message.recording else _("改用合成的声音"))
    if before.say_numbers_twice != message.say_numbers_twice:
        facts.append(_("电话号码念两遍") if message.say_numbers_twice else _("电话号码念一遍"))
    return facts
