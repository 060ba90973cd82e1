"""What passes over the hub's socket about what is urgent: prepared, said, stopped, followed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from fleet.hub.socket_line import Wire
from fleet.wire.accounts import What
from fleet.wire.bounded import Frames, Id, Line, Percent, Sha256, Text, Who
from fleet.wire.names import DeviceName
from speaker.condition import Alarm

MOST_OWN_WORDS = 1000

Selector = Annotated[str, Meta(pattern=r"^(all|group:[a-z0-9-]{1,32}|[a-z0-9-]{1,32})\Z")]
Selectors = Annotated[tuple[Selector, ...], Meta(min_length=1, max_length=200)]
Pin = Annotated[str, Meta(max_length=64)]


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
