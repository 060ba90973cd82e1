"""Every payload from the hub to a device, as it stands under a signature."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from box.settings import Loudspeaker
from fleet.wire.bounded import (
    Bytes,
    Counter,
    Frames,
    Id,
    Instant,
    Line,
    Payload,
    Percent,
    Sha256,
    Text,
    Who,
)
from fleet.wire.names import DeviceName
from fleet.wire.topics import Inward
from programme.model import Broadcast, CivilYear, DayException
from programme.publication import PublishedMessage

PublicBytes = Annotated[bytes, Meta(min_length=32, max_length=32)]  # a raw Ed25519 public key, base64 in the JSON


class Travels(Payload, frozen=True, kw_only=True):
    """A clip as it travels: a FLAC file under its own hash. Decoded, it is the clip, bit by bit."""

    sha256: Sha256
    size: Bytes


class KeySet(Payload, frozen=True, kw_only=True, tag_field="what", tag="keys"):
    """Whose signature counts from now on. Signed by the root; only one of a higher ``serial`` replaces it."""

    serial: Counter
    issued: Instant
    programme: Annotated[tuple[PublicBytes, ...], Meta(min_length=1, max_length=4)]
    urgent: Annotated[tuple[PublicBytes, ...], Meta(max_length=4)]


class SharedMessage(Payload, frozen=True, kw_only=True):
    """A message of the community: as it is published, and how its clip travels. Its id begins with ``c-``."""

    message: PublishedMessage
    travels: Travels


class SharedProgramme(Payload, frozen=True, kw_only=True, tag_field="what", tag="programme"):
    """What one device says besides what is its own. ``{zone}`` is already replaced, and rendered.

    ``hub`` is who sends it and ``zone`` the yard's name, in words; ``volume_percent`` is the yard's where the hub sets
    it. ``calendar`` are years that were dropped in at the hub; they go before what the device ships with.
    ``loudspeaker`` is whose band the clips have.
    """

    revision: Annotated[str, Meta(min_length=1, max_length=64)]
    published: Instant
    hub: Line = ""
    zone: Line
    volume_percent: Percent | None = None
    messages: Annotated[tuple[SharedMessage, ...], Meta(max_length=200)] = ()
    broadcasts: Annotated[tuple[Broadcast, ...], Meta(max_length=48)] = ()
    exceptions: Annotated[tuple[DayException, ...], Meta(max_length=100)] = ()
    calendar: Annotated[tuple[CivilYear, ...], Meta(max_length=20)] = ()
    loudspeaker: Loudspeaker = "box"


class Announcement(Payload, frozen=True, kw_only=True):
    """What is to be said at once: its words, its clip (the hash of the WAV), and how that travels."""

    title: Line
    text: Text
    clip: Sha256
    frames: Frames
    travels: Travels
    voice: Line
    engine: Line
    stand_in: bool = False


class Prepare(Payload, frozen=True, kw_only=True, tag_field="what", tag="prepare"):
    """Fetch the clip and decode it, so that ``Say`` finds it ready. Nothing sounds."""

    urgent: Id
    announcement: Announcement


class Say(Payload, frozen=True, kw_only=True, tag_field="what", tag="say"):
    """Sound it at ``starts_at``, everywhere at the same instant; not at all later than ``late_ok_seconds`` after it."""

    urgent: Id
    announcement: Announcement
    starts_at: Instant
    late_ok_seconds: Annotated[int, Meta(ge=0, le=3600)]
    priority: Literal["page", "emergency"] = "page"
    repeat: Annotated[int, Meta(ge=1, le=10)] = 1
    volume_percent: Percent | None = None
    occasion: Line
    who: Who = ""


class Stop(Payload, frozen=True, kw_only=True, tag_field="what", tag="stop"):
    """Disarm what is armed and silence what sounds of it; every urgent of before where ``urgent`` is None."""

    urgent: Id | None = None
    who: Who = ""


class LogMark(Payload, frozen=True, kw_only=True):
    """How far the hub has the rows of one log in its own database: up to ``change``."""

    log: Annotated[str, Meta(min_length=1, max_length=64)]
    change: Annotated[int, Meta(ge=0, le=2**53 - 1)]


class Acknowledged(Payload, frozen=True, kw_only=True, tag_field="what", tag="ack"):
    """Which of the device's records the hub has. A log that is not named has none acknowledged."""

    marks: Annotated[tuple[LogMark, ...], Meta(max_length=16)]


class Answer(Payload, frozen=True, kw_only=True):
    """What became of a proposal, in the hub's words to the yard."""

    proposal: Id
    adopted: bool
    words: Line = ""


class Answers(Payload, frozen=True, kw_only=True, tag_field="what", tag="answers"):
    """The latest answers to this device's proposals, so that none is lost with the one before it."""

    answers: Annotated[tuple[Answer, ...], Meta(max_length=50)]


Command = SharedProgramme | Prepare | Say | Stop | Acknowledged | Answers

CHANNELS: dict[type[Command], Inward] = {
    SharedProgramme: Inward.PROGRAMME,
    Prepare: Inward.URGENT,
    Say: Inward.URGENT,
    Stop: Inward.URGENT,
    Acknowledged: Inward.ACKNOWLEDGED,
    Answers: Inward.ANSWERS,
}


class Order(Payload, frozen=True, kw_only=True):
    """The body of an envelope: to whom, in which order, from when until when, and what is to be done."""

    to: DeviceName
    counter: Counter
    issued: Instant
    expires: Instant
    does: Command


_order: msgspec.json.Decoder[Order] = msgspec.json.Decoder(Order)
_key_set: msgspec.json.Decoder[KeySet] = msgspec.json.Decoder(KeySet)


def decode_order(body: bytes) -> Order:
    """Return the order in ``body``. Raises ValueError or RecursionError for anything else."""
    return _order.decode(body)


def decode_key_set(body: bytes) -> KeySet:
    """Return the set of keys in ``body``. Raises ValueError or RecursionError for anything else."""
    return _key_set.decode(body)
