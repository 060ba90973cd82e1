"""今天: what was aired, what sounds, what is next; play, stop, and putting the programme on air."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from box.aside import all_aside
from box.checkup import kept_checkup
from box.sentences import Sentence, XiaolabaError
from programme.calendar_end import ending_soon as calendar_end
from programme.publication import Publication
from programme.unusual import unusual_on
from speaker.client import SpeakerAway
from speaker.protocol import Refused, Status
from speaker.record import Airing
from speaker.trust.states import Trust
from speaker.words import clock_sentence
from web.clock import is_asked_for
from web.contacts import contact_lines
from web.day import Day, day_by_programme, day_by_speaker, local_day, without_the_time
from web.desk import OnDesk
from web.gate import user_name
from web.handed_in import HandedIn, handed_in
from web.language import as_sentence, listed
from web.messages.unsaved import unsaved_now
from web.messages.validity import ending_soon
from web.quiet import LONGEST_WHY, choices
from web.reviews.proposing import is_for
from web.saving import put_on_air
from web.words import about, begun
from web.zones.applied import applied_today
from web.zones.urgent_now import urgent_now

today = Blueprint("today", __name__)
ASIDE_IS_TOLD = timedelta(days=7)
CHECKUP_IS_TOLD = timedelta(hours=3)  # it is made every hour
OF_THE_MACHINE = ("supply", "heat", "wear", "read-only", "disk")  # the beginnings of the codes of what was found
_LOG = logging.getLogger(__name__)


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
    edition = on_desk.edition
    plan = on_air or (edition.programme if edition else None)
    status: Status | None = None
    troubles: list[Trouble] = []
    try:
        status = house.speaker.status()
    except SpeakerAway as error:
        troubles.append(Trouble(_("%(why)s下面是按计划的安排。", why=as_sentence(error.sentence)), "bad"))
    day = day_of(house, status)
    troubles += _troubles(status, on_desk, on_air)
    troubles += _put_aside(house)
    troubles += _of_the_machine(house)
    if edition is not None:
        here = local_day(house.clock.now(), edition.programme)
        troubles += [Trouble(told) for told in ending_soon(edition.programme, here)]
        if told := unsaved_now(house, edition):
            troubles.append(Trouble(told, "next"))
        end = calendar_end(edition.programme, here)
        if end is not None:
            troubles.append(Trouble(as_sentence(end)))
    reached = applied_today(house)
    if isinstance(reached, XiaolabaError):
        troubles.append(Trouble(as_sentence(reached.sentence)))
        reached = None
    urgent = urgent_now(house) if reached is not None else None
    own = house.own_on_air()
    quiet_until, quiet_usual = choices(house.clock.now(), plan)
    tomorrow, contacts = tomorrow_of(house), contact_lines(status)
    clock_waits = status is not None and status.clock.waits
    clock_asked = status is not None and is_asked_for(status.clock)
    return render_template(
        "_today.html" if "live" in request.args else "today.html",
        day=day,
        zone=plan.zone if plan else "",
        troubles=troubles,
        draft=own is None,
        startable=bool(edition and edition.programme.broadcasts),
        to_review=sum(is_for(house, user_name(), one) for one in house.proposals.waiting()),
        waiting=bool(own and edition and own.revision != edition.revision and not house.jobs.busy()),
        away=status is None,
        key=_key(day, troubles, on_air, tomorrow, clock_waits, clock_asked, contacts, reached, urgent),
        reached=reached,
        going_on=urgent,
        contacts=contacts,
        tomorrow=tomorrow,
        about=about,
        quiet_until=quiet_until,
        quiet_usual=quiet_usual,
        longest_why=LONGEST_WHY,
        clock_waits=clock_waits,
        clock_asked=clock_asked,
        can_put_back=on_desk.broken and edition is not None,
    )


def tomorrow_of(house: HandedIn) -> tuple[Sentence, ...]:
    """Return what is not as usual tomorrow."""
    edition = house.desk.on_desk().edition
    plan = house.both_layers(edition.programme) if edition else house.on_air()
    if plan is None:
        return ()
    return unusual_on(plan, local_day(house.clock.now(), plan) + timedelta(days=1))


def day_of(house: HandedIn, status: Status | None) -> Day:
    """Return today as the speaker tells it, or as planned where it is away or has nothing to tell."""
    edition, now = house.desk.on_desk().edition, house.clock.now()
    plan = house.on_air() or (edition.programme if edition else None)
    if status is not None and status.timezone and (status.today or status.sounding or status.quiet_request):
        day = day_by_speaker(status, plan, now)
    else:
        day = day_by_programme(plan, _records(house, local_day(now, plan)), now)
    timeless = status is not None and status.clock.trust is Trust.UNTRUSTED
    return without_the_time(day) if timeless else day


@today.post("/play")
def play() -> ResponseReturnValue:
    """Play a broadcast or a message now."""
    broadcast, message = request.form.get("broadcast"), request.form.get("message")
    back = redirect(url_for("messages.every" if message else "today.show"), 303)
    if bool(broadcast) == bool(message) or len(broadcast or message or "") > 64:
        flash(_("请先选要播哪一个，再点播放。"), "bad")
        return back
    try:
        reply = handed_in().speaker.play(
            broadcast=broadcast or None, message=message or None, origin="panel", who=user_name()
        )
    except SpeakerAway as error:
        flash(_("没有播：%(why)s", why=as_sentence(error.sentence)), "bad")
        return back
    if isinstance(reply, Refused):
        flash(_("没有播：%(why)s", why=as_sentence(reply)), "bad")
    else:
        flash(begun(reply.ahead))
    return back


@today.post("/stop")
def stop() -> ResponseReturnValue:
    """Silence what sounds now."""
    try:
        reply = handed_in().speaker.stop(user_name())
    except SpeakerAway as error:
        flash(_("没有停下来：%(why)s", why=as_sentence(error.sentence)), "bad")
    else:
        if isinstance(reply, Refused):
            flash(as_sentence(reply), "bad")
        else:
            flash(_("停了。下一次广播照常。"))
    return redirect(url_for("today.show"), 303)


@today.post("/on-air")
def on_air() -> ResponseReturnValue:
    """Put the programme on air as it stands."""
    house = handed_in()
    page = url_for("today.show")
    job = house.jobs.submit(_("正在准备播出"), lambda report: put_on_air(house, page, report), back=page)
    return redirect(url_for("work.show", job_id=job.id), 303)


def _troubles(status: Status | None, on_desk: OnDesk, on_air: Publication | None) -> list[Trouble]:
    found = []
    if status is not None:
        for alarm in status.alarms:
            if alarm.code != "nothing-on-air":
                found.append(Trouble(as_sentence(alarm), "bad"))
            elif on_air is not None:  # else the page says so itself, with the button that mends it
                found.append(Trouble(_("正在送到喇叭，请等几秒。要是一直这样，请重新接通设备电源。")))
        if status.clock.wants_checking:
            found.append(Trouble(as_sentence(clock_sentence(status.clock, status.now)), "poor"))
        if status.card == "recorder":
            found.append(Trouble(_("没有接声卡，现在只录音、不出声。接上声卡，再重新启动就能响。"), "poor"))
    if on_desk.unreadable:
        found.append(Trouble(as_sentence(on_desk.unreadable), "bad"))
    for fault in on_desk.faults[:5]:
        where = _("第 %(line)s 行：", line=fault.line) if fault.line else ""
        told = _("节目文件有错，还在播上一次好的。%(where)s%(what)s", where=where, what=as_sentence(fault))
        found.append(Trouble(told, "bad"))
    if on_air is not None:
        names = listed(_("《%(title)s》", title=message.title) for message in on_air.messages if message.stand_in)
        if names:
            found.append(Trouble(_("%(titles)s现在用的是备用声音，联网以后会换成好听的。", titles=names), "poor"))
    return found


def _records(house: HandedIn, day: date) -> tuple[Airing, ...]:
    """Return the copied records of a day; none where the storage does not give them: the plan is shown all the same."""
    try:
        return house.records.on(day)
    except XiaolabaError as error:
        _LOG.warning("%s", error)
        return ()


def _put_aside(house: HandedIn) -> list[Trouble]:
    """Tell for a week of each file that was found damaged: the storage is failing."""
    since = house.clock.now() - ASIDE_IS_TOLD
    names = {one.name for one in all_aside(house.folder) if one.at >= since}
    if not names:
        return []
    told = _(
        "存储卡上有文件坏过（%(names)s）：坏的另存着，现在用的是上一次好的。请安装人员检查存储卡，最好换一张。",
        names=listed(sorted(names)),
    )
    return [Trouble(told)]


def _of_the_machine(house: HandedIn) -> list[Trouble]:
    """Tell what the last check found of the board and the storage, of which nobody else here tells."""
    last = kept_checkup(house.installed.checkup)
    if last is None or house.clock.now() - last.at > CHECKUP_IS_TOLD:
        return []
    found = (one for one in last.findings if one.state == "wrong" and one.code.startswith(OF_THE_MACHINE))
    return [Trouble(as_sentence(one.what)) for one in found]


def _key(day: Day, troubles: list[Trouble], on_air: Publication | None, *more: object) -> str:
    revision = on_air.revision if on_air else ""
    state = f"{day.key}{[trouble.sentence for trouble in troubles]}{revision}{more}"
    return hashlib.sha256(state.encode()).hexdigest()[:16]
