"""What passes over the hub's socket: one JSON object a line, a request of the panel or a verb, and its reply."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from fleet.hub.devices import Standing
from fleet.hub.inbox import KeptAiring, KeptNewer, KeptProposal, KeptReport
from fleet.wire.accounts import DeviceState, What
from fleet.wire.bounded import Frames, Id, Line, Percent, Sha256, Text, Who
from fleet.wire.documents import SharedProgramme
from fleet.wire.names import DeviceName, GroupName
from speaker.condition import Alarm

LONGEST_LINE_BYTES = 1024 * 1024  # an urgent text that names its yard, for some thousand of them
MOST_ROWS = 500
MOST_OWN_WORDS = 1000

Selector = Annotated[str, Meta(pattern=r"^(all|group:[a-z0-9-]{1,32}|[a-z0-9-]{1,32})\Z")]
Selectors = Annotated[tuple[Selector, ...], Meta(min_length=1, max_length=200)]
Groups = Annotated[tuple[GroupName, ...], Meta(max_length=20)]
Pin = Annotated[str, Meta(max_length=64)]


class Wire(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="do"):
    """A line of the socket."""


class AskZones(Wire, frozen=True, kw_only=True, tag="zones"):
    """Ask how all zones are, and the hub."""


class Invite(Wire, frozen=True, kw_only=True, tag="invite"):
    """Make a ticket for a new box called ``name``, or for one that takes its place."""

    name: DeviceName
    zone: Line
    groups: Groups = ()


class Confirm(Wire, frozen=True, kw_only=True, tag="confirm"):
    """Let in the box that asked as ``name`` and shows these six digits."""

    name: DeviceName
    digits: Annotated[str, Meta(max_length=16)]


class TurnAway(Wire, frozen=True, kw_only=True, tag="turn-away"):
    """Don't let in the box that asked as ``name``."""

    name: DeviceName


class Lose(Wire, frozen=True, kw_only=True, tag="lose"):
    """The box ``name`` is lost, stolen or sold: take its certificate back and throw it off."""

    name: DeviceName


class Arrange(Wire, frozen=True, kw_only=True, tag="arrange"):
    """Set a zone's name in words, its groups and its volume (None: its own)."""

    name: DeviceName
    zone: Line
    groups: Groups = ()
    volume_percent: Percent | None = None


class Refresh(Wire, frozen=True, kw_only=True, tag="refresh"):
    """``community.json`` is new: read it and order what has changed."""


class AskIssued(Wire, frozen=True, kw_only=True, tag="issued"):
    """Ask what the zone ``name`` was ordered to say besides what is its own."""

    name: DeviceName


class AskAllIssued(Wire, frozen=True, kw_only=True, tag="all-issued"):
    """Ask the same of all zones at one go: what is said alike is told once."""


class OwnWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The clip in which the words name a zone as it is called, ``zone``."""

    name: DeviceName
    zone: Line
    clip: Sha256
    frames: Frames
    voice: Line
    engine: Line
    stand_in: bool = False


class PrepareUrgent(Wire, frozen=True, kw_only=True, tag="prepare"):
    """Have these zones fetch a clip of the panel's library, ``clip``, so that it is there when it is to sound.

    Where title or text have ``{zone}``, each zone has a clip of its ``own``, and a zone that has none is not meant.
    """

    zones: Selectors
    title: Line
    text: Text
    clip: Sha256
    frames: Frames
    voice: Line
    engine: Line
    stand_in: bool = False
    who: Who = ""
    own: Annotated[tuple[OwnWords, ...], Meta(max_length=MOST_OWN_WORDS)] = ()


class SayUrgent(Wire, frozen=True, kw_only=True, tag="say"):
    """Have it sound in its zones at the same instant, ``in_seconds`` from now. The PIN opens the urgent key."""

    urgent: Id
    pin: Pin
    occasion: Line
    in_seconds: Annotated[float, Meta(ge=2, le=60)] = 5.0
    late_ok_seconds: Annotated[int, Meta(ge=0, le=3600)] = 10
    priority: Literal["page", "emergency"] = "page"
    repeat: Annotated[int, Meta(ge=1, le=10)] = 1
    volume_percent: Percent | None = None
    who: Who = ""


class StopUrgent(Wire, frozen=True, kw_only=True, tag="stop"):
    """Silence it, in all its zones, also where it is only armed; every one in every zone where None is named."""

    urgent: Id | None = None
    who: Who = ""


class AskUrgent(Wire, frozen=True, kw_only=True, tag="urgent"):
    """Ask how an urgent announcement stands, zone by zone; the latest where None is named."""

    urgent: Id | None = None


class AskReports(Wire, frozen=True, kw_only=True, tag="reports"):
    """Ask what became of the latest orders to the zone ``name``."""

    name: DeviceName
    most: Annotated[int, Meta(ge=1, le=MOST_ROWS)] = 50


class AskRecords(Wire, frozen=True, kw_only=True, tag="records"):
    """The rows of all zones (or one) from ``first`` to ``last`` (local days, inclusive), but the first ``after``."""

    first: date
    last: date
    name: DeviceName | None = None
    after: Annotated[int, Meta(ge=0)] = 0
    most: Annotated[int, Meta(ge=1, le=MOST_ROWS)] = MOST_ROWS


class AskProposals(Wire, frozen=True, kw_only=True, tag="proposals"):
    """Ask what zones would have changed."""


class AnswerProposal(Wire, frozen=True, kw_only=True, tag="answer"):
    """Tell a zone what became of its proposal."""

    name: DeviceName
    proposal: Id
    adopted: bool
    words: Line = ""


Request = (
    AskZones
    | Invite
    | Confirm
    | TurnAway
    | Lose
    | Arrange
    | Refresh
    | AskIssued
    | AskAllIssued
    | PrepareUrgent
    | SayUrgent
    | StopUrgent
    | AskUrgent
    | AskReports
    | AskRecords
    | AskProposals
    | AnswerProposal
)


class Zone(msgspec.Struct, frozen=True, kw_only=True):
    """A zone as the hub sees it.

    ``online`` is what counts: its last word may be that it is, and be old. ``digits`` are those that a box shows which
    waits to be let in. ``ordered`` is the revision it was ordered to say, ``waiting`` the messages that are not ready
    for it, ``fault`` what it last sent that could not be understood.
    """

    name: str
    zone: str
    groups: tuple[str, ...]
    volume_percent: int | None
    standing: Standing
    since: datetime
    online: bool
    state: DeviceState | None = None
    heard: datetime | None = None
    digits: str | None = None
    ticket_until: datetime | None = None
    ordered: str = ""
    waiting: tuple[str, ...] = ()
    fault: Alarm | None = None


class HubState(msgspec.Struct, frozen=True, kw_only=True):
    """The hub itself. ``root_is_here`` says that the root key is still on this machine."""

    broker: bool
    hosts: tuple[str, ...]
    broker_port: int
    https_port: int
    root: str
    root_is_here: bool
    keys_serial: int
    revision: str
    alarms: tuple[Alarm, ...] = ()


class Zones(Wire, frozen=True, kw_only=True, tag="are-zones"):
    """All zones, by name, and the hub."""

    hub: HubState
    zones: tuple[Zone, ...]


class Invited(Wire, frozen=True, kw_only=True, tag="invited"):
    """The ticket: the content of the file, and the text of the QR code."""

    ticket: str
    expires: datetime


class Issued(Wire, frozen=True, kw_only=True, tag="is-issued"):
    """What a zone was ordered to say, when, and what of it is not ready."""

    programme: SharedProgramme | None
    issued: datetime | None
    waiting: tuple[str, ...] = ()


class IssuedAs(msgspec.Struct, frozen=True, kw_only=True):
    """Which of the programmes a zone was ordered to say, but for its own name, and what of it is not ready."""

    kind: Annotated[int, Meta(ge=0)]
    waiting: tuple[str, ...] = ()


class AllIssued(Wire, frozen=True, kw_only=True, tag="are-issued"):
    """What zones were ordered to say, by the short name.

    A zone that is not there was ordered nothing, or is one of very many that all say something else: it is asked about
    by itself.
    """

    programmes: tuple[SharedProgramme, ...]
    zones: dict[str, IssuedAs]


class Prepared(Wire, frozen=True, kw_only=True, tag="prepared"):
    """It was ordered to be fetched, by these zones."""

    urgent: str
    zones: tuple[str, ...]


class Saying(Wire, frozen=True, kw_only=True, tag="saying"):
    """It was ordered to sound at ``starts_at``."""

    urgent: str
    starts_at: datetime


class UrgentZone(msgspec.Struct, frozen=True, kw_only=True):
    """How far an urgent announcement has come in one zone; None where nothing was heard of it.

    ``clip`` is its own where the words name the zone, else empty.
    """

    name: str
    clip: str = ""
    what: What | None = None
    at: datetime | None = None
    why: Alarm | None = None
    lateness_ms: float | None = None


class UrgentState(Wire, frozen=True, kw_only=True, tag="is-urgent"):
    """An urgent announcement, zone by zone.

    ``newer`` says that a later version of the hub has made it: it can be stopped here, not said, and what is not known
    of it is empty.
    """

    urgent: str | None
    newer: bool = False
    title: str = ""
    text: str = ""
    who: str = ""
    made: datetime | None = None
    starts_at: datetime | None = None
    stopped: datetime | None = None
    zones: tuple[UrgentZone, ...] = ()


class Reports(Wire, frozen=True, kw_only=True, tag="are-reports"):
    """The latest reports of a zone, the newest first."""

    reports: tuple[KeptReport, ...]


class Records(Wire, frozen=True, kw_only=True, tag="are-records"):
    """Rows of the zones' logs, by day and zone; ``more`` says that the limit cut them.

    ``newer`` are those that only a later version can read: they count for the ``after`` of the next question.
    """

    airings: tuple[KeptAiring, ...]
    newer: tuple[KeptNewer, ...] = ()
    more: bool


class Proposals(Wire, frozen=True, kw_only=True, tag="are-proposals"):
    """The proposals, those without an answer first."""

    proposals: tuple[KeptProposal, ...]


class Done(Wire, frozen=True, kw_only=True, tag="done"):
    """It was done."""


class Refused(Wire, frozen=True, kw_only=True, tag="refused"):
    """It was not done, and why, in words for a person."""

    zh: str
    en: str


Reply = (
    Zones
    | Invited
    | Issued
    | AllIssued
    | Prepared
    | Saying
    | UrgentState
    | Reports
    | Records
    | Proposals
    | Done
    | Refused
)
