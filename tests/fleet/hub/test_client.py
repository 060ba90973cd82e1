"""How long the panel waits for the hub."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import msgspec
import pytest

from fleet.hub import urgent_protocol as u
from fleet.hub.client import HubAway, HubClient

SLOW_SECONDS, NEVER_SECONDS = 0.3, 60.0


@contextmanager
def hub_that_takes(seconds: float, folder: Path) -> Iterator[HubClient]:
    """Give who asks a hub that needs so long for its answer; a step of any other question may take 50 ms."""
    path, ended = folder / "hub.sock", Event()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(path))
        listener.listen()

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                while not connection.recv(65_536).endswith(b"\n"):
                    pass
                if not ended.wait(seconds):
                    connection.sendall(msgspec.json.encode(u.Prepared(urgent="u-1", zones=("yard-1",))) + b"\n")

        thread = Thread(target=answer, daemon=True)
        thread.start()
        yield HubClient(path, timeout_seconds=0.05)
        ended.set()
        thread.join(60)


def prepare(*own: str) -> u.PrepareUrgent:
    """Return an announcement with a clip of their own for these zones."""
    said = {"clip": "0" * 64, "frames": 48_000, "voice": "v", "engine": "e"}
    words = tuple(u.OwnWords(name=name, zone=name, **said) for name in own)  # type: ignore[arg-type]  # as they are named
    return u.PrepareUrgent(zones=("all",), title="停水", text="停水。", own=words, **said)  # type: ignore[arg-type]  # likewise


def test_a_clip_for_each_zone_is_waited_for_as_long_as_they_take(tmp_path: Path) -> None:
    """Each is compressed first: with many zones that is more than any other question takes."""
    with hub_that_takes(SLOW_SECONDS, tmp_path) as client:
        assert client.prepare(prepare("yard-1")).urgent == "u-1"


def test_one_clip_for_all_is_waited_for_as_any_question(tmp_path: Path) -> None:
    """And the page tells that the hub does not answer."""
    with hub_that_takes(NEVER_SECONDS, tmp_path) as client, pytest.raises(HubAway):
        client.prepare(prepare())
