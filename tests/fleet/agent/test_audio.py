"""Fetching a clip: from a real HTTPS port, gone on with where it was cut, and never more than was announced."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from fleet.agent.audio import AudioAway, GivenUp, HttpsAudio
from fleet.enrol import contexts
from fleet.wire.documents import Travels
from tests.fleet.hub.test_https import CONTENT, DIGEST, Port, port
from tests.running import free_port

TRAVELS = Travels(sha256=DIGEST, size=len(CONTENT))
__all__ = ["port"]  # the fixture, with a member and one clip


def audio(port: Port, *hosts: str) -> HttpsAudio:
    """Return what fetches as the member, from those hosts or where the port is."""
    return HttpsAudio(hosts or ("127.0.0.1",), port.server.port, lambda: contexts.member(port.member))


@pytest.mark.parametrize("had", [0, 1, 1000, len(CONTENT) - 1])
def test_it_goes_on_where_it_was_cut(port: Port, tmp_path: Path, had: int) -> None:
    """What came before is not fetched again."""
    target = tmp_path / "coming.flac"
    if had:
        target.write_bytes(CONTENT[:had])
    audio(port).fetch(TRAVELS, target, lambda: True)
    assert target.read_bytes() == CONTENT


def test_the_next_address_is_tried_where_one_is_silent(port: Port, tmp_path: Path) -> None:
    """The hub's router gave it another: its ticket has both."""
    target = tmp_path / "coming.flac"
    audio(port, "127.0.0.9", "127.0.0.1").fetch(TRAVELS, target, lambda: True)
    assert target.read_bytes() == CONTENT


def test_no_more_is_taken_than_was_announced(port: Port, tmp_path: Path) -> None:
    """A hub that sends a gigabyte fills nothing."""
    target = tmp_path / "coming.flac"
    audio(port).fetch(Travels(sha256=DIGEST, size=1000), target, lambda: True)
    assert target.stat().st_size == 1000


def test_a_clip_that_is_shorter_than_announced_is_not_there_yet(port: Port, tmp_path: Path) -> None:
    """It is asked for again, and what came is kept."""
    target = tmp_path / "coming.flac"
    with pytest.raises(AudioAway):
        audio(port).fetch(Travels(sha256=DIGEST, size=len(CONTENT) + 1), target, lambda: True)
    assert target.read_bytes() == CONTENT


def test_what_the_hub_does_not_have_is_away(port: Port, tmp_path: Path) -> None:
    """Nothing is written of its answer."""
    target = tmp_path / "coming.flac"
    with pytest.raises(AudioAway, match="404"):
        audio(port).fetch(Travels(sha256=hashlib.sha256(b"").hexdigest(), size=10), target, lambda: True)
    assert not target.exists()


def test_where_nobody_listens_it_is_away(port: Port, tmp_path: Path) -> None:
    """The network is down: that is no fault of the storage."""
    away = HttpsAudio(("127.0.0.1",), free_port(), lambda: contexts.member(port.member))
    with pytest.raises(AudioAway):
        away.fetch(TRAVELS, tmp_path / "coming.flac", lambda: True)


def test_what_nobody_wants_any_more_is_given_up(port: Port, tmp_path: Path) -> None:
    """It was stopped while it came: the rest is not fetched."""
    asked: list[bool] = []

    def wanted() -> bool:
        asked.append(True)
        return len(asked) < 2

    with pytest.raises(GivenUp):
        audio(port).fetch(TRAVELS, tmp_path / "coming.flac", wanted)
    assert (tmp_path / "coming.flac").stat().st_size < len(CONTENT)


def test_storage_that_refuses_is_told_as_what_it_is(port: Port, tmp_path: Path) -> None:
    """Not as the network."""
    with pytest.raises(OSError, match="nowhere"):
        audio(port).fetch(TRAVELS, tmp_path / "nowhere" / "coming.flac", lambda: True)
