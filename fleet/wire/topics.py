"""The topics: ``xiaolaba/1/NAME/in/CHANNEL`` to a device, ``xiaolaba/1/NAME/out/CHANNEL`` from it."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple, TypeVar

from fleet.wire.names import is_name

PREFIX = "xiaolaba/1"
QOS = 1  # at least once; counters make it at most once
KEEPALIVE_SECONDS = 30  # who is half open is seen as gone in 1.5 of these (measured)


class Inward(StrEnum):
    """What the hub sends a device. Every one is retained: who was away has the newest when it is back."""

    KEYS = "keys"
    PROGRAMME = "programme"
    URGENT = "urgent"
    ACKNOWLEDGED = "ack"
    ANSWERS = "answer"


class Outward(StrEnum):
    """What a device sends the hub. Only its state is retained; its last will is one too."""

    STATE = "state"
    REPORT = "report"
    RECORDS = "records"
    PROPOSAL = "proposal"


RETAINED_OUTWARD = frozenset({Outward.STATE})
FROM_ALL = f"{PREFIX}/+/out/+"  # what the hub subscribes to


class From(NamedTuple):
    """Whose topic it is, and which."""

    name: str
    channel: Outward


def to_device(name: str, channel: Inward) -> str:
    """Return the topic on which the hub tells the device ``name``."""
    return f"{PREFIX}/{name}/in/{channel}"


def all_to(name: str) -> str:
    """Return what the device ``name`` subscribes to."""
    return f"{PREFIX}/{name}/in/+"


def from_device(name: str, channel: Outward) -> str:
    """Return the topic on which the device ``name`` tells the hub."""
    return f"{PREFIX}/{name}/out/{channel}"


def read_from(topic: str) -> From | None:
    """Return whose topic ``topic`` is, or None if it is none that a device writes."""
    name, channel = _parted(topic, "out", Outward)
    return From(name, channel) if channel is not None else None


def read_to(topic: str, name: str) -> Inward | None:
    """Return which topic of the device ``name`` this is, or None if it is none that the hub writes to it."""
    owner, channel = _parted(topic, "in", Inward)
    return channel if owner == name else None


_Channel = TypeVar("_Channel", Inward, Outward)


def _parted(topic: str, way: str, channels: type[_Channel]) -> tuple[str, _Channel | None]:
    parts = topic.removeprefix(f"{PREFIX}/").split("/")
    if not topic.startswith(f"{PREFIX}/") or len(parts) != 3 or parts[1] != way or not is_name(parts[0]):
        return "", None
    try:
        return parts[0], channels(parts[2])
    except ValueError:
        return "", None
