"""Every payload from a device to the hub. TLS says whose it is; the broker lets a device write its own topics only."""

from __future__ import annotations

from contextlib import suppress
from enum import StrEnum
from typing import Annotated, Any, Literal, get_type_hints

import msgspec
from msgspec import Meta

from box.sentences import Sentence, XiaolabaError
from fleet.wire.bounded import LARGEST_BODY_BYTES, Account, Counter, Id, Instant, Line, Percent, Text, Who
from fleet.wire.rows import Rows
from fleet.wire.topics import Inward, Outward
from programme.model import Broadcast
from speaker.condition import Alarm
from speaker.trust.states import Trust

AUDIO_AWAY = "audio-away"  # the code of a device's alarm that a clip can't be had
STATE_EVERY_SECONDS = 300  # at least so often a device tells its state; the hub takes three times that for offline


class AccountUnreadable(XiaolabaError):
    """What a device sent is nothing it could have to tell."""


class DeviceState(Account, frozen=True, kw_only=True):
    """How a device is, retained. ``online`` false alone is its last will and its goodbye.

    ``revision`` is the shared programme that the speaker has taken, empty if none. ``counters`` are the highest that
    it has taken of each channel: a hub restored from a backup goes on above them. ``keys`` is its key set's serial.
    """

    online: bool
    since: Instant | None = None
    version: Annotated[str, Meta(max_length=64)] = ""
    zone: Line = ""
    clock: Trust | None = None
    now: Instant | None = None
    card: Literal["card", "recorder", "missing", "unknown"] = "unknown"
    sounding: Annotated[str, Meta(max_length=200)] = ""
    volume_percent: Percent | None = None
    stand_ins: Annotated[int, Meta(ge=0, le=1000)] = 0
    revision: Annotated[str, Meta(max_length=64)] = ""
    keys: Annotated[int, Meta(ge=0)] = 0
    counters: Annotated[dict[Inward, Counter], Meta(max_length=8)] = msgspec.field(default_factory=dict)
    records_waiting: Annotated[int, Meta(ge=0)] = 0
    alarms: Annotated[tuple[Alarm, ...], Meta(max_length=50)] = ()


class What(StrEnum):
    """What became of an order."""

    TAKEN = "taken"  # verified and kept; its clips are being fetched
    APPLIED = "applied"  # a programme that the speaker has taken
    READY = "ready"  # the clip of an announcement is here, decoded
    ARMED = "armed"  # it will start at its instant
    STARTED = "started"
    ENDED = "ended"
    STOPPED = "stopped"
    TOO_LATE = "too-late"
    REFUSED = "refused"  # by the envelope's rules, the panel's or the speaker's; ``why`` says which


class Report(Account, frozen=True, kw_only=True):
    """What became of the order ``of`` (its counter, 0 where none could be read) on ``channel``.

    ``lateness_ms`` is the speaker's own for what started; ``airing`` is the row of its log.
    """

    of: Annotated[int, Meta(ge=0)]
    channel: Inward
    what: What
    at: Instant
    urgent: Id | None = None
    revision: Annotated[str, Meta(max_length=64)] = ""
    why: Sentence | None = None
    lateness_ms: float | None = None
    airing: int | None = None


class ProposedWords(Account, frozen=True, kw_only=True):
    """A message as the yard would have it."""

    title: Line
    text: Text


class Proposal(Account, frozen=True, kw_only=True):
    """建议修改: a change to something shared that somebody in the yard wishes for. Exactly one of the two is there.

    ``entry`` is the shared id as the device has it; ``revision`` the programme in which it was seen. ``off`` says that
    the broadcast is not to be aired in that yard.
    """

    id: Id
    at: Instant
    entry: Id
    revision: Annotated[str, Meta(max_length=64)]
    who: Who = ""
    note: Line = ""
    words: ProposedWords | None = None
    broadcast: Broadcast | None = None
    off: bool = False


Told = DeviceState | Report | Rows | Proposal

_TYPES: dict[Outward, type[Told]] = {
    Outward.STATE: DeviceState,
    Outward.REPORT: Report,
    Outward.RECORDS: Rows,
    Outward.PROPOSAL: Proposal,
}
_STATE_FIELDS: dict[str, Any] = get_type_hints(DeviceState, include_extras=True)
LAST_WILL = DeviceState(online=False)


def encode(told: Told) -> bytes:
    """Return the payload."""
    return msgspec.json.encode(told)


def decode(channel: Outward, payload: bytes) -> Told:
    """Return what a device told on ``channel``. Raises AccountUnreadable."""
    if len(payload) > LARGEST_BODY_BYTES:
        raise AccountUnreadable("小区发来的内容太大，没有采用", "what the zone sent is too large and was refused")
    try:
        told = msgspec.json.decode(payload, type=_TYPES[channel])
        if isinstance(told, Rows):
            told.row_keys()
    except (ValueError, RecursionError) as error:
        why = str(error)[:200]
        raise AccountUnreadable(
            f"小区发来的内容总站看不懂，它的版本可能比总站新，请升级总站（{why}）",
            f"what the zone sent is not understood; its version may be newer than the hub's: update the hub ({why})",
        ) from error
    if isinstance(told, Proposal) and (told.words is None) == (told.broadcast is None):
        raise AccountUnreadable("建议的内容不完整", "the proposal is not whole")
    return told


def known_of_state(payload: bytes) -> DeviceState | None:
    """Return what can be understood of a state that as a whole can't: a later version says something else in a field.

    A field that is not understood is as if it were not said, as one is whose name is not known. None where the payload
    is no state at all.
    """
    try:
        said = msgspec.json.decode(payload, type=dict[str, msgspec.Raw])
    except (ValueError, RecursionError):
        return None
    known: dict[str, Any] = {}
    for name, kind in _STATE_FIELDS.items():
        with suppress(KeyError, ValueError, RecursionError):
            known[name] = msgspec.json.decode(said[name], type=kind)
    return DeviceState(**known) if "online" in known else None
