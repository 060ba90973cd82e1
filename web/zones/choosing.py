"""哪些小区: for which yards an entry of a hub's programme is: its own, all, groups of them, or chosen ones."""

from __future__ import annotations

from typing import Literal, cast

import msgspec
from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from programme.model import Broadcast, DayException, Message, Programme
from tts.clip import ReportProgress
from web.audit.auditing import note_act
from web.gate import user_name
from web.handed_in import handed_in
from web.jobs import Finish
from web.schedule.exception_form import marked
from web.schedule.saving import GoneMeanwhile, save_change
from web.schedule.week import edition_on_desk
from web.zones.field import both, field_of, zones_in, zones_words
from web.zones.hub import hub_here

zone_choice = Blueprint("zone_choice", __name__, url_prefix="/zones/for")

Kind = Literal["message", "broadcast", "exception"]
KINDS = ("message", "broadcast", "exception")


@zone_choice.get("/<kind>/<entry>")
def ask(kind: str, entry: str) -> str:
    """Show what there is to choose from."""
    return _page(kind, entry)


@zone_choice.post("/<kind>/<entry>")
def choose(kind: str, entry: str) -> ResponseReturnValue:
    """Save for whom it is. What a broadcast says is then for the same yards too, where that is wished."""
    house, author = handed_in(), user_name()
    found = _found(edition_on_desk(house).programme, kind, entry)
    zones = zones_in(request.form, field_of(hub_here().zones().zones, found.zones))
    if zones is None:
        return _page(kind, entry, [_("请至少勾选一个小区。")]), 400
    carried = request.form.get("messages") == "too"
    note_act(target=entry, old=zones_words(found.zones), new=zones_words(zones))

    def changed(programme: Programme) -> Programme:
        if entry_of(programme, kind, entry) is None:
            raise GoneMeanwhile
        return with_zones(programme, cast(Kind, kind), entry, zones, carried=carried)

    page, said = _page_of(kind, entry), _("已经保存。总站马上发给这些小区，到“各小区”看它们用上了没有。")

    def save(report: ReportProgress) -> Finish:
        return save_change(house, changed, author=author, page=page, said=said, report=report)

    job = house.jobs.submit(_("正在保存"), save, back=url_for("zone_choice.ask", kind=kind, entry=entry))
    return redirect(url_for("work.show", job_id=job.id), 303)


def entry_of(programme: Programme, kind: str, entry: str) -> Message | Broadcast | DayException | None:
    """Return that message or broadcast by its id, or that exception by its mark; None where there is none."""
    if kind == "message":
        return programme.message(entry)
    return programme.broadcast(entry) if kind == "broadcast" else marked(programme, entry)


def with_zones(programme: Programme, kind: Kind, entry: str, zones: tuple[str, ...], *, carried: bool) -> Programme:
    """Return the programme with that entry for ``zones``; ``carried``: the messages of a broadcast are for them too."""
    replace = msgspec.structs.replace
    if kind == "message":
        messages = tuple(replace(one, zones=zones) if one.id == entry else one for one in programme.messages)
        return replace(programme, messages=messages)
    if kind == "exception":
        former = marked(programme, entry)
        every = tuple(replace(one, zones=zones) if one == former else one for one in programme.exceptions)
        return replace(programme, exceptions=every)
    broadcast = programme.broadcast(entry)
    said = broadcast.messages if broadcast and carried else ()
    return replace(
        programme,
        broadcasts=tuple(replace(one, zones=zones) if one.id == entry else one for one in programme.broadcasts),
        messages=tuple(
            replace(one, zones=both(one.zones, zones)) if one.id in said else one for one in programme.messages
        ),
    )


def _found(programme: Programme, kind: str, entry: str) -> Message | Broadcast | DayException:
    found = entry_of(programme, kind, entry) if kind in KINDS else None
    if found is None:
        abort(404, _("没有这一项，可能已经被改过或者删掉了。请退回去再找一找。"))
    return found


def _page(kind: str, entry: str, faults: list[str] | None = None) -> str:
    found = _found(edition_on_desk(handed_in()).programme, kind, entry)
    return render_template(
        "zones/choose.html",
        kind=kind,
        entry=entry,
        name=_name_of(found),
        back=_page_of(kind, entry),
        field=field_of(hub_here().zones().zones, found.zones, request.form),
        faults=faults or [],
    )


def _name_of(found: Message | Broadcast | DayException) -> str:
    if isinstance(found, Message):
        return found.title
    return f"{found.at:%H:%M}" if isinstance(found, Broadcast) else found.reason


def _page_of(kind: str, entry: str) -> str:
    if kind == "message":
        return url_for("messages.edit", message_id=entry)
    return url_for("broadcasts.edit", broadcast_id=entry) if kind == "broadcast" else url_for("schedule.show")
