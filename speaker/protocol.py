"""What passes over the speaker's socket: one JSON object a line, a request and its reply.

Every value is bounded and of a fixed schema; a line is at most ``LONGEST_LINE_BYTES``.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from box.settings import Limits
from speaker.airing import Outcome, Priority, Reason
from speaker.heard import Hearing
from speaker.trust.states import Proof, Trust

LONGEST_LINE_BYTES = 64 * 1024
MOST_RECORDS = 500

Name = Annotated[str, Meta(min_length=1, max_length=64)]
Who = Annotated[str, Meta(max_length=64, pattern=r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*\Z")]  # shown on terminals
Occasion = Annotated[str, Meta(max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*\Z")]
Origin = Literal["schedule", "panel", "command", "button", "first-airing", "fleet", "contact", "self-test"]
PageOrigin = Literal["panel", "command", "first-airing", "fleet"]
PRIORITY_NAMES: dict[Priority, Literal["programme", "page", "emergency"]] = {
    Priority.PROGRAMME: "programme",
    Priority.PAGE: "page",
    Priority.EMERGENCY: "emergency",
}


class Wire(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="do"):
    """A line of the socket."""


class Play(Wire, frozen=True, kw_only=True, tag="play"):
    """Page a broadcast (all it says today), one message, or a bulletin, now. Exactly one of the three is named.

    ``volume_percent`` and ``repeat`` are the programme's own where they are None. ``occasion`` is why somebody
    speaks, in their words; an emergency must have one. ``at`` is the instant its first sample is to sound, at most a
    minute ahead: it is armed until then, every limit counts as it is then, and ``Stop`` takes it back.
    """

    broadcast: Name | None = None
    message: Name | None = None
    bulletin: Name | None = None
    priority: Literal["page", "emergency"] = "page"
    origin: PageOrigin = "command"
    who: Who = ""
    volume_percent: Annotated[int, Meta(ge=0, le=100)] | None = None
    repeat: Annotated[int, Meta(ge=1, le=10)] | None = None
    occasion: Occasion = ""
    at: Annotated[datetime, Meta(tz=True)] | None = None

    @property
    def named(self) -> int:
        """How many things are named."""
        return sum(name is not None for name in (self.broadcast, self.message, self.bulletin))


class Stop(Wire, frozen=True, kw_only=True, tag="stop"):
    """Silence whatever sounds now and take back a page that is armed; the next cue airs."""

    who: Who = ""


class ProposeTime(Wire, frozen=True, kw_only=True, tag="propose-time"):
    """Propose that it is ``instant`` now: it counts if somebody at the box presses the button within two minutes."""

    instant: Annotated[datetime, Meta(tz=True)]
    who: Who = ""


class BeQuiet(Wire, frozen=True, kw_only=True, tag="be-quiet"):
    """Let nothing but an emergency sound until ``until``, an instant of today. ``occasion`` is why, in their words."""

    until: Annotated[datetime, Meta(tz=True)]
    who: Who = ""
    occasion: Occasion = ""


class EndQuiet(Wire, frozen=True, kw_only=True, tag="end-quiet"):
    """End what ``BeQuiet`` asked for, before its time."""

    who: Who = ""


class AskStatus(Wire, frozen=True, kw_only=True, tag="status"):
    """Ask how the speaker is."""


class AskRecords(Wire, frozen=True, kw_only=True, tag="records"):
    """The as-run log from ``first`` to ``last`` (local days, inclusive), rows after ``after`` first to last.

    ``changed_after`` is for a copy of the log: rows whose ``change`` is above it, in the order of change.
    """

    first: date | None = None
    last: date | None = None
    after: int = 0
    changed_after: int | None = None
    most: Annotated[int, Meta(ge=1, le=MOST_RECORDS)] = MOST_RECORDS


Request = Play | Stop | ProposeTime | BeQuiet | EndQuiet | AskStatus | AskRecords


class QuietRequest(msgspec.Struct, frozen=True, kw_only=True):
    """请求安静: from when until when somebody asked for quiet, who, and why. It may have been ended before."""

    since: datetime
    until: datetime
    who: str = ""
    occasion: str = ""

    def covers(self, instant: datetime) -> bool:
        """Tell whether ``instant`` is to be quiet: its start is, its end is not."""
        return self.since <= instant < self.until


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
    None where no microphone is set; while it is pending, the row has ended and is not chained yet.
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


class Status(Wire, frozen=True, kw_only=True, tag="is"):
    """How the speaker is. ``card`` is "card", "recorder" (no sound card; it records) or "missing".

    ``limits`` are the installer's. ``waiting`` is what sounds when the loudspeaker is free again, in order.
    ``bulletins`` are those it has checked and can sound at once, by their ids. ``button`` is "held" from the third
    second on until it is let go.
    """

    version: str
    now: datetime
    zone: str
    timezone: str
    revision: str
    card: Literal["card", "recorder", "missing"]
    amplifier: Literal["on", "off", "none"]
    quiet_now: bool
    quiet_hours: str
    silenced: bool
    sounding: Sounding | None
    today: tuple[CueStatus, ...]
    next_due: datetime | None
    alarms: tuple[Alarm, ...]
    bulletins: tuple[str, ...] = ()
    clock: ClockStatus = ClockStatus()
    quiet_request: QuietRequest | None = None
    waiting: tuple[Waiting, ...] = ()
    limits: Limits = Limits()
    button: Literal["none", "up", "held"] = "none"
    armed: ArmedPage | None = None
    shared: str = ""
    contacts: tuple[ContactStatus, ...] = ()


class Done(Wire, frozen=True, kw_only=True, tag="done"):
    """It was done; for ``play``, ``airing`` is the row of the as-run log.

    ``ahead`` is how many are heard before a page that has to wait, 0 for one that sounds at once.
    """

    airing: int | None = None
    ahead: int = 0


class Refused(Wire, frozen=True, kw_only=True, tag="refused"):
    """It was not done, and why, in words for a person."""

    reason: Reason
    zh: str
    en: str


class Records(Wire, frozen=True, kw_only=True, tag="are"):
    """Rows of the as-run log; ``more`` says that the limit cut them.

    ``log`` tells this log from every other, also from one that was begun anew on this box.
    """

    airings: tuple[Airing, ...]
    more: bool
    log: Annotated[str, Meta(max_length=64)] = ""


class Unreadable(Wire, frozen=True, kw_only=True, tag="unreadable"):
    """The line was no request; the sentence says what is wrong with it."""

    zh: str
    en: str


Reply = Status | Done | Refused | Records | Unreadable
