"""响度 in the settings: the test sound is played, what the meter reads is written down, and the ceiling is set."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from programme.checking import LONGEST_LINE
from speaker.airing import Outcome
from speaker.client import SpeakerAway
from speaker.protocol import Refused
from speaker.record import Airing
from tts.clip import Progress, ReportProgress
from tts.library import ClipLibrary
from tts.noise import NOISE, SECONDS, noise_for
from web.audit.auditing import note_act
from web.day import local_day
from web.gate import user_name
from web.handed_in import HandedIn, handed_in
from web.jobs import Finish
from web.loudness.kept import (
    HIGHEST_CEILING_DBA,
    LEAST_DBA,
    LOWEST_CEILING_DBA,
    MOST_DBA,
    USUAL_CEILING_DBA,
    Reading,
)
from web.messages.origin import one_line
from web.schedule.week import edition_on_desk
from web.settings.volume import STEPS, sounding_now, why_not
from web.words import begun

loudness = Blueprint("loudness", __name__, url_prefix="/settings/loudness")

_POINTS = ".," + chr(0xFF0C) + chr(0x3002)  # what a phone types for a decimal point, the full-width ones too
_NUMBER = re.compile(rf"[0-9]{{2,3}}([{_POINTS}][0-9])?")
_LONG_AGO = timedelta(hours=1)  # a reading is written down while one stands there


@loudness.get("/")
def edit() -> str:
    """Show how it is done, what was read, and the ceiling."""
    return _page(handed_in())


@loudness.post("/play")
def play() -> ResponseReturnValue:
    """Let the loudspeaker make the test sound at a volume, as a page: limits and quiet hours hold."""
    house, who = handed_in(), user_name()
    given = request.form.get("chosen", "")
    percent = int(given) if given.isascii() and given.isdecimal() and len(given) <= 3 and int(given) in STEPS else 0
    if not percent:
        flash(_("请选一个音量。"), "bad")
        return redirect(url_for("loudness.edit"), 303)
    note_act(new=f"{percent}%")
    title = _("测试音")
    page = url_for("loudness.edit", chosen=percent)

    def sound(report: ReportProgress) -> Finish:
        report(Progress(0, 2, _("正在准备测试音")))
        clip = noise_for(ClipLibrary(house.clips), house.installed.settings.audio.loudspeaker)
        report(Progress(1, 2, _("正在送到喇叭")))
        bulletin = house.handing_over.hand_over(clip, _("（测试音，没有话）"), title)
        reply = house.speaker.play(
            bulletin=bulletin.id, origin="panel", who=who, volume_percent=percent, repeat=1, occasion=title
        )
        if isinstance(reply, Refused):
            raise why_not(reply)
        said = _("提示音过后响 %(seconds)s 秒。读分贝数，等它响完，填在下面。", seconds=SECONDS)
        waits = begun(reply.ahead) if reply.ahead else ""
        return Finish(page=f"{page}&airing={reply.airing or 0}#reading", said=f"{waits}{said}")

    job = house.jobs.submit(_("正在准备测试音"), sound, back=page)
    return redirect(url_for("work.show", job_id=job.id), 303)


@loudness.post("/reading")
def read() -> ResponseReturnValue:
    """Keep what the meter read of the test sound that was played last."""
    house = handed_in()
    typed = request.form.get("dba", "").strip()
    place, meter = (one_line(request.form.get(name, "")) for name in ("place", "meter"))
    sounded = _last_sound(house)
    faults = _faults(typed, place, meter, sounded)
    if faults or sounded is None:
        return _page(house, typed=typed, place=place, meter=meter, faults=faults), 400
    reading = Reading(
        at=sounded.started or house.clock.now(),
        who=user_name(),
        dba=_dba(typed) or 0.0,
        volume_percent=sounded.volume_percent,
        place=place,
        meter=meter,
        airing=sounded.id,
    )
    house.loudness.add(reading)
    note_act(target=place, new=f"{reading.dba:g} dB(A), {reading.volume_percent}%, {meter}")
    flash(_("记下了。从今天起，“记录”的每个月里有响度。"))
    return redirect(url_for("loudness.edit"), 303)


@loudness.post("/ceiling")
def limit() -> ResponseReturnValue:
    """Keep another ceiling."""
    house, typed = handed_in(), request.form.get("ceiling", "").strip()
    now = house.loudness.read().ceiling_dba
    is_number = typed.isascii() and typed.isdecimal() and len(typed) <= 3
    if not is_number or not LOWEST_CEILING_DBA <= int(typed) <= HIGHEST_CEILING_DBA:
        told = _("上限要写 %(least)s 到 %(most)s 之间的整数。", least=LOWEST_CEILING_DBA, most=HIGHEST_CEILING_DBA)
        return _page(house, faults=[told]), 400
    note_act(old=f"{now} dB(A)", new=f"{typed} dB(A)")
    house.loudness.set_ceiling(int(typed))
    flash(_("上限改好了。"))
    return redirect(url_for("loudness.edit"), 303)


def _faults(typed: str, place: str, meter: str, sounded: Airing | None) -> list[str]:
    found = []
    dba = _dba(typed)
    if dba is None or not LEAST_DBA <= dba <= MOST_DBA:
        found.append(_("分贝数要写 %(least)g 到 %(most)g 之间的数，比如 68。", least=LEAST_DBA, most=MOST_DBA))
    if not place or max(len(place), len(meter)) > LONGEST_LINE:
        found.append(_("请写在哪里读的，%(most)s 个字以内。", most=LONGEST_LINE))
    if sounded is None:
        found.append(_("一个小时以内没有响完的测试音。请先播一次，等它响完再填。"))
    return found


def _dba(typed: str) -> float | None:
    return float(re.sub(f"[{_POINTS}]", ".", typed)) if _NUMBER.fullmatch(typed) else None


def _last_sound(house: HandedIn) -> Airing | None:
    """Return the last test sound that sounded whole, where it is not long ago."""
    try:
        house.records.fetch(lambda after: house.speaker.records(changed_after=after))
    except SpeakerAway:
        return None
    now = house.clock.now()
    today = local_day(now, house.on_air())
    rows = house.records.between(today - timedelta(days=1), today + timedelta(days=1))
    whole = [row for row in rows if row.outcome is Outcome.AIRED and any(one.engine == NOISE for one in row.said)]
    recent = [row for row in whole if row.started is not None and now - _LONG_AGO <= row.started <= now]
    return max(recent, key=_start, default=None)


def _start(row: Airing) -> datetime:
    assert row.started is not None  # noqa: S101 - asked for before
    return row.started


def _page(
    house: HandedIn, *, typed: str = "", place: str = "", meter: str = "", faults: list[str] | None = None
) -> str:
    kept, programme = house.loudness.read(), edition_on_desk(house).programme
    asked = request.args.get("chosen", "")
    chosen = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) <= 3 else programme.volume_percent
    last = kept.readings[-1] if kept.readings else None
    return render_template(
        "settings/loudness.html",
        kept=kept,
        steps=STEPS,
        chosen=min(STEPS, key=lambda step: abs(step - chosen)),
        typed=typed,
        place=place or (last.place if last else ""),
        meter=meter or (last.meter if last else ""),
        seconds=SECONDS,
        faults=faults or [],
        longest=LONGEST_LINE,
        usual=USUAL_CEILING_DBA,
        lowest=LOWEST_CEILING_DBA,
        highest=HIGHEST_CEILING_DBA,
        sounding=sounding_now(house),
        local=lambda instant: f"{instant.astimezone(ZoneInfo(programme.timezone)):%Y-%m-%d %H:%M}",
    )
