"""The speaker and the panel as ``run`` starts them, on folders and a card of the bench's own."""

from __future__ import annotations

import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from bench.failed import BenchFailed
from box.clock import SystemClock
from box.folders import Folders
from cli.places import child_environment, fleet_agent, module
from speaker.client import SpeakerAway, SpeakerClient

LOOK_SECONDS = 0.005
PATIENCE_SECONDS = 30.0
GRACE_SECONDS = 5.0
clock = SystemClock()


@contextmanager
def bench_folders(inside: Path | None = None) -> Iterator[Folders]:
    """Yield a data and a runtime folder that are gone afterwards; the path is short, as a socket's must be.

    They lie in ``inside``, otherwise where temporary files do.
    """
    with tempfile.TemporaryDirectory(prefix="xiaolaba-bench-", dir=inside) as name:
        folder = Path(name)
        (folder / "data").mkdir()
        yield Folders(folder / "data", folder / "run")


def write_settings(folders: Folders, timezone: str, *, lead_in_ms: int, tail_ms: int) -> None:
    """Write settings under which every cue may sound at any hour."""
    (folders.data / "settings.toml").write_text(
        f'[audio]\ndevice = "default"\nlead_in_ms = {lead_in_ms}\ntail_ms = {tail_ms}\n'
        f'[limits]\ntimezone = "{timezone}"\nquiet_hours = ""\nlongest_minutes_per_day = 1440\n',
        encoding="utf-8",
    )


class Process:
    """One of a box's processes. ``log`` holds what it writes."""

    def __init__(self, name: str, folders: Folders, environment: Mapping[str, str], *more: str) -> None:
        self.name = name
        self.log = folders.data / f"{name}.log"
        with self.log.open("ab") as log:
            self._popen = subprocess.Popen(
                fleet_agent(folders) if name == "fleet.agent" else module(name, folders, *more),
                env={**child_environment(), **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.pid = self._popen.pid

    def require_alive(self) -> None:
        """Raise BenchFailed, with its last words, where it has ended."""
        if self._popen.poll() is not None:
            words = self.log.read_text(encoding="utf-8", errors="replace")[-2000:]
            raise BenchFailed(
                f"{self.name} 进程意外结束（{self._popen.returncode}）：{words}",
                f"the process {self.name} ended with {self._popen.returncode}: {words}",
            )

    def end(self) -> None:
        """End it in order, and by force where that takes too long."""
        self._popen.terminate()
        try:
            self._popen.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            self._popen.wait()


@contextmanager
def speaker(folders: Folders, environment: Mapping[str, str], dues: Sequence[datetime] = ()) -> Iterator[Process]:
    """Start the speaker, with cues at ``dues`` (evenly spaced) in the place of the programme's; end it afterwards."""
    if dues:
        spacing = dues[1] - dues[0] if len(dues) > 1 else timedelta(minutes=1)
        numbers = {"first": dues[0].timestamp(), "count": len(dues), "every": spacing.total_seconds()}
        words = [word for name, number in numbers.items() for word in (f"--{name}", str(int(number)))]
        process = Process("bench.dense_speaker", folders, environment, *words)
    else:
        process = Process("speaker", folders, environment, "--assume-clock")
    try:
        yield process
    finally:
        process.end()


@contextmanager
def panel(folders: Folders, environment: Mapping[str, str], port: int) -> Iterator[Process]:
    """Start the panel on the loopback interface; end it afterwards."""
    process = Process("web", folders, environment, "--host", "127.0.0.1", "--port", str(port))
    try:
        yield process
    finally:
        process.end()


def await_speaker(process: Process, folders: Folders, revision: str) -> None:
    """Return as soon as the speaker answers that it airs ``revision``."""
    client = SpeakerClient(folders.socket)
    until = clock.monotonic() + PATIENCE_SECONDS
    last = ""
    while clock.monotonic() < until:
        process.require_alive()
        try:
            status = client.status()
            if status.revision == revision:
                return
            last = str(status)
        except SpeakerAway as error:
            last = str(error)
        time.sleep(LOOK_SECONDS)
    raise BenchFailed(f"播音程序没有准备好：{last}", f"the speaker did not get ready: {last}")


def await_panel(process: Process, port: int) -> None:
    """Return as soon as the panel answers with a page."""
    until = clock.monotonic() + PATIENCE_SECONDS
    while clock.monotonic() < until:
        process.require_alive()
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
        except urllib.error.HTTPError:
            return  # it answers
        except OSError:
            time.sleep(LOOK_SECONDS)
        else:
            return
    raise BenchFailed("面板没有准备好", "the panel did not get ready")


def free_port() -> int:
    """Return a port of the loopback interface that nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port
