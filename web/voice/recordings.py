"""录音: her own voice. A recording comes from the phone, is heard, kept, named, and used in messages."""

from __future__ import annotations

import io

import msgspec
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from box.sentences import Sentence
from programme.file import Edition
from programme.model import Message, Programme
from tts.clip import Progress, ReportProgress
from tts.engines import RecordingRefused
from tts.recordings import LONGEST_NAME
from tts.recordings_take import Take
from web.gate import user_name
from web.handed_in import HandedIn, handed_in
from web.jobs import Finish, TooMuchWaiting
from web.language import as_sentence, tell
from web.reviews.proposing import propose, said_of, waits_for_another
from web.saving import new_faults
from web.voice.recordings_use import save_recording, users_of, with_recording
from web.words import about

recordings = Blueprint("recordings", __name__, url_prefix="/recordings")

_BROKEN = Sentence(
    "节目文件有错，暂时改不了。录音都还在，请联系安装人员先改好文件。",
    "The programme file has a mistake, so nothing can be changed now. The recordings are safe; "
    "please ask the installer to mend the file.",
)


@recordings.get("/")
def every() -> ResponseReturnValue:
    """Show all recordings: kept, and put away."""
    house = handed_in()
    edition = house.desk.on_desk().edition
    takes = house.takes.all()
    users = (
        {take.id: [message.title for message in users_of(edition.programme, take.id)] for take in takes}
        if edition
        else {}
    )
    return render_template(
        "recordings.html", takes=takes, users=users, away=house.takes.put_away(), about=about, longest=LONGEST_NAME
    )


@recordings.post("/")
def upload() -> ResponseReturnValue:
    """Take a recording from the phone; a job cleans it, and then she hears it before it is kept."""
    house = handed_in()
    message_id, replaces = request.form.get("message", ""), request.form.get("replaces", "")
    edition = house.desk.on_desk().edition
    message = edition.programme.message(message_id) if edition else None
    replaced = house.takes.find(replaces)
    back = url_for("messages.edit", message_id=message.id) if message else url_for("recordings.every")
    came = request.files.get("sound")
    try:
        path = house.takes.set_down(came.stream if came else io.BytesIO())
    except RecordingRefused as error:
        flash(as_sentence(error.sentence), "bad")
        return redirect(back, 303)
    who, page = user_name(), url_for("recordings.every")

    def clean(report: ReportProgress) -> Finish:
        report(Progress(0, 1, _("正在整理录音：去掉杂音，调好响度")))
        take = house.takes.receive(
            path,
            who=who,
            text=message.text if message else "",
            message=message.id if message else "",
            replaces=replaced.id if replaced else "",
        )
        return Finish(page=f"{page}heard/{take.id}")

    try:
        job = house.jobs.submit(_("正在整理录音"), clean, back=back)
    except TooMuchWaiting:
        path.unlink(missing_ok=True)
        raise
    return redirect(url_for("work.show", job_id=job.id), 303)


@recordings.get("/heard/<take_id>")
def hear(take_id: str) -> ResponseReturnValue:
    """Let her hear what came before it is kept."""
    house = handed_in()
    take = house.takes.waiting(take_id)
    if take is None:
        flash(_("这段录音已经处理过了。"))
        return redirect(url_for("recordings.every"), 303)
    edition = house.desk.on_desk().edition
    message = edition.programme.message(take.message) if edition else None
    replaced = house.takes.find(take.replaces)
    name = replaced.name if replaced else message.title[:LONGEST_NAME] if message else ""
    return render_template(
        "recording.html", take=take, message=message, name=name, length=about(take.seconds), longest=LONGEST_NAME
    )


@recordings.post("/heard/<take_id>")
def decide(take_id: str) -> ResponseReturnValue:
    """Keep what she heard, for its message or for later, or forget it."""
    house = handed_in()
    waits = house.takes.waiting(take_id) or house.takes.find(take_id)
    if waits is None:
        abort(404, _("这段录音已经不在了，请再录一次。"))
    on_desk = house.desk.on_desk()
    edition = on_desk.edition
    message = edition.programme.message(waits.message) if edition else None
    back = url_for("messages.edit", message_id=message.id) if message else url_for("recordings.every")
    act = request.form.get("act", "")
    if act == "drop":
        house.takes.drop(take_id)
        flash(_("这段录音没有留。"))
        return redirect(back, 303)
    take = house.takes.keep(take_id, request.form.get("name", "") or _("%(who)s的录音", who=user_name()))
    wanted = {message.id} if message and act == "use" else set()
    if edition and take.replaces:
        wanted |= {user.id for user in users_of(edition.programme, take.replaces)}
    if edition is None or not wanted:
        flash(_("录音已经留下。"))
        return redirect(back, 303)
    return _use(house, edition, take, wanted, back)


