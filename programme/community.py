"""What a hub's panel hands its hub: the entries that are for other yards, with their clips (``community.json``)."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import msgspec

from box.settings import Loudspeaker
from programme.model import Broadcast, CivilYear, DayException, Value
from programme.publication import PublicationInvalid, PublishedMessage, fault_of_messages

LARGEST_BYTES = 32 * 1024 * 1024  # 200 messages that each name the yard, for some hundred yards


class Yard(NamedTuple):
    """Another yard: its device's name, what it is called in words, and the groups it is in."""

    name: str
    zone: str
    groups: tuple[str, ...]


class ForYards(Value, frozen=True, kw_only=True):
    """A message for other yards. ``said`` is how all of them say it; where it names the yard, each has its own.

    ``by_yard`` is by the device's name; a yard that is not in it waits until its words are rendered.
    """

    id: str
    zones: tuple[str, ...]
    said: PublishedMessage | None = None
    by_yard: dict[str, PublishedMessage]

    def in_yard(self, device: str) -> PublishedMessage | None:
        """Return how ``device`` says it, None where that is not rendered yet."""
        return self.by_yard.get(device, self.said)


class Community(Value, frozen=True, kw_only=True):
    """Everything for other yards, with its clips in the panel's library.

    ``revision`` is the programme's, ``hub`` is who sends it, in words. ``loudspeaker`` is whose band the clips have.
    """

    version: int = 1
    revision: str
    hub: str = ""
    published: datetime
    messages: tuple[ForYards, ...] = ()
    broadcasts: tuple[Broadcast, ...] = ()
    exceptions: tuple[DayException, ...] = ()
    calendar: tuple[CivilYear, ...] = ()
    loudspeaker: Loudspeaker = "box"


def encode_community(community: Community) -> bytes:
    """Return the bytes of ``community.json``."""
    return msgspec.json.encode(community) + b"\n"


def decode_community(content: bytes) -> Community:
    """Return what ``content`` has for other yards.

    Raises PublicationInvalid for anything that is too large, not of the schema, of another version, or that names a
    clip that can't be.
    """
    if len(content) > LARGEST_BYTES:
        raise PublicationInvalid("社区节目太大，没有采用", "the community's programme is too large and was refused")
    try:
        community = msgspec.json.decode(content, type=Community)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise PublicationInvalid(
            f"社区节目不完整：{error}", f"the community's programme is not whole: {error}"
        ) from error
    fault = f"version {community.version}" if community.version != 1 else None
    for one in community.messages:
        said = (*one.by_yard.values(), *((one.said,) if one.said is not None else ()))
        fault = fault or fault_of_messages(said)
    if fault:
        raise PublicationInvalid(f"社区节目不完整：{fault}", f"the community's programme is not whole: {fault}")
    return community
