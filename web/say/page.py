"""插播: say something now. Typed or recorded, heard on the phone, confirmed, on air; an emergency is another act."""

from __future__ import annotations

import io
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from programme.checking import LONGEST_TEXT
from programme.hotlines import Suspicion
from programme.model import Programme
from programme.publication import SAMPLE_RATE_HZ, PublishedMessage
from programme.zones import said_in
from speaker.airing import Reason
from speaker.client import SpeakerAway
from speaker.condition import Sounding
from speaker.protocol import Refused
from tts.clip import Progress, ReportProgress
from tts.engines import RecordingRefused
from tts.recordings import ENGINE
from web.gate import user_name
from web.handed_in import HandedIn, handed_in
from web.jobs import Finish, TooMuchWaiting
from web.language import tell
from web.messages.number_guard import doubts_on
from web.saving import tidy, without_unseen
from web.say.named import NamedWords, named_words
from web.words import about, begun, voice_name

say = Blueprint("say", __name__, url_prefix="/say")

REPEATS = (1, 2, 3, 5)
SOFT, LOUD = 50, 100
EMERGENCY_REPEATS = 3
LONGEST_OCCASION = 60  # characters; the speaker takes 200
LONGEST_SHOWN = 10_000


@dataclass(frozen=True)
class Ready:
    """Whether the loudspeaker would say it now: the sentence that says why not, and what sounds."""

    hindrance: str
    sounding: Sounding | None


@say.get("/")
def write() -> ResponseReturnValue:
    """Show the form for the words, and the one for a recording."""
    return _form("")


@say.post("/")
def prepare() -> ResponseReturnValue:
    """Turn what she typed into sound in a job, and then let her hear it."""
    house = handed_in()
    __, typed = tidy("", request.form.get("text", ""))
    text = without_unseen(typed)
    faults = _faults(house, text)
    if text != typed:
        faults.append(_("里面有看不见的控制符号，已经替您去掉了。请看一遍，再试一次。"))
    if faults:
        return _form(text, faults), 400
    edition = house.desk.on_desk().edition
    right = [number for told in request.form.getlist("right") for number in told.split("|")]
    doubts = doubts_on(edition.programme, None, text, right) if edition else ()
    if doubts:
        return _form(text, doubts=doubts, right="|".join(right)), 409
    voice = edition.programme.voice if edition else Programme(zone="").voice
    who = user_name()

    def render(report: ReportProgress) -> Finish:
        report(Progress(0, 2, _("正在念成声音")))
        said, begun_at = said_in(text, house.zone), house.clock.monotonic()
        clip = house.studio.clip(said, voice)
        took = house.clock.monotonic() - begun_at
        report(Progress(1, 2, _("正在送到喇叭")))
        bulletin = house.handing_over.hand_over(clip, said, wrote=who)
        if said != text:
            named_words(house.folder).keep(bulletin.id, NamedWords(text=text, seconds=took))
        return Finish(page=_page_of(bulletin))

    job = house.jobs.submit(_("正在准备插播"), render, back=write_page(), kept=_("您写的都还在，没有丢。"))
    return redirect(url_for("work.show", job_id=job.id), 303)


@say.post("/recording")
def record() -> ResponseReturnValue:
    """Take a recording from the phone, clean it in a job, and let her hear it."""
    house = handed_in()
    text = _words_of_recording()
    came = request.files.get("sound")
    try:
        path = house.takes.set_down(came.stream if came else io.BytesIO())
    except RecordingRefused as error:
        flash(_("%(why)s。", why=tell(error.sentence)), "bad")
        return redirect(write_page(), 303)
    who = user_name()

    def clean(report: ReportProgress) -> Finish:
        report(Progress(0, 2, _("正在整理录音：去掉杂音，调好响度")))
        take = house.takes.receive(path, who=who, text=text)
        clip = house.takes.clip(take.id)
        report(Progress(1, 2, _("正在送到喇叭")))
        return Finish(page=_page_of(house.handing_over.hand_over(clip, text, wrote=who)))

    try:
        job = house.jobs.submit(_("正在整理录音"), clean, back=write_page())
    except TooMuchWaiting:
        path.unlink(missing_ok=True)
        raise
    return redirect(url_for("work.show", job_id=job.id), 303)


