"""The publication: what the panel hands the speaker, resolved and ready to sound (``on-air.json``)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime

import msgspec

from box.sentences import Sentence, XiaolabaError
from programme.model import Broadcast, CivilYear, DayException, Value
from programme.quoting import shortened

LARGEST_BYTES = 1024 * 1024  # a 64 KiB programme gives about 80 KiB; twelve times that is a mistake or an attack
SAMPLE_RATE_HZ = 48_000
SHARED_ALONE = ""  # the revision of a publication with nothing of the yard's own: that was never put on air
_SHA256 = re.compile(r"[0-9a-f]{64}")


class PublicationInvalid(XiaolabaError):
    """A publication that does not keep to the schema or does not hold together."""


class PublishedMessage(Value, frozen=True, kw_only=True):
    """A message with the clip that says it. ``frames`` are of 48 kHz mono; dates are inclusive.

    ``text`` is what is said, telephone numbers twice where they are; ``stand_in_why`` tells why a stand-in says it.
    ``source`` (an office, a notice's number) and ``author`` are as the message names them; ``wrote`` and ``approved``
    are the users who saved it and let it through, empty where that is not known.
    """

    id: str
    title: str
    text: str
    clip: str
    frames: int
    voice: str
    engine: str
    stand_in: bool
    stand_in_why: Sentence | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    source: str = ""
    author: str = ""
    wrote: str = ""
    approved: str = ""


class Publication(Value, frozen=True, kw_only=True):
    """What is on air from now on: everything the speaker needs, with nothing left to look up.

    ``revision`` names the programme it was made from; ``volume_percent`` is what a broadcast without its own
    volume uses. ``sound`` names what its clips have in common (loudspeaker, versions), for the panel, which makes them
    anew where that has changed. ``shared`` names the shared programme that is in it (``programme.shared``), empty where
    there is none, and ``hub`` who sends that.
    """

    version: int = 1
    revision: str
    published: datetime
    zone: str
    timezone: str
    volume_percent: int
    pause_seconds: int = 1
    broadcasts: tuple[Broadcast, ...]
    messages: tuple[PublishedMessage, ...]
    exceptions: tuple[DayException, ...] = ()
    calendar: tuple[CivilYear, ...] = ()
    sound: str = ""
    shared: str = ""
    hub: str = ""

    def message(self, message_id: str) -> PublishedMessage | None:
        """Return the message with that id, or None."""
        return next((message for message in self.messages if message.id == message_id), None)

    def broadcast(self, broadcast_id: str) -> Broadcast | None:
        """Return the broadcast with that id, or None."""
        return next((broadcast for broadcast in self.broadcasts if broadcast.id == broadcast_id), None)


def encode_publication(publication: Publication) -> bytes:
    """Return the bytes of ``on-air.json``, indented so that a person can read them."""
    return msgspec.json.format(msgspec.json.encode(publication), indent=1) + b"\n"


def decode_publication(content: bytes) -> Publication:
    """Return the publication in ``content``.

    Raises PublicationInvalid for anything that is too large, not JSON, not of the schema, of another version,
    or that names a message or a clip that can't be.
    """
    if len(content) > LARGEST_BYTES:
        raise PublicationInvalid("播出文件太大，没有采用", "the publication is too large and was refused")
    try:
        publication = msgspec.json.decode(content, type=Publication)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise PublicationInvalid(f"播出文件不完整：{error}", f"the publication is not whole: {error}") from error
    fault = _fault(publication)
    if fault:
        raise PublicationInvalid(f"播出文件不完整：{fault}", f"the publication is not whole: {fault}")
    return publication


def fault_of_messages(messages: Iterable[PublishedMessage]) -> str | None:
    """Return where a message names no clip that can be, or None."""
    for message in messages:
        if not _SHA256.fullmatch(message.clip):
            return f"messages.{shortened(message.id)}.clip"
        if message.frames <= 0:
            return f"messages.{shortened(message.id)}.frames"
    return None


def _fault(publication: Publication) -> str | None:
    if publication.version != 1:
        return f"version {publication.version}"
    known = {message.id for message in publication.messages}
    fault = fault_of_messages(publication.messages)
    if fault is not None:
        return fault
    for broadcast in publication.broadcasts:
        missing = [name for name in broadcast.messages if name not in known]
        if missing:
            return f"broadcasts.{shortened(broadcast.id)}: {shortened(missing[0])}"
    return None
