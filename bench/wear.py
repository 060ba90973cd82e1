"""What an idle box writes to its storage in a day: a card wears with every write."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, suppress
from pathlib import Path

from bench.card import build_card, new_card
from bench.failed import BenchFailed
from bench.figures import Figure, Measurement
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
from bench.tone import timezone_of
from bench.written import Written, require_storage, written_by
from box.folders import Folders, share
from cli.places import child_environment
from programme.file import ProgrammeFile
from speaker.trust.keeper import SAVE_SECONDS
from speaker.trust.memory import Memory, MemoryFile
from tests.card.virtual import VirtualCard
from tts.back_off import LONGEST_REST_SECONDS
from tts.child import RenderChild
from tts.engines import EngineUnavailable
from tts.job import Job
from tts.library import ClipLibrary
from tts.voices import EDGE, ESPEAK_VOICE

SUMMARY = "what both processes write to the storage while nothing happens, as a day of it"
AIM_MB_A_DAY = 5.0
MINUTES = 10.0
SETTLE_SECONDS = 180  # the panel looks at everything once in the first two minutes
PUBLISH_SECONDS = 900  # it renders the starter programme
NOBODY = "http://127.0.0.1:1"
ON_STORAGE = Path("/var/tmp")  # noqa: S108 - outlasts a reboot (FHS 3.0, 5.15), so that it is seldom in memory


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take how long and where."""
    parser.add_argument("--minutes", type=float, default=MINUTES, help=f"without anything to do ({MINUTES:g})")
    parser.add_argument("--folder", type=Path, default=ON_STORAGE, help=f"where the data lies ({ON_STORAGE})")


def measure(arguments: argparse.Namespace) -> Measurement:
    """Let both run with nothing to do, and count."""
    with ExitStack() as stack:
        folders = stack.enter_context(bench_folders(arguments.folder))
        require_storage(folders.data)
        library = build_card(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="xiaolaba-card-"))))
        # The card's log is written by the speaker's process each time that it looks for the card: no wear of a box.
        in_memory = stack.enter_context(tempfile.TemporaryDirectory(prefix="xiaolaba-card-", dir="/dev/shm"))
        card = new_card(library, Path(in_memory) / "idle")
        seconds, of_speaker, of_panel = _idle(folders, card, arguments.minutes * 60)
        a_save, a_try = _a_save(folders), _a_try(folders)
    return Measurement(
        name="wear",
        conditions=(
            f"bytes given to the storage (write_bytes of /proc/PID/io) over {seconds / 60:.1f} min, from "
            f"{SETTLE_SECONDS} s after the start on, as a day of them; no cue, no page open, a card in memory; logs go "
            "to files here, to the journal on a box. Not in it: what the file system writes on its own account "
            "(its journal, folders), other processes, and what happens more seldom and is not named below"
        ),
        figures=figures(seconds, of_speaker, of_panel, a_save, a_try),
    )


def figures(
    seconds: float, of_speaker: Written, of_panel: Written, a_save: Written, a_try: Written
) -> tuple[Figure, ...]:
    """Return what was written in ``seconds``, by one save of the clock's memory and by one try, as figures of a day."""
    by_speaker, by_panel = of_speaker.megabytes_a_day(seconds), of_panel.megabytes_a_day(seconds)
    saves, tries = a_save.megabytes_a_day(SAVE_SECONDS), a_try.megabytes_a_day(LONGEST_REST_SECONDS)
    of_a_save = f"a save is {a_save.given} bytes, one each {SAVE_SECONDS / 3600:g} h; measured apart"
    of_a_try = f"where it is away: {a_try.given} bytes, each {LONGEST_REST_SECONDS / 3600:g} h; measured apart"
    return (
        Figure("speaker", by_speaker, "MB a day", None, _counted(of_speaker)),
        Figure("speaker: the clock's memory", saves, "MB a day", None, of_a_save),
        Figure("panel", by_panel, "MB a day", None, _counted(of_panel)),
        Figure("panel: asking for the good voice", tries, "MB a day", None, of_a_try),
        Figure("both", by_speaker + saves + by_panel + tries, "MB a day", AIM_MB_A_DAY),
    )


def _idle(folders: Folders, card: VirtualCard, seconds: float) -> tuple[float, Written, Written]:
    """Return how long it took, and what the speaker and the panel wrote.

    The bench's speaker takes the clock on trust and so keeps no memory of it: that is measured apart.
    """
    with ExitStack() as running:
        port = free_port()
        now = clock.now()
        write_settings(folders, timezone_of(now), lead_in_ms=500, tail_ms=200)
        _publish_starter(folders, timezone_of(now))
        speaking = running.enter_context(speaker(folders, card.environment))
        showing = running.enter_context(panel(folders, {}, port))
        await_speaker(speaking, folders, ProgrammeFile(folders.programme).read().revision)
        await_panel(showing, port)
        time.sleep(SETTLE_SECONDS)
        began = clock.monotonic()
        before = [written_by(process.pid) for process in (speaking, showing)]
        time.sleep(seconds)
        after = [written_by(process.pid) for process in (speaking, showing)]
        took = clock.monotonic() - began
        speaking.require_alive()
        showing.require_alive()
    return took, after[0] - before[0], after[1] - before[1]


def _publish_starter(folders: Folders, timezone: str) -> None:
    """Put the starter programme on air as a person does.

    It is ten o'clock in it, so that nothing is due soon, and a voice of this machine speaks: the panel has nothing to
    ask for.
    """
    starter = (share() / "schedule.yaml").read_text(encoding="utf-8")
    local = re.sub("(?m)^timezone: .*", f"timezone: {timezone}", starter)
    folders.panel.mkdir(parents=True, exist_ok=True)
    folders.programme.write_text(re.sub("(?m)^voice: .*", f"voice: {ESPEAK_VOICE}", local), encoding="utf-8")
    words = [sys.executable, "-P", "-m", "cli", "--data", str(folders.data), "publish"]
    done = subprocess.run(
        words, env=child_environment(), capture_output=True, text=True, check=False, timeout=PUBLISH_SECONDS
    )
    if done.returncode:
        raise BenchFailed(f"没有发布成：{done.stderr}", f"nothing was published: {done.stderr}")


def _a_save(folders: Folders) -> Written:
    """Return what one save of the clock's memory writes: the speaker's own code, in this process."""
    now = clock.now()
    file = MemoryFile(folders.speaker / "clock.json", clock)
    before = written_by(os.getpid())
    file.write(Memory(seen=now, checked=now, boot="0" * 36, chips={"rtc0": True}, marker=now))
    return written_by(os.getpid()) - before


def _a_try(folders: Folders) -> Written:
    """Return what is written where the voice service is asked and away: the panel's own code, in this process."""
    os.sync()  # what was written before is no longer what the try writes into
    before = written_by(os.getpid())
    with ClipLibrary(folders.clips).workplace() as work:
        job = Job(
            engine=EDGE,
            voice="zh-CN-XiaoxiaoNeural",
            spoken="请注意",
            work=str(work),
            target=str(work / "clip.wav"),
            seconds=20.0,
            proxy=NOBODY,
        )
        with suppress(EngineUnavailable):
            RenderChild().render(job)
    return written_by(os.getpid()) - before


def _counted(written: Written) -> str:
    return f"{written.given} bytes counted, {written.cancelled} of them cancelled"