@say.post("/take")
def take() -> ResponseReturnValue:
    """Prepare a recording that there is."""
    house = handed_in()
    kept = house.takes.find(request.form.get("take", ""))
    if kept is None:
        flash(_("这段录音找不到了，请换一段。"), "bad")
        return redirect(write_page(), 303)

    who = user_name()

    def prepare_take(report: ReportProgress) -> Finish:
        report(Progress(0, 1, _("正在送到喇叭")))
        clip = house.takes.clip(kept.id)
        return Finish(page=_page_of(house.handing_over.hand_over(clip, kept.text, kept.name, who)))

    job = house.jobs.submit(_("正在准备录音"), prepare_take, back=write_page())
    return redirect(url_for("work.show", job_id=job.id), 303)


@say.get("/<bulletin_id>")
def hear(bulletin_id: str) -> ResponseReturnValue:
    """Let her hear it, and choose how loud and how often."""
    house, bulletin = handed_in(), _bulletin(bulletin_id)
    on_air = house.on_air()
    usual = on_air.volume_percent if on_air else Programme(zone="").volume_percent
    return render_template(
        "say_hear.html",
        bulletin=bulletin,
        length=about(bulletin.frames / SAMPLE_RATE_HZ),
        voice=_voice_of(bulletin),
        ready=_ready(house),
        volumes=_volumes(usual),
        usual=usual,
        repeats=REPEATS,
        other_yards=house.hub_at() is not None,
    )


@say.post("/<bulletin_id>")
def play(bulletin_id: str) -> ResponseReturnValue:
    """Put it on air."""
    bulletin = _bulletin(bulletin_id)
    volume, repeat = _number("volume", 0, 100), _number("repeat", 1, max(REPEATS))
    if volume is None or repeat is None:
        flash(_("请选音量和遍数。"), "bad")
        return redirect(_page_of(bulletin), 303)
    try:
        reply = handed_in().speaker.play(
            bulletin=bulletin.id, origin="panel", who=user_name(), volume_percent=volume, repeat=repeat
        )
    except SpeakerAway as error:
        flash(_("没有播：%(why)s。", why=tell(error.sentence)), "bad")
        return redirect(_page_of(bulletin), 303)
    if isinstance(reply, Refused):
        flash(_told(reply), "bad")
        return redirect(_page_of(bulletin), 303)
    flash(begun(reply.ahead))
    return redirect(url_for("today.show"), 303)


@say.get("/<bulletin_id>/emergency")
def ask_emergency(bulletin_id: str) -> ResponseReturnValue:
    """Say what an emergency is, and ask why."""
    return _emergency(_bulletin(bulletin_id))


@say.post("/<bulletin_id>/emergency")
def play_emergency(bulletin_id: str) -> ResponseReturnValue:
    """Put it on air as an emergency, once it is said why and confirmed: held by the script, or on a second page."""
    bulletin = _bulletin(bulletin_id)
    occasion = " ".join(without_unseen(request.form.get("occasion", "")).split())
    if not occasion or len(occasion) > LONGEST_OCCASION:
        fault = _("请写明事由，%(most)s 个字以内：为什么要播应急广播。", most=LONGEST_OCCASION)
        return _emergency(bulletin, occasion, faults=[fault]), 400
    if request.form.get("sure") != "yes":
        return _emergency(bulletin, occasion, sure=True)
    try:
        reply = handed_in().speaker.play(
            bulletin=bulletin.id,
            priority="emergency",
            origin="panel",
            who=user_name(),
            volume_percent=LOUD,
            repeat=EMERGENCY_REPEATS,
            occasion=occasion,
        )
    except SpeakerAway as error:
        return _emergency(bulletin, occasion, faults=[_("没有播：%(why)s。", why=tell(error.sentence))]), 503
    if isinstance(reply, Refused):
        return _emergency(bulletin, occasion, faults=[_told(reply)]), 409
    flash(begun(reply.ahead) if reply.ahead else _("应急广播开始播了。"))
    return redirect(url_for("today.show"), 303)


