"""How the box stands in its community, as panel, ``status`` and ``doctor`` read it: the agent is not believed."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fleet.agent.standing import (
    ANSWERS,
    LARGEST_BYTES,
    STANDING,
    Answered,
    Standing,
    answers_in,
    standing_in,
    write_answers,
    write_standing,
)
from fleet.agent.states import State

STANDS = Standing(
    state=State.JOINED, name="yard-3", zone="三号院", hub="10.0.0.1", since=datetime(2026, 5, 1, tzinfo=UTC)
)
ANSWER = Answered(proposal="w-1", adopted=True)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """By whoever may read the agent's room."""
    write_standing(tmp_path, STANDS)
    write_answers(tmp_path, (ANSWER,))
    assert (standing_in(tmp_path), answers_in(tmp_path)) == (STANDS, (ANSWER,))


def a_link(path: Path) -> None:
    """Put a link where the file was, to something that would be read for ever."""
    path.unlink()
    path.symlink_to("/dev/zero")


def a_pipe(path: Path) -> None:
    """Put a pipe there, at which a reader would wait."""
    path.unlink()
    os.mkfifo(path)


def too_much(path: Path) -> None:
    """Make it larger than anything that the agent writes."""
    os.truncate(path, LARGEST_BYTES + 1)


def nested(path: Path) -> None:
    """Nest it deeper than a parser may follow."""
    path.write_bytes(b'[{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}]")


def nested_in_an_unknown_field(path: Path) -> None:
    """Nest it as deep where a field is passed over that this version does not know."""
    path.write_bytes(path.read_bytes().replace(b"{", b'{"x":' + b"[" * 100_000 + b"]" * 100_000 + b",", 1))


@pytest.mark.parametrize("damage", [a_link, a_pipe, too_much, nested, nested_in_an_unknown_field, Path.unlink])
def test_an_agent_that_was_broken_into_harms_nobody_who_reads(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    """It counts as nothing written: no page of the panel fails of it, nor does a verb of root's."""
    write_standing(tmp_path, STANDS)
    write_answers(tmp_path, (ANSWER,))
    damage(tmp_path / STANDING)
    damage(tmp_path / ANSWERS)
    assert (standing_in(tmp_path), answers_in(tmp_path)) == (None, ())
