"""What others read of this box's membership: the panel, ``status`` and ``doctor``. It loads no network and no keys.

The agent talks to the network, so what it wrote is read as anybody's: bounded, and following no link.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec

from box.durable import replace_file
from box.sentences import Sentence
from fleet.agent.states import State
from programme.foreign import read_foreign
from programme.publication import PublicationInvalid

STANDING, ANSWERS = "standing.json", "answers.json"
LARGEST_BYTES = 1 << 20  # the hub's answers come in one order, of half of that
_UNREADABLE = (OSError, PublicationInvalid, ValueError, RecursionError)
JOIN_TICKET = "join-ticket.json"  # of the panel's room: what a person has handed in


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """``standing.json``, written by the agent when something of it changes.

    ``name`` is the box's in the fleet, ``hub`` the address it was last reached at or is looked for. ``since`` is from
    when on it stands so. ``revision`` names the shared programme that was ordered, ``missing`` how many of its clips
    are still to come. ``trouble`` is what a person should know. ``digits`` are what both screens show while it joins.
    """

    state: State
    name: str
    zone: str
    hub: str
    since: datetime
    joined: datetime | None = None
    digits: str = ""
    revision: str = ""
    missing: int = 0
    trouble: Sentence | None = None


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """The hub's answer to a proposal of this yard."""

    proposal: str
    adopted: bool
    words: str = ""


def standing_in(room: Path) -> Standing | None:
    """Return how the box stands, None where it never joined, or what was written can't be read."""
    try:
        return msgspec.json.decode(read_foreign(room, STANDING, most_bytes=LARGEST_BYTES), type=Standing)
    except _UNREADABLE:
        return None


def answers_in(room: Path) -> tuple[Answered, ...]:
    """Return the hub's latest answers to proposals; none where there are none, or they can't be read."""
    try:
        return msgspec.json.decode(read_foreign(room, ANSWERS, most_bytes=LARGEST_BYTES), type=tuple[Answered, ...])
    except _UNREADABLE:
        return ()


def write_standing(room: Path, standing: Standing) -> None:
    """Put it where others read it. Raises OSError."""
    replace_file(room / STANDING, msgspec.json.encode(standing))


def write_answers(room: Path, answers: tuple[Answered, ...]) -> None:
    """Put the answers where the panel reads them. Raises OSError."""
    replace_file(room / ANSWERS, msgspec.json.encode(answers))