def write_page() -> str:
    """Return the address of the form."""
    return url_for("say.write")


def _form(text: str, faults: list[str] | None = None, *, doubts: tuple[Suspicion, ...] = (), right: str = "") -> str:
    house = handed_in()
    return render_template(
        "say.html",
        text=text,
        faults=faults or [],
        takes=house.takes.all(),
        ready=_ready(house),
        longest=LONGEST_TEXT,
        doubts=doubts,
        right=right,
    )


def _emergency(
    bulletin: PublishedMessage, occasion: str = "", *, faults: list[str] | None = None, sure: bool = False
) -> str:
    return render_template(
        "say_emergency.html",
        bulletin=bulletin,
        occasion=occasion,
        faults=faults or [],
        sure=sure,
        repeats=EMERGENCY_REPEATS,
        longest=LONGEST_OCCASION,
        length=about(bulletin.frames / SAMPLE_RATE_HZ),
    )


def _bulletin(bulletin_id: str) -> PublishedMessage:
    bulletin = handed_in().handing_over.board.find(bulletin_id)
    if bulletin is None:
        abort(404, _("这段插播已经不在了，请回到“插播”再写一次。"))
    return bulletin


def _page_of(bulletin: PublishedMessage) -> str:
    return f"/say/{bulletin.id}"  # jobs make it, outside a request


def _faults(house: HandedIn, text: str) -> list[str]:
    if not text:
        return [_("内容是空的，请写要播的话。")]
    if len(text) > LONGEST_TEXT:
        count, most = len(text), LONGEST_TEXT
        return [
            _("内容有 %(count)s 个字，太长了，请删到 %(most)s 个字以内。您写的都还在下面。", count=count, most=most)
        ]
    if not house.read_as(text[:LONGEST_SHOWN]):
        return [_("内容里没有能念出来的字，请写要播的话。")]
    return []


def _words_of_recording() -> str:
    __, text = tidy("", without_unseen(request.form.get("words", "")))
    return text[:LONGEST_TEXT]


def _ready(house: HandedIn) -> Ready:
    try:
        status = house.speaker.status()
    except SpeakerAway as error:
        return Ready(_("现在播不了：%(why)s。", why=tell(error.sentence)), None)
    if house.on_air() is None:
        return Ready(_("还没有开播，先到“今天”里点“开始播出”，才能插播。"), status.sounding)
    if status.card == "missing":
        return Ready(_("现在播不了：声卡没有连接，请检查音箱的插头和电源。"), status.sounding)
    if status.quiet_now:
        return Ready(_("现在是安静时段（%(hours)s），插播不出声。", hours=status.quiet_hours), status.sounding)
    return Ready("", status.sounding)


def _told(reply: Refused) -> str:
    if reply.reason is Reason.UNKNOWN:
        return str(_("喇叭还没有收到这一段，请过几秒再点一次。"))
    return str(_("没有播：%(why)s。", why=tell(reply)))


def _voice_of(bulletin: PublishedMessage) -> str:
    if bulletin.engine == ENGINE:
        return str(_("%(who)s的录音", who=bulletin.voice) if bulletin.voice else _("录音"))
    return voice_name(bulletin.voice)


def _volumes(usual: int) -> list[tuple[int, str]]:
    """Return what she can choose, softest first: in percent of what the installer allows."""
    return sorted({LOUD: _("最响"), SOFT: _("轻一点"), usual: _("和平时一样")}.items())


def _number(field: str, low: int, high: int) -> int | None:
    given = request.form.get(field, "")
    if not (given.isascii() and given.isdecimal() and len(given) <= 3):
        return None
    return int(given) if low <= int(given) <= high else None
