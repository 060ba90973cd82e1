"""What all devices were ordered to say, at one go: those that are to say the same, but for their names, together."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from fleet.hub import protocol as p
from fleet.hub.outbox import Outbox
from fleet.wire.documents import SharedProgramme
from fleet.wire.topics import Inward

MOST_KINDS = 200  # 12 kB each at the usual length; a community of more is asked about yard by yard


class _Named(msgspec.Struct, frozen=True):
    id: str


class _Message(msgspec.Struct, frozen=True):
    message: _Named


class _Glimpse(msgspec.Struct, frozen=True):
    """Of a programme what tells when something is said and what, but not how: the rest is passed over unread."""

    messages: tuple[_Message, ...] = ()
    broadcasts: msgspec.Raw = msgspec.Raw(b"[]")
    exceptions: msgspec.Raw = msgspec.Raw(b"[]")
    calendar: msgspec.Raw = msgspec.Raw(b"[]")


class _Revision(msgspec.Struct, frozen=True):
    revision: str = ""


_glimpse: msgspec.json.Decoder[_Glimpse] = msgspec.json.Decoder(_Glimpse)
_revision: msgspec.json.Decoder[_Revision] = msgspec.json.Decoder(_Revision)
_whole: msgspec.json.Decoder[SharedProgramme] = msgspec.json.Decoder(SharedProgramme)


def revisions(outbox: Outbox) -> dict[str, str]:
    """Return the revision of the programme that each device was ordered last."""
    return outbox.every(Inward.PROGRAMME, lambda does: _revision.decode(does).revision)


def said_alike(outbox: Outbox, waiting_of: Callable[[str], tuple[str, ...]]) -> p.AllIssued:
    """Return what each device was ordered to say; of programmes that say the same at the same times the first."""
    kinds: dict[tuple[object, ...], int] = {}
    programmes: list[SharedProgramme] = []

    def kind_of(does: bytes) -> int | None:
        one = _glimpse.decode(does)
        ids = tuple(entry.message.id for entry in one.messages)
        key = (ids, bytes(one.broadcasts), bytes(one.exceptions), bytes(one.calendar))
        if key not in kinds:
            if len(kinds) == MOST_KINDS:
                return None
            programmes.append(_whole.decode(does))
            kinds[key] = len(kinds)
        return kinds[key]

    found = outbox.every(Inward.PROGRAMME, kind_of)
    zones = {name: p.IssuedAs(kind=kind, waiting=waiting_of(name)) for name, kind in found.items() if kind is not None}
    return p.AllIssued(programmes=tuple(programmes), zones=zones)
