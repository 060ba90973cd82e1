"""An approved correction is aired where the withdrawn message was: its broadcasts, exceptions and place in the list."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from programme.aside import in_the_place_of
from programme.model import Programme
from web.archive import Archived, waiting
from web.handed_in import HandedIn
from web.saving import new_faults


@dataclass(frozen=True)
class Corrected:
    """The programme with the correction in its place. ``entry`` is what was withdrawn, None where nothing was.

    ``has_room`` is False where the former broadcasts would make the programme wrong by now: a person places it then.
    """

    programme: Programme
    entry: Archived | None = None
    has_room: bool = True


def corrected(house: HandedIn, programme: Programme, message_id: str) -> Corrected:
    """Return ``programme``, in which a message has just got its approved words, with these where they belong."""
    message = programme.message(message_id)
    entries = waiting(house.archive.entries(), programme)
    entry = next((one for one in entries if one.correction == message_id and one.correction_waits), None)
    if entry is None or message is None or entry.aside.message is None:
        return Corrected(programme)
    placed = in_the_place_of(programme, entry.aside, message)
    if new_faults(house, placed, programme):
        return Corrected(programme, entry, has_room=False)
    return Corrected(placed, entry)


def no_longer_waits(house: HandedIn, done: Corrected) -> None:
    """Take note that it was approved, so that a later change of its words places nothing again. Raises OSError."""
    if done.entry is not None:
        house.archive.keep(msgspec.structs.replace(done.entry, correction_waits=False))
