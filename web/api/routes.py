"""The JSON API under ``/api/v1``: what the pages can do, for programs that show a bearer token."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import TypeVar

import msgspec
from flask import Blueprint, abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from programme.file import Edition
from programme.model import Message
from speaker.client import SpeakerAway
from speaker.protocol import Done, Refused, Status
from web.api.document import openapi
from web.api.shapes import (
    Broadcasts,
    Changed,
    ChangeMessage,
    DayLine,
    DayOfRecords,
    MessageNow,
    Messages,
    Played,
    PlayNow,
    Quiet,
    QuietUntil,
    Refusal,
    Stopped,
    Today,
    Waiting,
    WithdrawMessage,
    WorkNow,
)
from web.audit.auditing import note_act, recorder
from web.day import local_day
from web.drafts import fingerprint_of
from web.gate import user_name
from web.handed_in import HandedIn, handed_in
from web.language import as_sentence, tell
from web.messages.change import faults_in_words, hand_in, other_waiting, questions, save_in_job, words_of
from web.messages.origin import one_line
from web.messages.withdrawing import LONGEST_REASON, withdraw_in_job
from web.reviews.proposing import waits_for_another
from web.saving import Typed, tidy, without_unseen
from web.today import day_of, tomorrow_of

api = Blueprint("api", __name__, url_prefix="/api/v1")
_Given = TypeVar("_Given")


@api.get("/openapi.json")
def document() -> ResponseReturnValue:
    """Describe the API."""
    return _answer(openapi())


@api.get("/status")
def status() -> ResponseReturnValue:
    """Tell how the speaker is."""
    return _answer(handed_in().speaker.status())


@api.get("/day")
def day() -> ResponseReturnValue:
    """Tell how today's broadcasts stand."""
    house = handed_in()
    now: Status | None = None
    with suppress(SpeakerAway):  # then the plan is what can be told, and ``by_speaker`` says so
        now = house.speaker.status()
    shown = day_of(house, now)
    lines = tuple(
        DayLine(broadcast=line.broadcast, due=line.due, titles=line.titles, state=line.state, why=line.why)
        for line in shown.lines
    )
    tomorrow = tuple(as_sentence(told) for told in tomorrow_of(house))
    return _answer(Today(name=shown.name, by_speaker=now is not None, lines=lines, tomorrow=tomorrow))


@api.get("/messages")
def messages() -> ResponseReturnValue:
    """Show all messages."""
    house = handed_in()
    return _answer(Messages(messages=tuple(_shown(house, one) for one in _edition(house).programme.messages)))


@api.get("/messages/<message_id>")
def message(message_id: str) -> ResponseReturnValue:
    """Show one message."""
    house = handed_in()
    return _answer(_shown(house, _message(_edition(house), message_id)))


@api.put("/messages/<message_id>")
def put_message(message_id: str) -> ResponseReturnValue:
    """Change a message's words: in a job, or waiting for a publisher, as on the page."""
    house = handed_in()
    edition = _edition(house)
    had = _message(edition, message_id)
    given = _given(ChangeMessage)
    title, text = tidy(given.title, given.text)
    typed = Typed(title, text, "", given.was, given.say_numbers_twice)
    note_act(target=message_id, old=words_of(had), new=words_of(typed))
    if (without_unseen(title), without_unseen(text)) != (title, text):
        return _refusal(400, _("里面有看不见的控制符号，请去掉再送。"))
    faults = faults_in_words(house, edition, message_id, typed)
    if faults:
        return _refusal(422, " ".join(faults))
    in_the_way = _in_the_way(house, edition, had, typed, given)
    if in_the_way:
        return _refusal(409, in_the_way)
    aired, author, record = given.aired or "", user_name(), recorder()
    if waits_for_another(house, author):
        proposal = hand_in(house, edition, had, typed, aired=aired, author=author, record=record)
        return _answer(Changed(state="waiting" if proposal else "unchanged"))
    page = url_for("api.message", message_id=message_id)
    job = save_in_job(house, edition, had, typed, aired=aired, author=author, record=record, page=page, back=page)
    return _answer(Changed(state="saving", work=url_for("api.work", job_id=job.id)), 202)


@api.post("/messages/<message_id>/withdraw")
def withdraw(message_id: str) -> ResponseReturnValue:
    """Withdraw a message: what says it now is stopped, and a job takes it out of the programme."""
    house = handed_in()
    had = _message(_edition(house), message_id)
    reason = one_line(_given(WithdrawMessage).reason)
    if not reason:
        return _refusal(400, _("请写撤回的原因，%(most)s 个字以内。", most=LONGEST_REASON))
    note_act(target=message_id, old=words_of(had), new=reason)
    job = withdraw_in_job(house, had, reason, user_name())
    return _answer(Changed(state="saving", work=url_for("api.work", job_id=job.id)), 202)


@api.get("/work/<job_id>")
def work(job_id: str) -> ResponseReturnValue:
    """Tell how far a job is."""
    job = handed_in().jobs.find(job_id)
    if job is None:
        abort(404, _("没有这件事，可能早就做完了。"))
    return _answer(
        WorkNow(
            state=job.state,
            said=job.finish.said if job.finish else "",
            error=as_sentence(job.fault) if job.fault else "",
        )
    )


