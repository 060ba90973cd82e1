"""A row of the as-run log, as it is kept and handed on: what was really played, when, how, and for whom."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import msgspec

from speaker.airing import Outcome, Priority, Reason
from speaker.heard import Hearing
from speaker.trust.states import Trust

Origin = Literal["schedule", "panel", "command", "button", "first-airing", "fleet", "contact", "self-test"]
PRIORITY_NAMES: dict[Priority, Literal["programme", "page", "emergency"]] = {
    Priority.PROGRAMME: "programme",
    Priority.PAGE: "page",
    Priority.EMERGENCY: "emergency",
}


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """A message within an airing, as it was at that time; ``source`` to ``approved`` as in the publication."""

    message: str
    title: str
    text: str
    clip: str
    voice: str
    engine: str
    stand_in: bool
    source: str = ""
    author: str = ""
    wrote: str = ""
    approved: str = ""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One of the parts of an airing that was cut: when it began and ended, and how many frames of it were heard.

    ``cut_by`` is the row that took its place, None where nothing did. Instants are UTC.
    """

    started: datetime | None
    ended: datetime
    frames_played: int
    cut_by: int | None = None


class Airing(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the as-run log. Instants are UTC; ``outcome`` is None while it sounds, or is to go on.

    ``day`` and ``broadcast`` make the occurrence of a scheduled airing; a page has its own identity (``id``).
    ``change`` grows with every change of any row. ``occasion`` is why somebody spoke, in their words.
    ``clock`` is how far the clock could be believed when the row was begun, None in rows from before that was known.
    ``begun`` is when it was last begun, ``noted`` when it was last known to sound. ``link`` and ``hash`` are its place
    in the chain (``speaker.chain``), None and empty until it has ended. ``parts`` are those of an airing that was cut
    by something of higher priority and was to go on; ``frames_played`` is the sum of theirs. ``heard`` is
    None where no microphone is set; while it is pending, the row has ended and is not chained yet. ``beyond`` is a JSON
    object of what a later version wrote of the row that this one doesn't know; its hash is over that too.
    """

    id: int
    change: int
    priority: Literal["programme", "page", "emergency"]
    origin: Origin
    who: str
    broadcast: str | None
    day: date
    attempt: int
    due: datetime | None
    started: datetime | None
    ended: datetime | None
    outcome: Outcome | None
    reason: Reason
    frames: int
    frames_played: int
    lateness_ms: float | None
    volume_percent: int
    revision: str
    said: tuple[Said, ...]
    occasion: str = ""
    clock: Trust | None = None
    begun: datetime | None = None
    noted: datetime | None = None
    link: int | None = None
    hash: str = ""
    parts: tuple[Part, ...] = ()
    heard: Hearing | None = None
    beyond: str = ""


def airing_in(content: bytes) -> Airing:
    """Return the row that is in ``content``, JSON, which a later version may have written; raises ValueError.

    What it has that this version doesn't know is ``beyond``; what is empty is left out of a row's hash, and here too.
    """
    airing = msgspec.json.decode(content, type=Airing)
    told = msgspec.json.decode(content, type=dict[str, object])
    more = {name: value for name, value in told.items() if name not in Airing.__struct_fields__ and value}
    if not more:
        return airing
    return msgspec.structs.replace(airing, beyond=msgspec.json.encode(more).decode())
