"""How the speaker is, piece by piece: what sounds and waits, the cues of the day, clock, contacts and alarms."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from speaker.airing import Reason
from speaker.trust.states import Proof, Trust


class CueStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One of today's broadcasts and how it stands. ``seconds`` is the length it will take or took.

    "held": it was cut, and goes on. "not-owed": it was put on air, or moved, only after its time; it starts on its next
    day.
    """

    broadcast: str
    due: datetime
    titles: tuple[str, ...]
    seconds: float
    state: Literal["later", "next", "sounding", "held", "aired", "cut", "pre-empted", "missed", "refused", "not-owed"]
    reason: Reason = Reason.NONE


class Sounding(msgspec.Struct, frozen=True, kw_only=True):
    """What sounds now."""

    priority: Literal["programme", "page", "emergency"]
    broadcast: str | None
    message: str | None
    title: str
    text: str
    position_seconds: float
    length_seconds: float


class ArmedPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page that waits for its instant; ``airing`` is its row of the as-run log."""

    at: datetime
    airing: int
    title: str


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """Something that sounds when the loudspeaker is free again: a page that waits, or what was cut and goes on."""

    priority: Literal["programme", "page", "emergency"]
    broadcast: str | None
    title: str
    who: str
    was_cut: bool


class QuietRequest(msgspec.Struct, frozen=True, kw_only=True):
    """请求安静: from when until when somebody asked for quiet, who, and why. It may have been ended before."""

    since: Annotated[datetime, Meta(tz=True)]
    until: Annotated[datetime, Meta(tz=True)]
    who: str = ""
    occasion: str = ""

    def covers(self, instant: datetime) -> bool:
        """Tell whether ``instant`` is to be quiet: its start is, its end is not."""
        return self.since <= instant < self.until


class Alarm(msgspec.Struct, frozen=True, kw_only=True):
    """Something that needs a person: what and what to do, in both languages; ``code`` never changes."""

    code: str
    zh: str
    en: str


class ClockStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How far the clock can be believed and what proves it. ``checked`` is when it was last compared, None if unknown.

    ``wants_checking`` says that somebody should compare it: it was kept for a month. ``waits`` says that a proposed
    time waits for the button; ``confirmable``, that a person at this box could confirm one now.
    """

    trust: Trust = Trust.ASSUMED
    proof: Proof = Proof.NONE
    checked: datetime | None = None
    wants_checking: bool = False
    waits: bool = False
    confirmable: bool = False


class ContactStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How a contact of the installer's stands, and its call. ``title`` is its message's, empty where none is on air.

    ``line`` is "unknown" until it was seen for long enough. ``call`` is "calling" while its message is said over and
    over, "silenced" when a person has stopped that, "used-up" after the last time, and "stuck" where it was active at
    the start; it is "none" at rest. ``hindrance`` is why the message could not be said when it was last wanted.
    ``said`` of ``most`` times. ``active`` is when it last became active, None if it never did on record.
    """

    name: str
    message: str
    title: str
    priority: Literal["page", "emergency"]
    line: Literal["unknown", "rest", "active", "cut", "short"]
    chatters: bool = False
    call: Literal["none", "calling", "silenced", "used-up", "stuck"] = "none"
    said: int = 0
    most: int = 1
    hindrance: Reason = Reason.NONE
    active: datetime | None = None
    wants_testing: bool = False
