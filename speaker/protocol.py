"""What passes over the speaker's socket: one JSON object a line, a request and its reply.

Every value is bounded and of a fixed schema; a line is at most ``LONGEST_LINE_BYTES``.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from box.settings import Limits
from speaker.airing import Reason
from speaker.condition import Alarm, ArmedPage, ClockStatus, ContactStatus, CueStatus, QuietRequest, Sounding, Waiting
from speaker.record import Airing

LONGEST_LINE_BYTES = 64 * 1024
MOST_RECORDS = 500
BEGUN_SECONDS = (
    25.0  # a page that was begun is told as it ends; a speaker that stands for 20 s is ended by its watchdog
)

Name = Annotated[str, Meta(min_length=1, max_length=64)]
Who = Annotated[str, Meta(max_length=64, pattern=r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*\Z")]  # shown on terminals
Occasion = Annotated[str, Meta(max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*\Z")]
PageOrigin = Literal["panel", "command", "first-airing", "fleet"]


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
