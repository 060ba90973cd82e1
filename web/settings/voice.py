"""The voice that says what no message has another for: samples of all, side by side, and choosing one."""

from __future__ import annotations

import logging

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tts.clip import Progress, ReportProgress
from tts.engines import EngineError
from tts.example_sentence import VOICE_SAMPLE
from web.handed_in import HandedIn, handed_in
from web.jobs import Finish
from web.language import listed
from web.schedule.week import edition_on_desk
from web.settings.changing import change_value
from web.settings.voices import Choice, choices

_LOG = logging.getLogger(__name__)
voice = Blueprint("voice", __name__, url_prefix="/settings/voice")


@voice.get("/")
def edit() -> str:
    """Show the voices, each with its sample where it has been rendered."""
    house = handed_in()
    programme = edition_on_desk(house).programme
    every = choices(house.installed, programme.voice)
    asked = request.args.get("chosen", "")
    return render_template(
        "settings/voice.html",
        now=programme.voice,
        chosen=asked if any(one.name == asked for one in every) else programme.voice,
        voices=every,
        samples={one.name: house.samples.of(one.name) for one in every},
        text=VOICE_SAMPLE,
        own=sum(message.voice is not None and message.recording is None for message in programme.messages),
    )


@voice.post("/")
def change() -> ResponseReturnValue:
    """Save the voice; what is on air is said anew by it."""
    house = handed_in()
    chosen = _known(house, request.form.get("chosen", ""))
    return change_value(
        house,
        "voice",
        chosen.name,
        request.form.get("was", ""),
        form_page=url_for("voice.edit"),
        said=_("声音换好了，从下一次广播起用“%(voice)s”。", voice=chosen.title),
    )


@voice.post("/samples")
def hear() -> ResponseReturnValue:
    """Let the voice that is named say the sample, or every one that has not yet, in a job."""
    house = handed_in()
    named = request.form.get("hear", "")
    now = edition_on_desk(house).programme.voice
    every = choices(house.installed, now)
    one = _known(house, named) if named else None
    chosen = request.form.get("chosen", "")
    page = url_for("voice.edit", chosen=chosen) if any(one.name == chosen for one in every) else url_for("voice.edit")

    def render(report: ReportProgress) -> Finish:
        wanted = [one] if one else _unheard(house, now)
        silent = [one.title for one in wanted if not _rendered(house, one, wanted, report)]
        said = _("现在念不了：%(voices)s。要上网的声音，等连上网再试。", voices=listed(silent)) if silent else ""
        return Finish(page=f"{page}#v-{named}" if named else page, said=said)

    job = house.jobs.submit(_("正在准备试听"), render, back=page)
    return redirect(url_for("work.show", job_id=job.id), 303)


def _unheard(house: HandedIn, now: str) -> list[Choice]:
    """Return the voices without a sample, those among them that the network service has got since it was last asked."""
    try:
        house.installed.listed.update()
    except EngineError as error:
        _LOG.info("the list of voices stays: %s", error)
    return [one for one in choices(house.installed, now) if house.samples.of(one.name) is None]


def _rendered(house: HandedIn, one: Choice, wanted: list[Choice], report: ReportProgress) -> bool:
    """Return whether that voice itself has said the sample: a stand-in's clip is no sample of it."""
    report(Progress(wanted.index(one), len(wanted), _("“%(voice)s”正在念", voice=one.title)))
    try:
        clip = house.studio.clip(VOICE_SAMPLE, one.name)
    except EngineError:
        return False
    if not clip.stand_in:
        house.samples.keep(one.name, clip.sha256)
    return not clip.stand_in


def _known(house: HandedIn, name: str) -> Choice:
    found = next(
        (one for one in choices(house.installed, edition_on_desk(house).programme.voice) if one.name == name), None
    )
    if found is None:
        abort(400, _("没有这个声音，请从列表里选一个。"))
    return found
