"""The shared programme: what a hub has this yard say besides its own, resolved and ready to sound (``shared.json``).

The fleet's agent writes it with its clips; the panel takes it, holds it to the programme's rules and publishes it
together with the yard's own programme. It names no hub's machine and no key: it is words, times and clips.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

import msgspec

from box.settings import Loudspeaker
from programme.model import Broadcast, CivilYear, DayException, Programme, Value
from programme.publication import Publication, PublicationInvalid, PublishedMessage, fault_of_messages
from programme.rules import as_messages, hold_to_proper_names, hold_to_the_rules, labels_of

LARGEST_BYTES = 512 * 1024  # what a hub may send, and nobody sends more
LONGEST_ID = 40  # of a message or a broadcast, as every yard's rules have it (``programme.checking``)
PREFIX = "c-"  # of every shared id; one of the yard's own that begins so is not aired beside a shared programme


class Shared(Value, frozen=True, kw_only=True):
    """What is shared. ``revision`` names the hub's edition, ``hub`` who sends it.

    ``volume_percent`` is set where the hub sets it. ``calendar`` are years that were dropped in there; they go before
    the yard's own. ``loudspeaker`` is whose band the clips have.
    """

    version: int = 1
    revision: str
    published: datetime
    hub: str
    volume_percent: int | None = None
    messages: tuple[PublishedMessage, ...] = ()
    broadcasts: tuple[Broadcast, ...] = ()
    exceptions: tuple[DayException, ...] = ()
    calendar: tuple[CivilYear, ...] = ()
    loudspeaker: Loudspeaker = "box"

    def message(self, message_id: str) -> PublishedMessage | None:
        """Return the message with that id, or None."""
        return next((message for message in self.messages if message.id == message_id), None)

    def broadcast(self, broadcast_id: str) -> Broadcast | None:
        """Return the broadcast with that id, or None."""
        return next((broadcast for broadcast in self.broadcasts if broadcast.id == broadcast_id), None)


def shared_id(own: str) -> str:
    """Return what an entry of the hub's is called in the yards: never what one of their own is called."""
    if len(PREFIX + own) <= LONGEST_ID:
        return PREFIX + own
    return f"{PREFIX}{own[: LONGEST_ID - 11]}-{hashlib.sha256(own.encode()).hexdigest()[:8]}"


def looks_shared(entry_id: str) -> bool:
    """Tell whether an id is such as the hub's have. One of the yard's own may be, in a file written by hand."""
    return entry_id.startswith(PREFIX)


def is_from_hub(on_air: Publication | None, entry_id: str) -> bool:
    """Tell whether that entry of what is on air comes from a hub: only where one has this yard say something."""
    return on_air is not None and bool(on_air.shared) and looks_shared(entry_id)


def encode_shared(shared: Shared) -> bytes:
    """Return the bytes of ``shared.json``, indented so that a person can read them."""
    return msgspec.json.format(msgspec.json.encode(shared), indent=1) + b"\n"


def decode_shared(content: bytes) -> Shared:
    """Return the shared programme in ``content``.

    Raises PublicationInvalid for what is none, and for one that the programme's rules forbid.
    """
    if len(content) > 2 * LARGEST_BYTES:  # the indents
        raise PublicationInvalid("社区统一的节目太大，没有采用", "the shared programme is too large and was refused")
    try:
        shared = msgspec.json.decode(content, type=Shared)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise PublicationInvalid(
            f"社区统一的节目不完整：{error}", f"the shared programme is not whole: {error}"
        ) from error
    fault = f"version {shared.version}" if shared.version != 1 else fault_of_messages(shared.messages)
    names = [*(message.id for message in shared.messages), *(broadcast.id for broadcast in shared.broadcasts)]
    if fault is None and not all(map(looks_shared, names)):
        fault = "id"
    if fault is not None:
        raise PublicationInvalid(f"社区统一的节目不完整：{fault}", f"the shared programme is not whole: {fault}")
    hold_to_the_rules(as_programme(shared))
    hold_to_proper_names((shared.revision, shared.hub, *labels_of(shared.messages)))
    return shared


def shared_at(path: Path) -> Shared | None:
    """Return what is shared as the panel keeps it, None where nothing is, or it can't be read."""
    try:
        return decode_shared(path.read_bytes())
    except (OSError, PublicationInvalid):
        return None


def as_programme(shared: Shared) -> Programme:
    """Return what is shared as a programme of its own."""
    return Programme(
        zone="-",
        volume_percent=80 if shared.volume_percent is None else shared.volume_percent,
        messages=as_messages(shared.messages),
        broadcasts=shared.broadcasts,
        exceptions=shared.exceptions,
        calendar=shared.calendar,
    )
