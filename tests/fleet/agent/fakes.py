"""A speaker without a sound and an HTTPS without a network, for the agent's parts."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from msgspec.structs import replace

from box.clock import Clock
from fleet.agent.audio import AudioAway, GivenUp
from fleet.wire.documents import Announcement, Travels
from speaker.airing import Outcome, Reason
from speaker.client import SpeakerAway
from speaker.condition import ClockStatus
from speaker.protocol import Done, Records, Refused, Status
from speaker.record import Airing
from speaker.trust.states import Trust
from tests.speaker.intake.a_panel import wav

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
FRAMES = 48_000


def a_row(number: int, change: int, **more: object) -> Airing:
    """Return a row of the as-run log."""
    row = Airing(
        id=number,
        change=change,
        priority="page",
        origin="fleet",
        who="",
        broadcast=None,
        day=date(2026, 3, 2),
        attempt=1,
        due=None,
        started=NOW,
        ended=NOW,
        outcome=Outcome.AIRED,
        reason=Reason.NONE,
        frames=FRAMES,
        frames_played=FRAMES,
        lateness_ms=0.3,
        volume_percent=80,
        revision="r1",
        said=(),
    )
    return replace(row, **more)


@dataclass
class FakeSpeaker:
    """A speaker that takes every bulletin at once and sounds what the test lets sound."""

    clock: Clock
    log: str = "log-1"
    rows: list[Airing] = field(default_factory=list)
    asked: list[dict[str, object]] = field(default_factory=list)
    stops: int = 0
    refuses: Refused | None = None
    away: bool = False
    taken: tuple[str, ...] = ()
    takes: bool = True
    trust: Trust = Trust.SYNCHRONISED

    def play(self, **asked: object) -> Done | Refused:
        """Begin a row, or refuse."""
        self._there()
        self.asked.append(asked)
        if self.refuses is not None:
            return self.refuses
        number = len(self.rows) + 1
        self.rows.append(a_row(number, number, outcome=None, started=None, ended=None, frames_played=0))
        return Done(airing=number)

    def stop(self, who: str = "") -> Done:
        """End what is open."""
        self._there()
        self.stops += 1
        self.rows = [
            row if row.outcome else replace(row, outcome=Outcome.CUT, reason=Reason.STOPPED) for row in self.rows
        ]
        return Done()

    def end(self, outcome: Outcome = Outcome.AIRED, reason: Reason = Reason.NONE) -> None:
        """Let what is open end."""
        ended = replace(self.rows[-1], outcome=outcome, reason=reason, started=NOW, frames_played=FRAMES)
        self.rows[-1] = replace(ended, change=ended.change + 100)

    def status(self) -> Status:
        """Return how it is."""
        self._there()
        return Status(
            version="0",
            now=self.clock.now(),
            zone="盘龙苑",
            timezone="Asia/Shanghai",
            revision="r1",
            card="card",
            amplifier="none",
            quiet_now=False,
            quiet_hours="",
            silenced=False,
            sounding=None,
            today=(),
            next_due=None,
            alarms=(),
            bulletins=self.taken,
            clock=ClockStatus(trust=self.trust),
        )

    def records(self, *, after: int = 0, changed_after: int | None = None, most: int = 500) -> Records:
        """Return rows."""
        self._there()
        if changed_after is not None:
            rows = sorted((row for row in self.rows if row.change > changed_after), key=lambda row: row.change)
        else:
            rows = [row for row in self.rows if row.id > after]
        return Records(airings=tuple(rows[:most]), more=len(rows) > most, log=self.log)

    def _there(self) -> None:
        if self.away:
            raise SpeakerAway("播音程序没有回答", "the speaker does not answer")


@dataclass
class FakeAudio:
    """A hub's audio. ``cut`` is after how many bytes the connection breaks, the next time only."""

    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    cut: int | None = None
    before_each: Callable[[], None] = lambda: None

    def fetch(self, travels: Travels, target: Path, wanted: Callable[[], bool]) -> None:
        """Bring it, as far as the connection holds."""
        self.asked.append(travels.sha256)
        self.before_each()
        if not wanted():
            raise GivenUp
        content = self.files.get(travels.sha256)
        if content is None:
            raise AudioAway("没有", "it is not there")
        had = target.read_bytes() if target.exists() else b""
        if self.cut is not None:
            target.write_bytes(content[: self.cut])
            self.cut = None
            raise AudioAway("断了", "cut")
        target.write_bytes(had + content[len(had) :])


def a_flac(folder: Path, value: int = 1) -> tuple[Announcement, bytes]:
    """Return an announcement of a second and the FLAC that it travels as."""
    content = wav(FRAMES, value=value)
    source, target = folder / "it.wav", folder / "it.flac"
    source.write_bytes(content)
    subprocess.run(["ffmpeg", "-loglevel", "error", "-y", "-i", str(source), "-c:a", "flac", str(target)], check=True)
    flac = target.read_bytes()
    announcement = Announcement(
        title="停水",
        text="马上停水。",
        clip=hashlib.sha256(content).hexdigest(),
        frames=FRAMES,
        travels=Travels(sha256=hashlib.sha256(flac).hexdigest(), size=len(flac)),
        voice="v",
        engine="recording",
    )
    return announcement, flac