@api.get("/broadcasts")
def broadcasts() -> ResponseReturnValue:
    """Show all broadcasts."""
    programme = _edition(handed_in()).programme
    return _answer(Broadcasts(zone=programme.zone, timezone=programme.timezone, broadcasts=programme.broadcasts))


@api.post("/play")
def play() -> ResponseReturnValue:
    """Play a broadcast or a message now."""
    given = _given(PlayNow)
    if bool(given.broadcast) == bool(given.message):
        return _refusal(400, _("请说明播哪一个时段或者哪一篇稿件，只能说一样。"))
    note_act(target=given.broadcast or given.message or "")
    reply = handed_in().speaker.play(broadcast=given.broadcast, message=given.message, origin="panel", who=user_name())
    return (
        _refusal(409, tell(reply))
        if isinstance(reply, Refused)
        else _answer(Played(airing=reply.airing, ahead=reply.ahead))
    )


@api.post("/stop")
def stop() -> ResponseReturnValue:
    """Silence what sounds now."""
    note_act()
    reply: Done | Refused = handed_in().speaker.stop(user_name())
    return _refusal(409, tell(reply)) if isinstance(reply, Refused) else _answer(Stopped())


@api.post("/quiet")
def be_quiet() -> ResponseReturnValue:
    """Let nothing but an emergency sound until a time of today."""
    given = _given(QuietUntil)
    note_act(new=given.until.isoformat())
    reply = handed_in().speaker.be_quiet(given.until, user_name(), without_unseen(given.occasion))
    return _refusal(409, tell(reply)) if isinstance(reply, Refused) else _answer(Quiet(quiet=True))


@api.delete("/quiet")
def end_quiet() -> ResponseReturnValue:
    """Let it sound again before its time."""
    note_act()
    reply = handed_in().speaker.end_quiet(user_name())
    return _refusal(409, tell(reply)) if isinstance(reply, Refused) else _answer(Quiet(quiet=False))


@api.get("/records")
def records() -> ResponseReturnValue:
    """Show a day of the as-run log, today's unless another is named."""
    house = handed_in()
    edition = house.desk.on_desk().edition
    plan = house.on_air() or (edition.programme if edition else None)
    try:
        wanted = date.fromisoformat(request.args["day"]) if "day" in request.args else None
    except ValueError:
        return _refusal(400, _("日期请写成 2026-06-03 这样。"))
    fresh = True
    try:
        house.records.fetch(lambda after: house.speaker.records(changed_after=after))
    except SpeakerAway:
        fresh = False
    asked = wanted or local_day(house.clock.now(), plan)
    return _answer(DayOfRecords(day=asked, fresh=fresh, airings=house.records.on(asked)))


def _in_the_way(house: HandedIn, edition: Edition, had: Message, typed: Typed, given: ChangeMessage) -> str:
    """Return what keeps the change from being saved although nothing is wrong with the words."""
    if house.desk.on_desk().broken:
        return str(_("节目文件被人手工改坏了，暂时存不进去。请联系安装人员先改好文件。"))
    if typed.was != fingerprint_of(had):
        return str(_("这篇稿件刚才被别人改过，请先取现在的，再改。"))
    asked = questions(house, edition, had, typed, aired=given.aired or "", right=given.right)
    if asked.ask:
        return str(_("这篇稿件播的是录音，请在 aired 里说明播录音（recording）还是播新写的字（voice）。"))
    if asked.doubts:
        numbers = ", ".join(doubt.number for doubt in asked.doubts)
        return str(_("这些号码像是写错了：%(numbers)s。没错的话，请写进 right 再送一次。", numbers=numbers))
    if waits_for_another(house, user_name()) and other_waiting(house, had.id, given.replaces):
        return str(_("另一份修改正在等审，请先看它；要换掉它，请把它的 mark 写进 replaces。"))
    return ""


def _shown(house: HandedIn, one: Message) -> MessageNow:
    waiting = house.proposals.find(one.id)
    return MessageNow(
        id=one.id,
        title=one.title,
        text=one.text,
        say_numbers_twice=one.say_numbers_twice,
        recording=one.recording,
        source=one.source or "",
        author=one.author or "",
        valid_from=one.valid_from,
        valid_until=one.valid_until,
        was=fingerprint_of(one),
        waiting=Waiting(mark=waiting.mark, title=waiting.title, text=waiting.text, author=waiting.author)
        if waiting and waiting.waits
        else None,
    )


def _edition(house: HandedIn) -> Edition:
    edition = house.desk.on_desk().edition
    if edition is None:
        abort(503, _("节目文件有错，现在读不了。请联系安装人员先改好文件。"))
    return edition


def _message(edition: Edition, message_id: str) -> Message:
    found = edition.programme.message(message_id)
    if found is None:
        abort(404, _("没有这篇稿件。"))
    return found


def _given(shape: type[_Given]) -> _Given:
    try:
        return msgspec.json.decode(request.get_data(), type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        abort(400, _("送来的内容看不懂：%(why)s", why=str(error)))


def _answer(shape: object, status: int = 200) -> ResponseReturnValue:
    return msgspec.json.encode(shape), status, {"Content-Type": "application/json"}


def _refusal(status: int, sentence: str) -> ResponseReturnValue:
    return _answer(Refusal(error=sentence), status)
