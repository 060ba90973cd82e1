"""社区总站: how this box stands to a community's hub, and the ticket by which it joins one."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from box.durable import replace_file
from fleet.agent.standing import JOIN_TICKET, standing_in
from fleet.agent.states import State
from web.audit.auditing import note_act
from web.handed_in import HandedIn, handed_in

joining = Blueprint("joining", __name__, url_prefix="/community")

LARGEST_TICKET_BYTES = 4096
ASKED_WITHIN_SECONDS = 12  # cli.run looks for a ticket every 5 s, then the agent starts and asks
_MEMBER = (State.JOINED, State.OFFLINE)


@joining.get("/")
def show() -> ResponseReturnValue:
    """Show how this box stands; with a form for the ticket where it is in no community."""
    house = handed_in()
    standing = standing_in(house.fleet)
    member = standing is not None and standing.state in _MEMBER
    handed = (house.folder / JOIN_TICKET).exists()
    if member:
        (house.folder / JOIN_TICKET).unlink(missing_ok=True)
    enrolled = standing is not None and standing.state is State.ENROLLED
    waits = handed and not member and (standing is None or enrolled or _just_handed_in(house))
    return render_template(
        "joining.html",
        standing=standing,
        member=member,
        online=standing is not None and standing.state is State.JOINED,
        waits=waits,
        enrolled=enrolled,
        digits=standing.digits if standing is not None and enrolled else "",
        on_air=house.on_air(),
    )


def _just_handed_in(house: HandedIn) -> bool:
    """Tell whether the hub has hardly been asked yet: what is told of the ticket before is no answer to this one."""
    age = house.clock.now().timestamp() - (house.folder / JOIN_TICKET).stat().st_mtime
    return 0 <= age < ASKED_WITHIN_SECONDS


@joining.post("/join")
def join() -> ResponseReturnValue:
    """Keep the ticket for the agent, which asks the hub by it."""
    house, sent = handed_in(), request.files.get("ticket")
    note_act(target=JOIN_TICKET)  # its words are secret, whatever becomes of it
    content = sent.read(LARGEST_TICKET_BYTES + 1) if sent and sent.filename else b""
    content = content or request.form.get("text", "").strip().encode()
    if not content or len(content) > LARGEST_TICKET_BYTES:
        flash(_("请选总站给的入网票（xiaolaba-join.json），或者把它的内容贴进来。"), "bad")
    else:
        replace_file(house.folder / JOIN_TICKET, content)
    return redirect(url_for("joining.show"), 303)


@joining.post("/give-up")
def give_up() -> ResponseReturnValue:
    """Take the ticket back before anybody at the hub has confirmed it."""
    (handed_in().folder / JOIN_TICKET).unlink(missing_ok=True)
    return redirect(url_for("joining.show"), 303)
