"""全体插播: the same words in many yards at the same second: chosen, confirmed with the PIN, followed yard by yard."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from contextlib import suppress
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from box.sentences import XiaolabaError
from fleet.hub import protocol as p
from fleet.hub import urgent_protocol as u
from programme.publication import SAMPLE_RATE_HZ, PublishedMessage
from speaker.client import SpeakerAway
from speaker.protocol import Refused
from tts.clip import Progress, ReportProgress
from web.audit.auditing import note_act
from web.gate import user_name
from web.handed_in import HandedIn, handed_in
from web.jobs import Finish
from web.language import as_sentence
from web.say.page import LONGEST_OCCASION, REPEATS
from web.words import about
from web.zones.field import field_of, zones_words
from web.zones.hub import hub_here
from web.zones.tiles import as_counted
from web.zones.typed_urgent import TypedUrgent, typed_urgent
from web.zones.urgent_look import Line, grouped, is_over, lines_of, tally
from web.zones.urgent_now import SaidHere
from web.zones.urgent_words import urgent_words

urgent = Blueprint("urgent", __name__, url_prefix="/zones/urgent")
_LOG = logging.getLogger(__name__)

# For the order to reach the last yard and be armed there: hub and broker have 1.35 ms of work for each, and a
# Pi is some five times slower (docs/scaling.md).
IN_SECONDS, SECONDS_A_YARD, MOST_SECONDS = 6.0, 0.006, 60.0
LATE_OK_SECONDS = 10  # a yard that is later would say it alone, when the others are through
ALL = "all"
UNTYPED = TypedUrgent()


def seconds_ahead(yards: int) -> float:
    """Return how long before its instant what ``yards`` yards say at once is ordered."""
    return min(IN_SECONDS + SECONDS_A_YARD * yards, MOST_SECONDS)


@urgent.get("/new/<bulletin_id>")
def choose(bulletin_id: str) -> str:
    """Show what is to be said, and let her choose where."""
    return _choose(_bulletin(bulletin_id))


@urgent.post("/new/<bulletin_id>")
def prepare(bulletin_id: str) -> ResponseReturnValue:
    """Have the chosen yards fetch the sound, in a job: it is compressed first."""
    bulletin, hub, who = _bulletin(bulletin_id), hub_here(), user_name()
    known = hub.zones()
    may_be = {ALL, *(f"group:{group}" for group in _groups(known)), *(zone.name for zone in _members(known))}
    chosen = tuple(dict.fromkeys(one for one in request.form.getlist("zones") if one in may_be))
    if not chosen:
        return _choose(bulletin, faults=[_("请选在哪些小区播。")]), 400
    note_act(target=bulletin.title, new=zones_words(chosen))
    words, studio = urgent_words(handed_in(), bulletin), handed_in().studio
    zones = (ALL,) if ALL in chosen else chosen

    def send(report: ReportProgress) -> Finish:
        report(Progress(0, 1, _("正在送到各小区")))
        asked = words.asked(zones, known.zones, studio, who, report)
        return Finish(page=f"/zones/urgent/{hub.prepare(asked).urgent}?own={bulletin.id}")

    job = handed_in().jobs.submit(_("正在送到各小区"), send, back=url_for("urgent.choose", bulletin_id=bulletin_id))
    return redirect(url_for("work.show", job_id=job.id), 303)


@urgent.get("/<urgent_id>")
def show(urgent_id: str) -> str:
    """Show yard by yard how it stands; ``?live`` gives only the part that a script draws anew."""
    return _page(urgent_id)


@urgent.post("/<urgent_id>")
def say(urgent_id: str) -> ResponseReturnValue:
    """Have it sound everywhere at the same second, if the PIN is right; here too, where she wants that."""
    house, hub, who = handed_in(), hub_here(), user_name()
    typed = typed_urgent(request.form)
    if faults := typed.faults:
        return _page(urgent_id, typed=typed, faults=faults), 400
    try:
        state = hub.urgent(urgent_id)
        note_act(target=state.title, new=typed.noted)
        saying = hub.say(
            u.SayUrgent(
                urgent=urgent_id,
                pin=typed.pin,
                occasion=typed.occasion,
                in_seconds=seconds_ahead(len(state.zones)),
                late_ok_seconds=LATE_OK_SECONDS,
                priority=typed.priority,
                repeat=typed.repeat,
                who=who,
            )
        )
    except XiaolabaError as error:
        told = _("没有播：%(why)s", why=as_sentence(error.sentence))
        return _page(urgent_id, typed=typed, faults=[told]), 409
    own = request.form.get("own", "")
    if typed.here and own:

        def sound_here() -> object:
            return house.speaker.play(
                bulletin=own,
                priority=typed.priority,
                origin="panel",
                who=who,
                repeat=typed.repeat,
                occasion=typed.occasion,
                at=saying.starts_at,
            )

        try:
            SaidHere(house.folder).note(urgent_id)
        except OSError as error:  # it is said here all the same
            _LOG.warning("that %s is said here was not kept: %s", urgent_id, error)
        _here(sound_here)
    return redirect(url_for("urgent.show", urgent_id=urgent_id, own=own), 303)


@urgent.post("/<urgent_id>/stop")
def stop(urgent_id: str) -> ResponseReturnValue:
    """Silence it in every yard, also where it is only armed; and here, if it was said here."""
    house, own = handed_in(), request.form.get("own", "")
    if own or SaidHere(house.folder).was(urgent_id):  # first: the hub may be away, or take its time
        _here(lambda: house.speaker.stop(user_name()))
    hub = hub_here()
    hub.stop(urgent_id, user_name())
    with suppress(XiaolabaError):  # it is stopped: how it is called is for the audit log only
        note_act(target=hub.urgent(urgent_id).title)
    flash(_("已经让各小区停止。"))
    return redirect(url_for("urgent.show", urgent_id=urgent_id, own=own), 303)


def _here(act: Callable[[], object]) -> None:
    """Do it with this yard's own loudspeaker, and say if that failed: the others have their order already."""
    try:
        reply = act()
    except SpeakerAway as error:
        flash(_("本小区没有照做：%(why)s", why=as_sentence(error.sentence)), "bad")
        return
    if isinstance(reply, Refused):
        flash(_("本小区没有照做：%(why)s", why=as_sentence(reply)), "bad")


