"""A whole machine by the tool that somebody has for it: on, off by force, and commands in it."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

import msgspec

from speaker.protocol import Airing, Status

UNITS = ("xiaolaba-speaker.service", "xiaolaba-panel.service", "xiaolaba-clock.socket", "xiaolaba-copy.timer")


class Unanswered(Exception):
    """The machine did not do what it was asked: it is off, or it said no."""


class WholeMachine:
    """A machine that has xiaolaba installed from its package, reached as root by ``tool``.

    ``tool boot`` starts it and returns when it can be reached, ``tool ssh COMMAND`` runs a command in it with the
    standard input and output of here, and ``tool cut`` takes its power away. ``boot_words`` go to each boot.
    """

    def __init__(self, tool: str, boot_words: Sequence[str] = ()) -> None:
        self._tool = tool
        self._boot_words = boot_words

    def power_on(self) -> subprocess.Popen[bytes]:
        """Give it power; the process ends with 0 when the machine can be reached."""
        return subprocess.Popen(
            [self._tool, "boot", *self._boot_words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def cut(self) -> None:
        """Take its power away, whatever it does."""
        subprocess.run([self._tool, "cut"], check=False, capture_output=True, timeout=60)

    def run(self, command: str, given: str = "", *, seconds: float = 240.0, may_fail: bool = False) -> str:
        """Return what ``command`` prints. Raises Unanswered for an exit code that is not 0, unless it may fail."""
        try:
            done = subprocess.run(
                [self._tool, "ssh", command], input=given, capture_output=True, text=True, timeout=seconds, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise Unanswered(f"{command}: no answer in {seconds:.0f} s") from error
        if done.returncode and not may_fail:
            raise Unanswered(f"{command}: {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout

    def lines(self, command: str) -> Iterator[str]:
        """Yield what ``command`` prints, line by line, until it ends or the power does."""
        with subprocess.Popen(
            [self._tool, "ssh", command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as process:
            assert process.stdout is not None
            yield from process.stdout

    def as_panel(self, program: str) -> str:
        """Run a Python ``program`` of ours in it, as the panel's user and with what is installed."""
        return self.run("runuser -u xiaolaba-panel -- /opt/xiaolaba/venv/bin/python -P -", program)

    def await_units(self, seconds: float = 300.0) -> None:
        """Return as soon as all units are active and the speaker answers. Raises Unanswered where that never comes."""
        end = time.monotonic() + seconds
        while True:
            states = self.run(f"systemctl is-active {' '.join(UNITS)}", may_fail=True).split()
            if states == ["active"] * len(UNITS) and self.status() is not None:
                return
            if time.monotonic() > end:
                raise Unanswered(f"after {seconds:.0f} s the units are {states}")
            time.sleep(2)

    def status(self) -> Status | None:
        """Return how the speaker is, None while it does not answer."""
        with suppress(Unanswered, msgspec.DecodeError):
            return msgspec.json.decode(self.run("xiaolaba status --json"), type=Status)
        return None

    def rows(self) -> tuple[Airing, ...]:
        """Return its as-run log."""
        return msgspec.json.decode(self.run("xiaolaba log --json"), type=tuple[Airing, ...])

    def wrong(self) -> set[str]:
        """Return the codes of what ``doctor`` finds wrong."""
        findings: list[dict[str, Any]] = json.loads(self.run("xiaolaba doctor --json", may_fail=True))
        return {finding["code"] for finding in findings if finding["state"] == "wrong"}
