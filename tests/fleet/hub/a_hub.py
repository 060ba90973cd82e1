"""A hub as a process of its own, with a real Mosquitto, on a data folder and ports of the test's own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

from box.clock import SystemClock
from box.folders import Folders
from cli.places import child_environment
from fleet.hub.client import HubAway, HubClient
from fleet.hub.founding import found
from fleet.hub.room import HubRoom, HubSettings
from tests.running import free_port

PIN = "314159"
PATIENCE_SECONDS = 60.0


def eventually(holds: Callable[[], object], what: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until ``holds`` returns something true."""
    clock, pause = SystemClock(), Event()
    until = clock.monotonic() + seconds
    while not holds():
        assert clock.monotonic() < until, f"never came about: {what}"
        pause.wait(0.02)


@dataclass
class AHub:
    """A hub that was founded in ``folders``; it runs while ``process`` does, at ``host``, by the command ``under``."""

    folders: Folders
    settings: HubSettings
    process: subprocess.Popen[bytes] | None = None
    host: str = "127.0.0.1"
    under: tuple[str, ...] = ()

    @property
    def room(self) -> HubRoom:
        """Its files."""
        return HubRoom(self.folders.hub)

    @property
    def client(self) -> HubClient:
        """The way that the panel asks it."""
        return HubClient(self.folders.hub_socket)

    def start(self) -> None:
        """Start it and wait until it answers and its broker is there."""
        words = ("--data", str(self.folders.data), "--runtime", str(self.folders.runtime), "--host", self.host)
        with self._said.open("ab") as log:  # a pipe that nobody reads is full one day, and the hub would hang
            self.process = subprocess.Popen(
                [*self.under, sys.executable, "-P", "-m", "fleet.hub", *words], env=child_environment(), stderr=log
            )
        eventually(self.is_there, "the hub answers")

    @property
    def _said(self) -> Path:
        return self.folders.data / "hub.said"

    def is_there(self) -> bool:
        """Tell whether it answers and is connected to its broker."""
        assert self.process is not None
        assert self.process.poll() is None, self._said.read_text(encoding="utf-8", errors="replace")
        try:
            return self.client.zones().hub.broker
        except HubAway:
            return False

    def broker_pid(self) -> int:
        """Return the number of its Mosquitto."""
        assert self.process is not None
        for thread in Path(f"/proc/{self.process.pid}/task").iterdir():
            with suppress(FileNotFoundError):  # a thread that has just ended
                for child in (thread / "children").read_text(encoding="ascii").split():
                    if b"mosquitto" in Path(f"/proc/{child}/cmdline").read_bytes():
                        return int(child)
        raise AssertionError("the broker does not run")

    def stop(self) -> None:
        """End it in an orderly way."""
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            assert self.process.wait(60) == 0, self._said.read_text(encoding="utf-8", errors="replace")
            self.process = None

    def kill(self) -> None:
        """End it as a power cut does."""
        if self.process is not None:
            os.kill(self.broker_pid(), signal.SIGKILL)
            self.process.kill()
            self.process.wait(60)
            self.process = None


@contextmanager
def hub_at(data: Path, address: str = "127.0.0.1") -> Iterator[AHub]:
    """Give a hub that was founded in ``data``, not yet started, for boxes that find it at ``address``."""
    runtime = Path(f"/tmp/xlb-{os.getpid()}-{abs(hash(data)) % 10**8}")  # noqa: S108 - a socket's path is short
    folders = Folders(data, runtime)
    settings = HubSettings(broker_port=free_port(), https_port=free_port(), hosts=(address,))
    folders.clips.mkdir(parents=True, exist_ok=True)
    found(HubRoom(folders.hub), settings, PIN, SystemClock())
    hub = AHub(folders, settings)
    try:
        yield hub
    finally:
        if hub.process is not None:
            hub.process.terminate()
            hub.process.wait(60)
        for left in folders.hub_socket.parent.glob("*"):
            left.unlink()
        if folders.hub_socket.parent.is_dir():
            folders.hub_socket.parent.rmdir()


NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)
