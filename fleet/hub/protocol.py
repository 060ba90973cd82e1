"""What passes over the hub's socket: one JSON object a line, a request of the panel or a verb, and its reply."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from fleet.hub import urgent_protocol as u
from fleet.hub.devices import Standing
from fleet.hub.inbox import KeptAiring, KeptNewer, KeptProposal, KeptReport
from fleet.hub.socket_line import Wire
from fleet.wire.accounts import DeviceState
from fleet.wire.bounded import Id, Line, Percent
from fleet.wire.documents import SharedProgramme
from fleet.wire.names import DeviceName, GroupName
from speaker.condition import Alarm

LONGEST_LINE_BYTES = 1024 * 1024  # an urgent text that names its yard, for some thousand of them
MOST_ROWS = 500

Groups = Annotated[tuple[GroupName, ...], Meta(max_length=20)]


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
    | u.PrepareUrgent
    | u.SayUrgent
    | u.StopUrgent
    | u.AskUrgent
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
    | u.Prepared
    | u.Saying
    | u.UrgentState
    | Reports
    | Records
    | Proposals
    | Done
    | Refused
)
