"""The usual volume, and hearing it where it counts: through the loudspeaker."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from box.sentences import Sentence, XiaolabaError
from speaker.airing import Reason
from speaker.client import SpeakerAway
from speaker.condition import Sounding
from speaker.protocol import Refused
from tts.clip import Progress, ReportProgress
from tts.example_sentence import VOLUME_TEST
from web.gate import user_name
from web.handed_in import HandedIn, handed_in
from web.jobs import Finish
from web.schedule.week import edition_on_desk
from web.settings.changing import change_value
from web.words import begun

volume = Blueprint("volume", __name__, url_prefix="/settings/volume")
STEPS = range(10, 101, 10)  # in percent of what the installer allows


class NotTried(XiaolabaError):
    """The loudspeaker did not say it; the sentence says why."""


@volume.get("/")
def edit() -> str:
    """Show what there is to choose; what was chosen before is marked."""
    house = handed_in()
    programme = edition_on_desk(house).programme
    asked = request.args.get("chosen", "")
    now = programme.volume_percent
    chosen = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) <= 3 else now
    return render_template(
        "settings/volume.html",
        now=now,
        chosen=chosen if chosen in STEPS else now,
        steps=sorted({*STEPS, now}),
        loudest=house.installed.settings.limits.loudest_percent,
        own=sum(one.volume_percent is not None for one in programme.broadcasts),
        sounding=sounding_now(house),
    )


@volume.post("/")
def change() -> ResponseReturnValue:
    """Save the volume."""
    return change_value(
        handed_in(),
        "volume_percent",
        _percent("chosen"),
        _percent("was"),
        form_page=url_for("volume.edit"),
        said=_("音量改好了，从下一次广播起就这么响。"),
    )


@volume.post("/test")
def test() -> ResponseReturnValue:
    """Let the loudspeaker say a sentence as loud as is chosen; limits and quiet hours hold."""
    house, who, percent = handed_in(), user_name(), _percent("chosen")
    voice, title = edition_on_desk(house).programme.voice, _("试音量")
    page = f"{url_for('volume.edit')}?chosen={percent}"

    def say(report: ReportProgress) -> Finish:
        report(Progress(0, 2, _("正在念成声音")))
        clip = house.studio.clip(VOLUME_TEST, voice)
        report(Progress(1, 2, _("正在送到喇叭")))
        bulletin = house.handing_over.hand_over(clip, VOLUME_TEST, title)
        reply = house.speaker.play(
            bulletin=bulletin.id, origin="panel", who=who, volume_percent=percent, repeat=1, occasion=title
        )
        if isinstance(reply, Refused):
            raise why_not(reply)
        if reply.ahead:
            return Finish(page=page, said=begun(reply.ahead))
        return Finish(page=page, said=_("喇叭正在说一句话，音量 %(percent)s%%。去院子里听一听。", percent=percent))

    job = house.jobs.submit(_("正在准备试音量"), say, back=page)
    return redirect(url_for("work.show", job_id=job.id), 303)


def why_not(reply: Refused) -> NotTried:
    """Return why the loudspeaker did not sound what was to be tried."""
    if reply.reason is Reason.UNKNOWN:
        told = Sentence("喇叭还没有收到这句话，请过几秒再试一次。", "The loudspeaker has not got it yet; try again.")
        return NotTried(*told)
    return NotTried(reply.zh, reply.en)


def sounding_now(house: HandedIn) -> Sounding | None:
    """Return what sounds, None where nothing does or nobody can say."""
    try:
        return house.speaker.status().sounding
    except SpeakerAway:
        return None  # the page of today says so


def _percent(field: str) -> int:
    given = request.form.get(field, "")
    if not (given.isascii() and given.isdecimal() and len(given) <= 3 and int(given) <= STEPS[-1]):
        abort(400, _("请选一个音量。"))
    return int(given)
