"""What the two processes cost: memory after an hour's worth of cues and logins, idle time, start to ready."""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from bench.card import build_card, new_card
from bench.failed import BenchFailed
from bench.figures import Figure, Measurement
from bench.memory import Memory, memory_of, processor_seconds
from bench.others import coming_seconds, wait_until
from bench.processes import (
    await_panel,
    await_speaker,
    bench_folders,
    clock,
    free_port,
    panel,
    speaker,
    write_settings,
)
from bench.tone import publish_tone, timezone_of
from bench.visitor import log_in_from, set_up
from box.folders import Folders
from programme.publication import SAMPLE_RATE_HZ
from speaker.airing import Outcome
from speaker.client import SpeakerClient
from tests.card.virtual import VirtualCard
from web.people.setup_code import SetupCode

SUMMARY = "memory of both processes after an hour's worth of cues, idle processor time, start to ready"
AIM_SPEAKER_MB = 38.0
AIM_PANEL_MB = 60.0
AIM_IDLE_PERCENT = 0.3
AIM_READY_SECONDS = 1.5
CUES = 60
SPACING_SECONDS = 3
TONE_FRAMES = SAMPLE_RATE_HZ
START_UP_SECONDS = 8
LOGINS = 8
STARTS = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take how much of everything there is to be."""
    parser.add_argument("--cues", type=int, default=CUES, help=f"cues before memory is measured ({CUES})")
    parser.add_argument("--idle", type=int, default=60, help="seconds without anything to do (60)")
    parser.add_argument("--starts", type=int, default=STARTS, help=f"starts, of which the median counts ({STARTS})")


def measure(arguments: argparse.Namespace) -> Measurement:
    """Measure everything, one after the other."""
    with tempfile.TemporaryDirectory(prefix="xiaolaba-card-") as name:
        library = build_card(Path(name))
        ready = [_start_to_ready(new_card(library, Path(name) / f"start-{one}")) for one in range(arguments.starts)]
        figures = _in_use(new_card(library, Path(name) / "use"), arguments.cues, arguments.idle)
    return Measurement(
        name="footprint",
        conditions=(
            f"{arguments.cues} cues, one a minute of an hour, squeezed to one each {SPACING_SECONDS} s, of 1 s each, "
            f"on a virtual ALSA card; then {LOGINS} logins at once; MB are 10^6 bytes; children apart"
        ),
        figures=(
            *figures,
            Figure(
                "both: start to ready",
                statistics.median(ready),
                "s",
                AIM_READY_SECONDS,
                f"median of {len(ready)}, {min(ready):.2f} to {max(ready):.2f}",
            ),
        ),
    )


def _in_use(card: VirtualCard, cues: int, idle_seconds: int) -> list[Figure]:
    with bench_folders() as folders, ExitStack() as running:
        port = free_port()
        dues = coming_seconds(cues, SPACING_SECONDS, first_in_seconds=START_UP_SECONDS)
        write_settings(folders, timezone_of(dues[0]), lead_in_ms=500, tail_ms=200)
        publication = publish_tone(folders, TONE_FRAMES, dues[0])
        speaking = running.enter_context(speaker(folders, card.environment, dues))
        showing = running.enter_context(panel(folders, {}, port))
        await_speaker(speaking, folders, publication.revision)
        await_panel(showing, port)
        set_up(port, SetupCode(folders.panel / "setup-code.json", clock).issue())
        wait_until(dues[-1])
        time.sleep(SPACING_SECONDS)
        _require_aired(folders, cues)
        before_logins = memory_of(showing.pid)
        log_in_from(LOGINS, port)
        time.sleep(SPACING_SECONDS)
        began = clock.monotonic()
        spent = [processor_seconds(pid) for pid in (speaking.pid, showing.pid)]
        time.sleep(idle_seconds)
        took = clock.monotonic() - began
        idle = [
            (processor_seconds(pid) - before) / took * 100
            for pid, before in zip((speaking.pid, showing.pid), spent, strict=True)
        ]
        speaking.require_alive()
        showing.require_alive()
        memory = memory_of(speaking.pid), memory_of(showing.pid)
    return [
        Figure("speaker: PSS", memory[0].pss, "MB", AIM_SPEAKER_MB, _parts(memory[0])),
        Figure("panel: PSS before logins", before_logins.pss, "MB", AIM_PANEL_MB, _parts(before_logins)),
        Figure("panel: PSS after logins", memory[1].pss, "MB", AIM_PANEL_MB, _parts(memory[1])),
        Figure("speaker: idle", idle[0], "% of a core", None, f"over {took:.0f} s"),
        Figure("panel: idle", idle[1], "% of a core"),
        Figure("both: idle", sum(idle), "% of a core", AIM_IDLE_PERCENT),
    ]


def _start_to_ready(card: VirtualCard) -> float:
    with bench_folders() as folders, ExitStack() as running:
        port = free_port()
        now = clock.now()
        write_settings(folders, timezone_of(now), lead_in_ms=500, tail_ms=200)
        publication = publish_tone(folders, TONE_FRAMES, now)
        began = clock.monotonic()
        speaking = running.enter_context(speaker(folders, card.environment))
        showing = running.enter_context(panel(folders, {}, port))
        await_speaker(speaking, folders, publication.revision)
        await_panel(showing, port)
        return clock.monotonic() - began


def _require_aired(folders: Folders, cues: int) -> None:
    airings = SpeakerClient(folders.socket).records().airings
    aired = sum(airing.outcome is Outcome.AIRED for airing in airings)
    if aired != cues:
        raise BenchFailed(f"{cues} 次广播只播出了 {aired} 次", f"of {cues} cues {aired} were aired: {airings[-3:]}")


def _parts(memory: Memory) -> str:
    return f"private {memory.private:.1f}, resident {memory.resident:.1f}"
