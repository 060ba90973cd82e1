"""Yards of the fleet's bench: real speakers on virtual cards, real agents, and what each card has sounded."""

from __future__ import annotations

import subprocess
import sys
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.card import new_card, onsets
from bench.fleet_hub import URGENT_FRAMES, wait
from bench.processes import Process, clock, write_settings
from bench.tone import timezone_of
from box.folders import Folders
from cli.places import child_environment
from fleet.agent.standing import standing_in
from fleet.agent.states import State
from speaker.client import SpeakerAway, SpeakerClient
from speaker.record import Airing
from tests.card.virtual import VirtualCard

LEAD_IN_MS, TAIL_MS = 100, 20
_STEADY_FRAMES = 16  # of the 24 of half a wave


@dataclass(frozen=True)
class BenchYard:
    """One yard: its folders, its card, and its two processes."""

    name: str
    folders: Folders
    card: VirtualCard
    speaker: Process
    agent: Process

    def joined(self) -> bool:
        """Tell whether its agent is connected."""
        standing = standing_in(self.folders.fleet)
        return standing is not None and standing.state is State.JOINED

    def starts(self) -> list[float]:
        """Return when each announcement began to sound, by the card, on the wall clock: its chime, where it has one."""
        recorded = self.card.recorded()
        begun: list[int] = []
        found = []
        for frame in onsets(recorded, URGENT_FRAMES):
            begun.append(frame)
            if _is_tone(recorded, frame):  # the words themselves; what sounded since the last ones goes before them
                found.append(self.card.sounded_at_ns(begun[0]) / 1e9)
                begun = []
        return found

    def rows(self) -> tuple[Airing, ...]:
        """Return its whole as-run log."""
        rows: list[Airing] = []
        while True:
            records = SpeakerClient(self.folders.socket).records(after=rows[-1].id if rows else 0)
            rows += records.airings
            if not records.more:
                return tuple(rows)


@contextmanager
def yards_of(
    folders: Mapping[str, Folders], built: Path, tell: Callable[[str], None]
) -> Iterator[tuple[BenchYard, ...]]:
    """Run speaker and agent in each of ``folders``, and what the panels do with what is shared, until all are joined.

    They are started one after another: each takes a core for half a second.
    """
    with ExitStack() as stack:
        found = []
        for number, (name, where) in enumerate(folders.items()):
            if number % 10 == 0:
                tell(f"starting yard {number} of {len(folders)}")
            found.append(_yard(stack, name, where, built))
        stack.enter_context(_panels(list(folders.values())))
        wait(lambda: all(yard.joined() for yard in found), "all yards connected", look_seconds=0.2)
        yield tuple(found)


def _yard(stack: ExitStack, name: str, folders: Folders, built: Path) -> BenchYard:
    card = new_card(built, folders.data / "card")
    write_settings(folders, timezone_of(clock.now()), lead_in_ms=LEAD_IN_MS, tail_ms=TAIL_MS)
    folders.panel.mkdir(parents=True, exist_ok=True)
    speaker = Process("speaker", folders, card.environment, "--assume-clock")
    stack.callback(speaker.end)
    wait(lambda: _answers(folders, speaker), f"the speaker of {name}")
    agent = Process("fleet.agent", folders, {})
    stack.callback(agent.end)
    return BenchYard(name, folders, card, speaker, agent)


def _is_tone(recorded: bytes, frame: int) -> bool:
    """Tell whether the square wave of the bench begins there: its first samples are one as the other."""
    samples = array("h", recorded[frame * 2 : (frame + _STEADY_FRAMES) * 2])
    return len(set(samples)) == 1


def _answers(folders: Folders, speaker: Process) -> bool:
    speaker.require_alive()
    try:
        SpeakerClient(folders.socket).status()
    except SpeakerAway:
        return False
    return True


@contextmanager
def _panels(folders: Sequence[Folders]) -> Iterator[None]:
    words = [str(one.data) for one in folders]
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "bench.yard_panels", *words], env=child_environment(), stdin=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.kill()
        process.wait()
