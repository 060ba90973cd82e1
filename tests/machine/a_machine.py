"""A whole machine by the tool that somebody has for it: on, off by force, and commands in it."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from speaker.record import Airing

MESSAGE = "hello"  # the one that is changed

UNITS = ("xiaolaba-speaker.service", "xiaolaba-panel.service", "xiaolaba-clock.socket", "xiaolaba-copy.timer")


class Unanswered(Exception):
    """The machine did not do what it was asked: it is off, or it said no."""


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What is there after a boot.

    The words that are ``saved`` and, if the speaker has them, ``on_air``; what ``doctor`` calls ``wrong``, by its
    codes; and other ``troubles``: units that failed, damaged files, half a clip, a log that does not verify.
    """

    now: datetime
    rows: tuple[Airing, ...]
    saved: str
    on_air: str
    wrong: frozenset[str]
    troubles: tuple[str, ...]


_LOOK = f"""
import hashlib, json, subprocess, sys, time
from contextlib import suppress
from pathlib import Path
import msgspec
from box.clock import SystemClock
from box.folders import Folders
from programme.file import ProgrammeFile
from programme.publication import decode_publication
from speaker.client import SpeakerAway, SpeakerClient

folders = Folders(Path("/var/lib/xiaolaba"), Path("/run/xiaolaba"))
client = SpeakerClient(folders.socket, 20.0)

def words():
    edition = ProgrammeFile(folders.programme).read()
    saved = next(one.text for one in edition.programme.messages if one.id == {MESSAGE!r})
    publication = decode_publication(folders.publication.read_bytes())
    if client.status().revision == publication.revision == edition.revision:
        return saved, next(one.text for one in publication.messages if one.id == {MESSAGE!r})
    return saved, ""

def done(*words):
    return subprocess.run(words, capture_output=True, text=True)

saved = on_air = ""
end = time.monotonic() + 300
while not on_air and time.monotonic() < end:
    with suppress(SpeakerAway):
        saved, on_air = words()
    if not on_air:
        time.sleep(2)
rows, more = [], True
while more:
    records = client.records(after=rows[-1].id if rows else 0)
    rows, more = [*rows, *records.airings], records.more
troubles = done("systemctl", "--failed", "--no-legend", "--plain").stdout.splitlines()
troubles += [str(path) for path in folders.data.rglob("*.damaged-*")]
clips = [path for path in folders.data.rglob("*.wav") if len(path.stem) == 64]
halves = [path for path in clips if hashlib.sha256(path.read_bytes()).hexdigest() != path.stem]
troubles += [f"{{path}} is not what it is named by" for path in halves]
verified = done("xiaolaba", "log", "--verify")
if verified.returncode:
    troubles.append(verified.stdout + verified.stderr)
wrong = None
for _ in range(3):  # what is wrong stays wrong; that the speaker had no time to answer does not
    findings = json.loads(done("xiaolaba", "doctor", "--json").stdout)
    found = {{one["code"] for one in findings if one["state"] == "wrong"}}
    wrong = found if wrong is None else wrong & found
    if not wrong:
        break
sys.stdout.buffer.write(msgspec.json.encode({{
    "now": SystemClock().now(), "rows": rows, "saved": saved, "on_air": on_air, "troubles": troubles,
    "wrong": sorted(wrong),
}}))
"""


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

    def python(self, program: str, *, user: str = "root", seconds: float = 600.0) -> str:
        """Return what a Python ``program`` prints that is run in it, with what is installed, as ``user``."""
        return self.run(f"runuser -u {user} -- /opt/xiaolaba/venv/bin/python -P -", program, seconds=seconds)

    def await_units(self, seconds: float = 900.0) -> None:
        """Return as soon as it can be reached and all units are active. Raises Unanswered where that never comes."""
        end = time.monotonic() + seconds
        while self.run(f"systemctl is-active {' '.join(UNITS)}", may_fail=True).split() != ["active"] * len(UNITS):
            if time.monotonic() > end:
                raise Unanswered(f"the units are not active after {seconds:.0f} s")
            time.sleep(3)

    def look(self) -> Seen:
        """Return what is there, as soon as the programme that is saved is on air, or should have been for long."""
        return msgspec.json.decode(self.python(_LOOK), type=Seen)
