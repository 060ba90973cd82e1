"""今天: what was aired, what sounds, what is next; play, stop, and putting the programme on air."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from programme.publication import Publication
from speaker.client import SpeakerAway
from speaker.protocol import Refused, Status
from web.day import Day, day_by_programme, day_by_speaker, local_day
from web.desk import OnDesk
from web.gate import user_name
from web.handed_in import handed_in
from web.saving import put_on_air
from web.words import about

today = Blueprint("today", __name__)


@dataclass(frozen=True)
class Trouble:
    """Something that needs a person: the sentence, and how grave it is (a tone)."""

    sentence: str
    tone: str = "poor"


@today.get("/")
def show() -> ResponseReturnValue:
    """Show the day; ``?live`` gives only the part that a script draws anew."""
    house = handed_in()
    on_desk = house.desk.on_desk()
    on_air = house.on_air()
    now = house.clock.now()
    edition = on_desk.edition
    plan = on_air or (edition.programme if edition else None)
    status: Status | None = None
    troubles: list[Trouble] = []
    try:
        status = house.speaker.status()
    except SpeakerAway as error:
        troubles.append(Trouble(f"{error.sentence.zh}。下面是按计划的安排。", "bad"))
    if status is not None and (status.today or status.sounding):
        day = day_by_speaker(status, plan, now)
    else:
        day = day_by_programme(plan, house.records.on(local_day(now, plan)), now)
    troubles += _troubles(status, on_desk, on_air)
    return render_template(
        "_today.html" if "live" in request.args else "today.html",
        day=day,
        zone=plan.zone if plan else "",
        troubles=troubles,
        draft=on_air is None,
        waiting=bool(on_air and edition and on_air.revision != edition.revision and not house.jobs.busy()),
        away=status is None,
        key=_key(day, troubles, on_air),
        about=about,
    )


@today.post("/play")
def play() -> ResponseReturnValue:
    """Play a broadcast or a message now."""
    broadcast, message = request.form.get("broadcast"), request.form.get("message")
    back = redirect(url_for("messages.every" if message else "today.show"), 303)
    if bool(broadcast) == bool(message) or len(broadcast or message or "") > 64:
        flash("请先选要播哪一个，再点播放。", "bad")
        return back
    try:
        reply = handed_in().speaker.play(
            broadcast=broadcast or None, message=message or None, origin="panel", who=user_name()
        )
    except SpeakerAway as error:
        flash(f"没有播：{error.sentence.zh}。", "bad")
        return back
    if isinstance(reply, Refused):
        flash(f"没有播：{reply.zh}", "bad")
    else:
        flash("开始播了。")
    return back


@today.post("/stop")
def stop() -> ResponseReturnValue:
    """Silence what sounds now."""
    try:
        reply = handed_in().speaker.stop(user_name())
    except SpeakerAway as error:
        flash(f"没有停下来：{error.sentence.zh}。", "bad")
    else:
        if isinstance(reply, Refused):
            flash(reply.zh, "bad")
        else:
            flash("停了。下一次广播照常。")
    return redirect(url_for("today.show"), 303)


@today.post("/on-air")
def on_air() -> ResponseReturnValue:
    """Put the programme on air as it stands."""
    house = handed_in()
    page = url_for("today.show")
    job = house.jobs.submit("正在准备播出", lambda report: put_on_air(house, page, report), back=page)
    return redirect(url_for("work.show", job_id=job.id), 303)


def _troubles(status: Status | None, on_desk: OnDesk, on_air: Publication | None) -> list[Trouble]:
    found = []
    if status is not None:
        for alarm in status.alarms:
            if alarm.code != "nothing-on-air":
                found.append(Trouble(alarm.zh, "bad"))
            elif on_air is not None:  # else the page says so itself, with the button that mends it
                found.append(Trouble("正在送到喇叭，请等几秒。要是一直这样，请重新接通设备电源。"))
        if status.card == "recorder":
            found.append(Trouble("没有接声卡，现在只录音、不出声。接上声卡，再重新启动就能响。", "poor"))
    if on_desk.unreadable:
        found.append(Trouble(on_desk.unreadable.zh, "bad"))
    for fault in on_desk.faults[:5]:
        where = f"第 {fault.line} 行：" if fault.line else ""
        found.append(Trouble(f"节目文件有错，还在播上一次好的。{where}{fault.zh}", "bad"))
    if on_air is not None:
        names = [f"《{message.title}》" for message in on_air.messages if message.stand_in]
        if names:
            found.append(Trouble(f"{'、'.join(names)}现在用的是备用声音，联网以后会换成好听的。", "poor"))
    return found


def _key(day: Day, troubles: list[Trouble], on_air: Publication | None) -> str:
    revision = on_air.revision if on_air else ""
    state = f"{day.key}{[trouble.sentence for trouble in troubles]}{revision}"
    return hashlib.sha256(state.encode()).hexdigest()[:16]
