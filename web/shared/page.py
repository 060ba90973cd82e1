"""社区统一: a message of the community, read-only, and 建议修改: what the yard would have otherwise."""

from __future__ import annotations

import secrets

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from programme.checking import LONGEST_LINE, LONGEST_TEXT
from programme.publication import Publication, PublishedMessage
from programme.shared import is_from_hub
from programme.wish import Wish
from tts.unfitted import unfitted_in
from web.audit.auditing import note_act
from web.gate import user_name
from web.handed_in import HandedIn, handed_in
from web.language import as_sentence
from web.saving import tidy, without_unseen
from web.shared.cards import times_of
from web.shared.wishes import TooManyWishes

shared = Blueprint("shared", __name__, url_prefix="/shared")

LONGEST_NOTE = 100


@shared.get("/<entry_id>")
def show(entry_id: str) -> ResponseReturnValue:
    """Show the message, and the form to wish for other words."""
    house = handed_in()
    on_air, message = _found(house, entry_id)
    return _page(house, on_air, message, message.title, message.text)


@shared.post("/<entry_id>")
def propose(entry_id: str) -> ResponseReturnValue:
    """Keep what the yard wishes, for the agent to send. What is wrong with it comes back filled in."""
    house = handed_in()
    on_air, message = _found(house, entry_id)
    title, text = tidy(request.form.get("title", ""), request.form.get("text", ""))
    title, text = without_unseen(title), without_unseen(text)
    note = without_unseen(" ".join(request.form.get("note", "").split()))[:LONGEST_NOTE]
    faults = []
    if not title or len(title) > LONGEST_LINE or not text or len(text) > LONGEST_TEXT:
        faults.append(_("标题和要播的话都要写，也不能太长。"))
    elif (title, text) == (message.title, message.text):
        faults.append(_("和现在播的一样。请先改成您希望的样子。"))
    if faults:
        return _page(house, on_air, message, title, text, note=note, faults=faults), 400
    now = house.clock.now()
    wish = Wish(
        id=f"w-{now:%Y%m%d%H%M%S}-{secrets.token_hex(4)}",
        at=now,
        entry=entry_id,
        revision=on_air.shared,
        who=user_name()[:64],
        note=note,
        title=title,
        text=text,
    )
    try:
        house.wishes.put(wish)
    except TooManyWishes as error:
        return _page(house, on_air, message, title, text, note=note, faults=[as_sentence(error.sentence)]), 409
    note_act(target=entry_id, old=f"{message.title}\n{message.text}", new=f"{title}\n{text}")
    flash(_("建议已经交给社区。社区看过以后，这里会写明采纳了没有；在那以前照原来的播。"))
    return redirect(url_for("shared.show", entry_id=entry_id), 303)


def _found(house: HandedIn, entry_id: str) -> tuple[Publication, PublishedMessage]:
    on_air = house.on_air()
    message = on_air.message(entry_id) if on_air and is_from_hub(on_air, entry_id) else None
    if on_air is None or message is None:
        abort(404)
    return on_air, message


def _page(
    house: HandedIn,
    on_air: Publication,
    message: PublishedMessage,
    title: str,
    text: str,
    *,
    note: str = "",
    faults: list[str] | None = None,
) -> str:
    return render_template(
        "shared.html",
        message=message,
        hub=on_air.hub,
        times=times_of(on_air, message.id),
        title=title,
        text=text,
        note=note,
        faults=faults or [],
        waiting=house.wishes.waiting(message.id),
        settled=house.wishes.settled(message.id)[:5],
        longest_title=LONGEST_LINE,
        longest_text=LONGEST_TEXT,
        longest_note=LONGEST_NOTE,
        is_as_it_came=any(one.clip == message.clip for one in unfitted_in(house.folder)),
    )
