"""One broadcast of the schedule: a new one, a change of one, and taking one away, each looked at before it is saved."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import time
from urllib.parse import urlencode

import msgspec
from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from programme.aside import free_id, without_broadcast
from programme.checking import GAP_SECONDS, REPEAT
from programme.chimes import Chime
from programme.day_words import WHICH
from programme.festivals import TITLES as FESTIVALS
from programme.model import Broadcast, Programme
from programme.timetable import next_days
from tts.clip import ReportProgress
from web.day import local_day
from web.gate import user_name
from web.handed_in import HandedIn, handed_in
from web.jobs import Finish
from web.language import tell
from web.schedule.broadcast_form import NO_CHIME, BroadcastForm, acted, broadcast_in, form_in, form_of
from web.schedule.days_form import days_in
from web.schedule.foresight import Foreseeing, Foresight
from web.schedule.saving import GoneMeanwhile, put_aside, save_change
from web.schedule.week import edition_on_desk, gone
from web.schedule.words import after_cut_words, broadcast_words, chime_word, coming_words, length_words, weekday_names
from web.words import day_name, part_of_day
from web.zones.field import ZonesField, both, zones_field, zones_in

broadcasts = Blueprint("broadcasts", __name__, url_prefix="/schedule")

_LIST_ACTS = re.compile(r"(?:up|down|drop|undate)-[0-9]{1,3}|add|date")
COMING = 5  # dates shown of a broadcast
_GAPS = (0, 1, 2, 3, 5, 8, 10, 15, 20, 30, 45, 60)
_GRACES = (0, 5, 10, 15, 20, 30, 60, 120)
_VOLUMES = range(100, 0, -10)


@dataclass(frozen=True)
class Opened:
    """What the form was opened on: the broadcast's id (empty for a new one) and its mark at that time."""

    id: str = ""
    was: str = ""


@broadcasts.get("/new")
def new() -> ResponseReturnValue:
    """Show the form of a new broadcast; what was typed before is in it."""
    return _page(handed_in(), form_in(request.args), Opened())


@broadcasts.post("/new")
def add() -> ResponseReturnValue:
    """Look at, or save, a new broadcast."""
    house = handed_in()
    taken = [broadcast.id for broadcast in edition_on_desk(house).programme.broadcasts]
    # The instant is part of it: an id that was aired today and comes again would not be aired again today.
    return _sent(house, free_id(f"b-{house.clock.now():%y%m%d-%H%M%S}", taken), Opened())


@broadcasts.get("/at/<broadcast_id>")
def edit(broadcast_id: str) -> ResponseReturnValue:
    """Show the form of a broadcast; what was typed before is in it."""
    house = handed_in()
    broadcast = edition_on_desk(house).programme.broadcast(broadcast_id)
    if broadcast is None:
        return gone()
    if "at" in request.args:
        return _page(house, form_in(request.args), Opened(broadcast_id, request.args.get("was", "")))
    return _page(house, form_of(broadcast), Opened(broadcast_id, mark_of(broadcast)))


@broadcasts.post("/at/<broadcast_id>")
def change(broadcast_id: str) -> ResponseReturnValue:
    """Look at, or save, a change."""
    return _sent(handed_in(), broadcast_id, Opened(broadcast_id, request.form.get("was", "")))


@broadcasts.post("/at/<broadcast_id>/remove")
def remove(broadcast_id: str) -> ResponseReturnValue:
    """Take the broadcast away; it can be brought back."""
    house, author, page = handed_in(), user_name(), url_for("schedule.show")

    def take_away(report: ReportProgress) -> Finish:
        return put_aside(
            house,
            lambda programme: without_broadcast(programme, broadcast_id),
            author=author,
            page=lambda entry: f"{page}?undo={entry}",
            report=report,
        )

    job = house.jobs.submit(_("正在删掉时段"), take_away, back=page)
    return redirect(url_for("work.show", job_id=job.id), 303)


def mark_of(broadcast: Broadcast) -> str:
    """Return what tells one state of a broadcast from another."""
    return hashlib.sha256(msgspec.json.encode(broadcast)).hexdigest()[:16]


def with_broadcast(programme: Programme, broadcast: Broadcast) -> Programme:
    """Return the programme with ``broadcast`` in the place of the one of its id, or new, by its time."""
    if programme.broadcast(broadcast.id) is not None:
        every = tuple(broadcast if one.id == broadcast.id else one for one in programme.broadcasts)
        return msgspec.structs.replace(programme, broadcasts=every)
    earlier = [place for place, one in enumerate(programme.broadcasts, 1) if one.at <= broadcast.at]
    place = max(earlier, default=0)
    every = (*programme.broadcasts[:place], broadcast, *programme.broadcasts[place:])
    return msgspec.structs.replace(programme, broadcasts=every)