def _page(urgent_id: str, *, typed: TypedUrgent = UNTYPED, faults: list[str] | None = None) -> str:
    hub, house = hub_here(), handed_in()
    state, known = hub.urgent(urgent_id), hub.zones()
    if state.urgent is None:
        abort(404, _("这一条已经不在了，请回到“插播”再写一次。"))
    lines = lines_of(state, known)
    own = request.values.get("own", "")
    bulletin = house.handing_over.board.find(own) if own else None
    over = is_over(state, house.clock.now())
    plan = house.on_air()
    zone = ZoneInfo(plan.timezone if plan else "Asia/Shanghai")
    return render_template(
        "zones/_urgent.html" if "live" in request.args else "zones/urgent.html",
        state=state,
        groups=grouped(lines),
        tally=tally(state, lines),
        fetching=0 if state.starts_at or state.stopped else sum(line.look.tone == "next" for line in lines),
        over=over,
        own=bulletin.id if bulletin else "",
        own_clips=[
            (line.zone, line.clip) for line in sorted(lines, key=lambda line: as_counted(line.zone)) if line.clip
        ],
        local=lambda instant: f"{instant.astimezone(zone):%H:%M:%S}",
        typed=typed,
        repeats=REPEATS,
        longest=LONGEST_OCCASION,
        faults=faults or [],
        key=_key(state, lines, over=over),
    )


def _key(state: u.UrgentState, lines: list[Line], *, over: bool) -> str:
    """Return what changes when something on the page does."""
    shown = [state.stopped, over, *((line.name, line.look.word, line.why) for line in lines)]
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]


def _choose(bulletin: PublishedMessage, *, faults: list[str] | None = None) -> str:
    known, words = hub_here().zones(), urgent_words(handed_in(), bulletin)
    return render_template(
        "zones/urgent_choose.html",
        bulletin=bulletin,
        words=words,
        here=handed_in().zone,
        length=about(bulletin.frames / SAMPLE_RATE_HZ),
        one=words.takes(1),
        every=words.takes(len(_members(known))),
        zones=_members(known),
        field=field_of(_members(known), (ALL,), chosen=request.form.getlist("zones") or (ALL,)),
        away=sum(not zone.online for zone in _members(known)),
        faults=faults or [],
    )


def _bulletin(bulletin_id: str) -> PublishedMessage:
    house: HandedIn = handed_in()
    bulletin = house.handing_over.board.find(bulletin_id)
    if bulletin is None:
        abort(404, _("这段插播已经不在了，请回到“插播”再写一次。"))
    return bulletin


def _members(known: p.Zones) -> list[p.Zone]:
    return [zone for zone in known.zones if zone.standing == "member"]


def _groups(known: p.Zones) -> list[str]:
    return sorted({group for zone in _members(known) for group in zone.groups})
