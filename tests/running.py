"""The program as a person starts it: real processes on a data folder of the test's own."""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from box.clock import SystemClock
from cli.places import child_environment

ENGLISH = {"LC_ALL": "en_GB.UTF-8"}
# When a broadcast of a test's programme in China is due that no test is about: never while it runs, at whatever hour.
HALF_A_DAY_OFF = f"{SystemClock().now().astimezone(ZoneInfo('Asia/Shanghai')) + timedelta(hours=12):%H:%M}"


def command(*words: str) -> list[str]:
    """Return the command line of a verb."""
    return [sys.executable, "-P", "-m", "cli", *words]


def done(*words: str) -> subprocess.CompletedProcess[str]:
    """Do a verb to its end."""
    return subprocess.run(
        command(*words),
        env={**child_environment(), **ENGLISH},
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )


# Tests run in several processes at a time. A port that the kernel gave and took back it may give to another of them;
# so they count through those that it never gives of itself (Linux gives from 32768 on), each from another place.
_PORTS = range(10_000, 32_000)
_candidates = (_PORTS[one % len(_PORTS)] for one in itertools.count(131 * os.getpid()))


def free_port() -> int:
    """Return a port that nobody listens on."""
    for port in _candidates:
        with contextlib.suppress(OSError), socket.create_server(("", port)):
            return port
    raise AssertionError("there is no end of candidates")


def write(data: Path, programme: str) -> None:
    """Put a programme into a data folder."""
    (data / "panel").mkdir(parents=True, exist_ok=True)
    (data / "panel/schedule.yaml").write_text(programme, encoding="utf-8")


class Run:
    """A ``run`` that is on, and what it has said on standard error so far."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said: list[str] = []

    def until(self, words: str) -> str:
        """Wait for the line that holds ``words``, and return it."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.said.append(line)
            if words in line:
                return line
        raise AssertionError(f"never said {words!r}: {''.join(self.said)}")

    def printed(self, words: str) -> str:
        """Wait for the line on standard output that holds ``words``, and return it."""
        assert self.process.stdout is not None
        return next(line for line in self.process.stdout if words in line)

    def end(self, number: signal.Signals) -> float:
        """Ask it to end, and return the seconds that it took."""
        clock = SystemClock()
        asked = clock.monotonic()
        self.process.send_signal(number)
        self.process.wait(60)
        return clock.monotonic() - asked


@contextlib.contextmanager
def running(
    data: Path, port: int, *, environment: Mapping[str, str] | None = None, at_most_seconds: int = 300
) -> Iterator[Run]:
    """Start ``run`` on that data; whatever happens, it has ended afterwards.

    ``environment`` is what its processes have besides ours, such as a virtual card's.
    """
    words = command("--data", str(data), "run", "--host", "127.0.0.1", "--port", str(port))
    process = subprocess.Popen(
        [
            "timeout",
            str(at_most_seconds),
            *words,
        ],  # it hands signals on, and keeps a test that waits in vain from waiting for ever
        env={**child_environment(), **ENGLISH, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield Run(process)
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=60)
