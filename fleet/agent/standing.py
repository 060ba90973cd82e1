"""What others read of this box's membership: the panel, ``status`` and ``doctor``. It loads no network and no keys."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec

from box.durable import replace_file
from box.sentences import Sentence
from fleet.agent.states import State

STANDING = "standing.json"
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


ANSWERS = "answers.json"


def standing_in(room: Path) -> Standing | None:
    """Return how the box stands, None where it never joined, or what was written can't be read."""
    try:
        return msgspec.json.decode((room / STANDING).read_bytes(), type=Standing)
    except (OSError, ValueError):
        return None


def answers_in(room: Path) -> tuple[Answered, ...]:
    """Return the hub's latest answers to proposals; none where there are none, or they can't be read."""
    try:
        return msgspec.json.decode((room / ANSWERS).read_bytes(), type=tuple[Answered, ...])
    except (OSError, ValueError):
        return ()


def write_standing(room: Path, standing: Standing) -> None:
    """Put it where others read it. Raises OSError."""
    replace_file(room / STANDING, msgspec.json.encode(standing))


def write_answers(room: Path, answers: tuple[Answered, ...]) -> None:
    """Put the answers where the panel reads them. Raises OSError."""
    replace_file(room / ANSWERS, msgspec.json.encode(answers))
