"""社区统一: a broadcast of the community, and 建议修改 for when it is aired: time, days, volume, or not here at all."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from msgspec.structs import replace as changed

from programme.model import Broadcast
from programme.publication import Publication
from programme.shared import is_from_hub
from programme.wish import Wish
from web.audit.auditing import note_act
from web.gate import user_name
from web.handed_in import HandedIn, handed_in
from web.language import as_sentence
from web.saving import without_unseen
from web.schedule.broadcast_form import form_in, form_of, number_in, time_in
from web.schedule.days_form import days_in
from web.schedule.words import days_words, weekday_names
from web.shared.page import LONGEST_NOTE
from web.shared.wishes import TooManyWishes

shared_times = Blueprint("shared_times", __name__, url_prefix="/shared/times")

KEEP = "keep"
LOUDEST = 100
_KINDS = {KEEP, "every", "workdays", "rest", "weekdays"}


@dataclass(frozen=True)
class Asked:
    """What the form holds, as it was typed."""

    at: str
    kind: str
    weekdays: tuple[str, ...]
    volume: str
    off: bool
    note: str


@shared_times.get("/<shared_broadcast>")
def show(shared_broadcast: str) -> ResponseReturnValue:
    """Show the broadcast, and the form to wish for another time."""
    house = handed_in()
    on_air, broadcast = _found(house, shared_broadcast)
    form = form_of(broadcast)
    return _page(house, on_air, broadcast, Asked(form.at, KEEP, (), form.volume, False, ""))


@shared_times.post("/<shared_broadcast>")
def propose(shared_broadcast: str) -> ResponseReturnValue:
    """Keep what the yard wishes, for the agent to send. What is wrong with it comes back filled in."""
    house = handed_in()
    on_air, broadcast = _found(house, shared_broadcast)
    asked = _asked()
    wanted, faults = _wanted(broadcast, asked)
    if not faults and not asked.off and wanted == broadcast:
        faults = [_("和现在播的一样。请先改成您希望的样子。")]
    if faults:
        return _page(house, on_air, broadcast, asked, faults), 400
    now = house.clock.now()
    wish = Wish(
        id=f"w-{now:%Y%m%d%H%M%S}-{secrets.token_hex(4)}",
        at=now,
        entry=broadcast.id,
        revision=on_air.shared,
        who=user_name()[:64],
        note=asked.note,
        broadcast=broadcast if asked.off else wanted,
        off=asked.off,
    )
    try:
        house.wishes.put(wish)
    except TooManyWishes as error:
        return _page(house, on_air, broadcast, asked, [as_sentence(error.sentence)]), 409
    note_act(target=broadcast.id, old=when_words(broadcast), new=wish_words(wish))
    flash(_("建议已经交给社区。社区看过以后，这里会写明采纳了没有；在那以前照原来的播。"))
    return redirect(url_for("shared_times.show", shared_broadcast=broadcast.id), 303)


def when_words(broadcast: Broadcast) -> str:
    """Return when it is aired and how loud, in words."""
    volume = broadcast.volume_percent
    loud = _("音量 %(volume)s", volume=volume) if volume is not None else _("音量照节目单")
    return f"{broadcast.at:%H:%M} · {days_words(broadcast.days)} · {loud}"


def wish_words(wish: Wish) -> str:
    """Return what a wish about a broadcast asks for, in words."""
    if wish.off or wish.broadcast is None:
        return _("本院不播这个时段")
    return when_words(wish.broadcast)


def _asked() -> Asked:
    form = form_in(request.form)
    return Asked(
        at=form.at,
        kind=form.days.kind if form.days.kind in _KINDS else KEEP,
        weekdays=form.days.weekdays,
        volume=form.volume,
        off="off" in request.form,
        note=without_unseen(" ".join(request.form.get("note", "").split()))[:LONGEST_NOTE],
    )


def _wanted(broadcast: Broadcast, asked: Asked) -> tuple[Broadcast, list[str]]:
    """Return the broadcast as the yard would have it, and what can't be understood."""
    faults: list[str] = []
    at, volume = time_in(asked.at), number_in(asked.volume) if asked.volume else broadcast.volume_percent
    if at is None:
        faults.append(_("请写几点几分播，比如 07:30。"))
    if asked.volume and (volume is None or volume > LOUDEST):
        faults.append(_("音量请写 0 到 100 的数字。"))
    days = broadcast.days if asked.kind == KEEP else days_in(form_in(request.form).days, faults)
    return changed(broadcast, at=at or broadcast.at, days=days or broadcast.days, volume_percent=volume), faults


def _found(house: HandedIn, broadcast_id: str) -> tuple[Publication, Broadcast]:
    on_air = house.on_air()
    broadcast = on_air.broadcast(broadcast_id) if on_air and is_from_hub(on_air, broadcast_id) else None
    if on_air is None or broadcast is None:
        abort(404)
    return on_air, broadcast


def _page(
    house: HandedIn, on_air: Publication, broadcast: Broadcast, asked: Asked, faults: list[str] | None = None
) -> str:
    said = [message for message in map(on_air.message, broadcast.messages) if message]
    return render_template(
        "shared_times.html",
        broadcast=broadcast,
        said=said,
        hub=on_air.hub,
        when=when_words(broadcast),
        asked=asked,
        weekdays=weekday_names(),
        faults=faults or [],
        waiting=house.wishes.waiting(broadcast.id),
        settled=house.wishes.settled(broadcast.id)[:5],
        wish_words=wish_words,
        longest_note=LONGEST_NOTE,
    )