def _sent(house: HandedIn, broadcast_id: str, opened: Opened) -> ResponseReturnValue:
    form, act = form_in(request.form), request.form.get("act", "look")
    if request.form.get("new_date"):
        form = form_in(MultiDict([*form.fields(), ("date", request.form["new_date"])]))
    if _LIST_ACTS.fullmatch(act):
        return _page(house, acted(form, act, request.form.get("added", "")), opened)
    form = acted(form, "add", request.form.get("added", ""))  # chosen and not yet put into the list: it is meant too
    programme = edition_on_desk(house).programme
    broadcast, faults = broadcast_in(form, broadcast_id)
    if broadcast is None:
        return _page(house, form, opened, faults=faults), 400
    if opened.id and programme.broadcast(broadcast_id) is None:
        note = _("别人刚刚删掉了这个时段。您填的还在下面，按保存就是新加一个。")
        return _page(house, form, Opened(), faults=(note,)), 409
    current = programme.broadcast(broadcast_id)
    zones, field = current.zones if current else (), _zones(house, current, form)
    if field is not None and form.whom:
        chosen = zones_in(form.zones(), field)
        if chosen is None:
            return _page(house, form, opened, faults=(_("请至少勾选一个小区。"),)), 400
        zones = chosen
    broadcast = msgspec.structs.replace(broadcast, zones=zones)
    return _judged(house, form, broadcast, opened, to_save=act == "save")


def _judged(
    house: HandedIn, form: BroadcastForm, broadcast: Broadcast, opened: Opened, *, to_save: bool
) -> ResponseReturnValue:
    programme = edition_on_desk(house).programme
    current = programme.broadcast(broadcast.id)
    changed = _changed(programme, broadcast, form)
    foresight = Foreseeing(house).of_broadcast(programme, changed, broadcast.id)
    if not to_save:
        return _page(house, form, opened, foresight=foresight)
    if foresight.faults:
        return _page(house, form, opened, foresight=foresight), 400
    if current is not None and mark_of(current) != opened.was:
        return _page(house, form, opened, foresight=foresight), 409
    if foresight.warnings and request.form.get("read") != foresight.mark:
        return _page(house, form, opened, foresight=foresight, ask=True), 409
    return _save(house, form, broadcast, opened)


def _changed(programme: Programme, broadcast: Broadcast, form: BroadcastForm) -> Programme:
    """Return the programme with ``broadcast``; where zones were chosen, its messages are for them too if wished."""
    changed, zones = with_broadcast(programme, broadcast), broadcast.zones
    if not form.whom or not form.carry:
        return changed
    every = tuple(
        msgspec.structs.replace(one, zones=both(one.zones, zones)) if one.id in broadcast.messages else one
        for one in changed.messages
    )
    return msgspec.structs.replace(changed, messages=every)


def _zones(house: HandedIn, current: Broadcast | None, form: BroadcastForm) -> ZonesField | None:
    return zones_field(house, current.zones if current else (), form.zones() if form.whom else None)


def _save(house: HandedIn, form: BroadcastForm, broadcast: Broadcast, opened: Opened) -> ResponseReturnValue:
    author, page, said = user_name(), url_for("schedule.show"), _("已经保存，喇叭按新的时间播。")
    typed = urlencode([*form.fields(), ("was", opened.was)])
    form_page = url_for("broadcasts.edit", broadcast_id=opened.id) if opened.id else url_for("broadcasts.new")

    def changed(programme: Programme) -> Programme:
        current = programme.broadcast(broadcast.id)
        if current is not None if not opened.id else current is None or mark_of(current) != opened.was:
            raise GoneMeanwhile
        return _changed(programme, broadcast, form)

    def save(report: ReportProgress) -> Finish:
        return save_change(house, changed, author=author, page=page, said=said, report=report)

    job = house.jobs.submit(_("正在保存"), save, back=f"{form_page}?{typed}", kept=_("您填的都还在，没有丢。"))
    return redirect(url_for("work.show", job_id=job.id), 303)


def _page(
    house: HandedIn,
    form: BroadcastForm,
    opened: Opened,
    *,
    faults: tuple[str, ...] = (),
    foresight: Foresight | None = None,
    ask: bool = False,
) -> str:
    programme = edition_on_desk(house).programme
    current = programme.broadcast(opened.id) if opened.id else None
    stale = current is not None and mark_of(current) != opened.was
    days = days_in(form.days, [])
    today = local_day(house.clock.now(), programme)
    planned = Broadcast(id=opened.id, at=time(), days=days, messages=()) if days else None
    return render_template(
        "broadcast.html",
        form=form,
        opened=replace(opened, was=mark_of(current)) if current else opened,
        faults=[*faults, *(foresight.faults if foresight else ())],
        foresight=foresight,
        ask=ask,
        opened_zones=current.zones if current else (),
        zones_field=_zones(house, current, form),
        stale=broadcast_words(programme, current) if stale and current else (),
        chosen=[programme.message(name) for name in form.messages],
        programme=programme,
        weekdays=weekday_names(),
        which={which.value: tell(word) for which, word in WHICH.items()},
        festivals={festival.value: tell(word) for festival, word in FESTIVALS.items()},
        coming=coming_words(next_days(programme, planned, today, COMING), today) if planned else "",
        repeats=_with(range(REPEAT[0], REPEAT[1] + 1), form.repeat),
        gaps=_with((gap for gap in _GAPS if gap <= GAP_SECONDS[1]), form.gap_seconds),
        graces=_with(_GRACES, form.grace_minutes),
        after_cuts=[(rule.value, word) for rule, word in after_cut_words().items()],
        volumes=_with(_VOLUMES, form.volume),
        chimes=[*((chime.value, chime_word(chime)) for chime in Chime), (NO_CHIME, chime_word(None))],
        day_name=day_name,
        length_words=length_words,
        part_of_day=part_of_day,
    )


def _with(numbers: Iterable[int], chosen: str) -> list[str]:
    """Return the numbers to choose from as text, and the one that is chosen if it is none of them."""
    offered = [str(number) for number in numbers]
    return offered if chosen in offered or not chosen else [*offered, chosen]
