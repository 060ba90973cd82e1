"""Whether a message is valid, in words: on its card, on its page, and a warning before it ends. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from flask_babel import gettext as _

from programme.model import Message, Programme
from web.schedule.words import day_title

State = Literal["always", "yet to come", "valid", "over"]


def state_on(message: Message, day: date) -> State:
    """Return how the message stands on ``day``."""
    if message.valid_from is None and message.valid_until is None:
        return "always"
    if message.valid_from is not None and day < message.valid_from:
        return "yet to come"
    return "over" if message.valid_until is not None and day > message.valid_until else "valid"


def validity_words(message: Message) -> str:
    """Return from when until when the message is valid; empty where it always is."""
    first, last = message.valid_from, message.valid_until
    if first and last:
        return _("%(first)s到%(last)s有效", first=_year_and_day(first), last=_year_and_day(last))
    if first:
        return _("从%(first)s起有效", first=_year_and_day(first))
    return _("到%(last)s为止有效", last=_year_and_day(last)) if last else ""


def ending_soon(programme: Programme, today: date) -> list[str]:
    """Return a warning for each message in use whose last day is today or tomorrow."""
    used = {name for broadcast in programme.broadcasts for name in broadcast.messages}
    warnings = []
    for message in programme.messages:
        if message.id not in used or message.valid_until is None:
            continue
        if message.valid_until == today:
            warnings.append(_("《%(title)s》今天是最后一天，明天起不再播。", title=message.title))
        elif message.valid_until == today + timedelta(days=1):
            warnings.append(_("《%(title)s》明天是最后一天，后天起不再播。", title=message.title))
    return warnings


def _year_and_day(day: date) -> str:
    return _("%(year)s年%(day)s", year=day.year, day=day_title(day))
