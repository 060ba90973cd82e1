"""What each device is to say: from the one programme and what is known of the device, a document. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec
from msgspec.structs import replace

from fleet.hub.devices import Device
from fleet.wire.documents import SharedMessage, SharedProgramme, Travels
from programme.community import Community
from programme.model import Broadcast, DayException
from programme.shared import shared_id
from programme.zones import is_for

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Issued:
    """A device's document, and the messages that are for it and not ready: not rendered, or their clip is not here."""

    programme: SharedProgramme
    waiting: tuple[str, ...]


def issue(community: Community, device: Device, travels: Callable[[str], Travels | None]) -> Issued:
    """Return what ``device`` is to say. ``travels`` tells how a clip travels, None for one that can't yet.

    A broadcast says those of its messages that are for this device and ready; one that has none left is not there.
    The revision is that of the content: what changes nothing for a device gives it nothing new.
    """
    shared: list[SharedMessage] = []
    waiting: list[str] = []
    for entry in community.messages:
        if not is_for(entry.zones, device.name, device.groups):
            continue
        said = entry.in_yard(device.name)
        way = travels(said.clip) if said is not None else None
        if said is None or way is None:
            waiting.append(entry.id)
            continue
        shared.append(SharedMessage(message=replace(said, id=shared_id(said.id)), travels=way))
    known = frozenset(one.message.id for one in shared)
    broadcasts = tuple(
        broadcast
        for entry in community.broadcasts
        if is_for(entry.zones, device.name, device.groups) and (broadcast := _shared(entry, known)).messages
    )
    airable = frozenset(broadcast.id for broadcast in broadcasts)
    programme = SharedProgramme(
        revision="-",
        published=community.published,
        hub=community.hub,
        zone=device.zone,
        volume_percent=device.volume_percent,
        messages=tuple(shared),
        broadcasts=broadcasts,
        exceptions=tuple(
            _exception(entry, airable)
            for entry in community.exceptions
            if is_for(entry.zones, device.name, device.groups)
        ),
        calendar=community.calendar,
        loudspeaker=community.loudspeaker,
    )
    return Issued(replace(programme, revision=revision_of(programme)), tuple(waiting))


def revision_of(programme: SharedProgramme) -> str:
    """Return the name of its content: when it was published makes no difference, nor what it was called before."""
    bare = replace(programme, revision="-", published=_EPOCH)
    return hashlib.sha256(msgspec.json.encode(bare)).hexdigest()[:16]


def _shared(broadcast: Broadcast, known: frozenset[str]) -> Broadcast:
    names = (shared_id(name) for name in broadcast.messages)
    return replace(
        broadcast, id=shared_id(broadcast.id), messages=tuple(name for name in names if name in known), zones=()
    )


def _exception(exception: DayException, airable: frozenset[str]) -> DayException:
    """Of what is to air instead, name what this device has; an exception that is left with nothing silences the day."""
    if exception.air == "none":
        return replace(exception, zones=())
    names = (shared_id(name) for name in exception.air)
    return replace(exception, air=tuple(name for name in names if name in airable) or "none", zones=())