@recordings.post("/use/<message_id>")
def use(message_id: str) -> ResponseReturnValue:
    """Let a message be said by a recording that there is, or again by a voice."""
    house = handed_in()
    edition = house.desk.on_desk().edition
    if edition is None or edition.programme.message(message_id) is None:
        abort(404, _("没有这篇稿件，可能已经被删掉了。请回到“稿件”里再找一找。"))
    back = url_for("messages.edit", message_id=message_id)
    wanted = request.form.get("take", "")
    take = house.takes.find(wanted)
    if wanted and take is None:
        flash(_("这段录音找不到了，请换一段。"), "bad")
        return redirect(back, 303)
    return _use(house, edition, take, {message_id}, back)


@recordings.post("/agree/<message_id>")
def agree(message_id: str) -> ResponseReturnValue:
    """Say that the recording is to be aired although the text is another than when it was made."""
    house = handed_in()
    edition = house.desk.on_desk().edition
    message = edition.programme.message(message_id) if edition else None
    if message is None or message.recording is None:
        abort(404, _("这篇稿件没有用录音。"))
    house.takes.agree(message.recording, message.text)
    flash(_("好，还是播录音。"))
    return redirect(url_for("messages.edit", message_id=message_id), 303)


@recordings.post("/<take_id>/name")
def name(take_id: str) -> ResponseReturnValue:
    """Give a recording another name."""
    handed_in().takes.rename(take_id, request.form.get("name", ""))
    return redirect(url_for("recordings.every"), 303)


@recordings.post("/<take_id>/delete")
def delete(take_id: str) -> ResponseReturnValue:
    """Put a recording away that no message uses."""
    house = handed_in()
    on_desk = house.desk.on_desk()
    users = users_of(on_desk.edition.programme, take_id) if on_desk.edition else ()
    if on_desk.edition is None or on_desk.broken:
        flash(tell(_BROKEN), "bad")
    elif users:
        told = _("《%(title)s》正在用这段录音，不能删。请先在那篇稿件里改用别的。", title=users[0].title)
        flash(told, "bad")
    else:
        take = house.takes.archive(take_id)
        flash(_("“%(name)s”已经删掉。后悔了，可以在这一页最下面拿回来。", name=take.name))
    return redirect(url_for("recordings.every"), 303)


@recordings.post("/<take_id>/restore")
def restore(take_id: str) -> ResponseReturnValue:
    """Bring back what was put away."""
    take = handed_in().takes.bring_back(take_id)
    flash(_("“%(name)s”拿回来了。", name=take.name))
    return redirect(url_for("recordings.every"), 303)


@recordings.get("/<take_id>.wav")
def wav(take_id: str) -> ResponseReturnValue:
    """Lead to the clip of a recording, which is made anew if it was lost."""
    return redirect(url_for("clips.wav", sha256=handed_in().takes.clip(take_id).sha256), 303)


def _use(house: HandedIn, edition: Edition, take: Take | None, message_ids: set[str], back: str) -> ResponseReturnValue:
    """Save in a job that those messages are said by ``take``: her choice is for the texts as they are."""
    programme: Programme = with_recording(edition.programme, message_ids, take.id if take else None)
    if house.desk.on_desk().broken:
        flash(tell(_BROKEN), "bad")
        return redirect(back, 303)
    faults = new_faults(house, programme, edition.programme)
    if faults:
        for fault in faults:
            flash(_("录音留着，但是没有用上：%(why)s", why=fault), "bad")
        return redirect(back, 303)
    author = user_name()
    if waits_for_another(house, author):
        for message in edition.programme.messages:
            if message.id in message_ids:
                flash(said_of(propose(house, _with_take(house, message, take), message, author)))
        return redirect(back, 303)

    def save(report: ReportProgress) -> Finish:
        if take is not None:
            house.takes.clip(take.id)
            for message in programme.messages:
                if message.id in message_ids:
                    house.takes.agree(take.id, message.text)
        return save_recording(house, edition, programme, author=author, back=back, report=report)

    job = house.jobs.submit(_("正在保存"), save, back=back, kept=_("录音都还在，没有丢。"))
    return redirect(url_for("work.show", job_id=job.id), 303)


def _with_take(house: HandedIn, message: Message, take: Take | None) -> Message:
    """Return the message said by ``take``, in the words that wait for a publisher if there are any."""
    waiting = house.proposals.find(message.id)
    words = waiting.applied_to(message) if waiting and waiting.waits else message
    return msgspec.structs.replace(words, recording=take.id if take else None)
