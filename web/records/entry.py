"""A row of the as-run log as pages show it: in words, with times as the clock on the wall showed them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from box.seconds import nearest_second
from programme.publication import SAMPLE_RATE_HZ
from speaker.airing import Outcome
from speaker.record import Airing
from web.language import listed, tell
from web.records.ledger import approvers, sources, wording, writers
from web.records.parts import look_of_row, why_of_row
from web.words import KINDS, ORIGINS, Look, about, heard_words


@dataclass(frozen=True)
class Entry:
    """A row of the log as a page shows it."""

    id: int
    at: str
    due: str
    look: Look
    kind: str
    titles: str
    origin: str
    occasion: str
    why: str
    heard: str
    length: str
    volume_percent: int
    sources: tuple[str, ...]
    writers: tuple[str, ...]
    approvers: tuple[str, ...]
    texts: tuple[tuple[str, str], ...]
    numbers: tuple[tuple[str, int], ...] = ()


def entry_of(airing: Airing, zone: ZoneInfo, numbers: dict[tuple[str, str, str], int] | None = None) -> Entry:
    """Return a row as pages show it; ``numbers``: those of the wordings, where their text stands elsewhere."""
    origin, noted = tell(ORIGINS[airing.origin]), airing.outcome is Outcome.NOTED
    return Entry(
        id=airing.id,
        at=_clock(airing.started or airing.due or airing.ended, zone),
        due=_clock(airing.due, zone),
        look=look_of_row(airing),
        kind=tell(KINDS[airing.priority]) if airing.priority != "programme" else "",
        titles=listed(said.title for said in airing.said) or (airing.who if noted else _("（没有稿件）")),
        origin=_("%(origin)s，%(who)s", origin=origin, who=airing.who) if airing.who else origin,
        occasion=airing.occasion,
        why=why_of_row(airing, zone),
        heard=heard_words(airing),
        length=about(airing.frames_played / SAMPLE_RATE_HZ) if airing.frames_played else "",
        volume_percent=airing.volume_percent,
        sources=sources(airing),
        writers=writers(airing),
        approvers=approvers(airing),
        texts=tuple((said.title, said.text) for said in airing.said),
        numbers=tuple((said.title, numbers[wording(said)]) for said in airing.said if said.clip) if numbers else (),
    )


def _clock(instant: datetime | None, zone: ZoneInfo) -> str:
    return f"{nearest_second(instant).astimezone(zone):%H:%M}" if instant else ""
