"""The message that an address names, or the page that says it is not there."""

from __future__ import annotations

from flask import abort
from flask_babel import gettext as _

from programme.file import Edition
from programme.model import Message
from web.handed_in import HandedIn


def message_on_desk(house: HandedIn, message_id: str) -> tuple[Edition, Message]:
    """Return the edition on the desk and that message of it; ends the request where there is none."""
    edition = house.desk.on_desk().edition
    message = edition.programme.message(message_id) if edition else None
    if edition is None or message is None:
        abort(404, _("没有这篇稿件，可能已经被删掉了。请回到“稿件”里再找一找。"))
    return edition, message
