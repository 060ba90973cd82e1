"""An airing that was cut, in words: when, and when it went on."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from speaker.record import Airing
from web.language import listed
from web.words import LOOKS, Look, look_of, why


def look_of_row(airing: Airing) -> Look:
    """Return how a row looks; one that is open and was cut waits to go on."""
    return LOOKS["held"] if airing.outcome is None and airing.parts else look_of(airing.outcome)


def why_of_row(airing: Airing, zone: ZoneInfo) -> str:
    """Return why it was not aired whole and when it was cut and went on; empty where it was aired in one piece."""
    return "".join(filter(None, (why(airing.reason), _cuts(airing, zone))))


def _cuts(airing: Airing, zone: ZoneInfo) -> str:
    ends = [f"{part.ended.astimezone(zone):%H:%M:%S}" for part in airing.parts if part.cut_by is not None]
    begins = [f"{part.started.astimezone(zone):%H:%M:%S}" for part in airing.parts[1:] if part.started]
    if not ends:
        return ""
    if not begins:
        return str(_("%(cut)s 被打断。", cut=listed(ends)))
    return str(_("%(cut)s 被打断，%(again)s 接着播。", cut=listed(ends), again=listed(begins)))
