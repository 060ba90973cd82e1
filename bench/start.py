"""How late the first sample of a cue is, by the word of the card; and how late what one would use instead."""

from __future__ import annotations

import argparse
import math
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from bench.card import Lateness, build_card, lateness, new_card
from bench.failed import BenchFailed
from bench.figures import Figure, Measurement, percentile
from bench.load import Requests, busy_cores
from bench.others import SPACING_SECONDS, coming_seconds, mp3_of, pydub_by_apscheduler, shell_at_the_second, wait_until
from bench.processes import await_panel, await_speaker, bench_folders, free_port, panel, speaker, write_settings
from bench.tone import publish_tone, timezone_of, write_tone
from programme.publication import SAMPLE_RATE_HZ

SUMMARY = "lateness of a cue's first sample, idle and loaded, beside cron + aplay / mpg123 and APScheduler + pydub"
AIM_IDLE_MS = 1.0
AIM_LOADED_MS = 5.0
TONE_FRAMES = SAMPLE_RATE_HZ // 10
CUE_SPACING_SECONDS = 1
START_UP_SECONDS = 8  # from publishing to the first cue: the speaker has to be there by then
LEAD_IN_MS = 200  # shorter than an amplifier needs, so that a cue fits into each second
OF_OTHERS = 30


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take how many cues are measured."""
    parser.add_argument("--cues", type=int, default=200, help="cues of xiaolaba, idle and again loaded (200)")
    parser.add_argument("--others", type=int, default=OF_OTHERS, help=f"cues of each other player ({OF_OTHERS})")
    parser.add_argument("--spacing", type=int, default=CUE_SPACING_SECONDS, help="whole seconds between our cues")


def measure(arguments: argparse.Namespace) -> Measurement:
    """Measure everything, one after the other."""
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="xiaolaba-card-") as name:
        folder = Path(name)
        library = build_card(folder)
        for loaded in (False, True):
            found = _ours(library, folder / f"ours-{loaded}", arguments.cues, arguments.spacing, loaded=loaded)
            load = "loaded" if loaded else "idle"
            figures += _figures(f"xiaolaba, {load}", found, AIM_LOADED_MS if loaded else AIM_IDLE_MS)
        figures += _others(library, folder, arguments.others)
    return Measurement(
        name="start",
        conditions=(
            f"first sample of a cue against its due instant, by the log of a virtual ALSA card; {arguments.cues} cues, "
            f"one each {arguments.spacing} s, lead-in {LEAD_IN_MS} ms; loaded: every core in a loop and the panel "
            f"under requests; {arguments.others} cues of each other player, idle, started at the due instant (the up "
            "to one second by which cron itself wakes late is not counted)"
        ),
        figures=tuple(figures),
    )


def _ours(library: Path, folder: Path, cues: int, spacing_seconds: int, *, loaded: bool) -> Lateness:
    card = new_card(library, folder)
    with bench_folders() as folders, ExitStack() as running:
        dues = coming_seconds(cues, spacing_seconds, first_in_seconds=START_UP_SECONDS)
        write_settings(folders, timezone_of(dues[0]), lead_in_ms=LEAD_IN_MS, tail_ms=0)
        publication = publish_tone(folders, TONE_FRAMES, dues[0])
        process = running.enter_context(speaker(folders, card.environment, dues))
        await_speaker(process, folders, publication.revision)
        if loaded:
            port = free_port()
            await_panel(running.enter_context(panel(folders, {}, port)), port)
            requests = running.enter_context(Requests(port))
            running.enter_context(busy_cores())
        wait_until(dues[-1])
        process.require_alive()
        wait_until(coming_seconds(1, 1)[0])
        if loaded and requests.answered == 0:
            raise BenchFailed("面板没有回答任何请求，测不出负载下的情况", "the panel answered no request under load")
    return lateness(card, TONE_FRAMES, dues, spacing_seconds)


def _others(library: Path, folder: Path, cues: int) -> list[Figure]:
    wav = folder / "tone.wav"
    write_tone(wav, TONE_FRAMES)
    mp3 = mp3_of(wav)
    figures = []
    commands: Mapping[str, str | None] = {
        "aplay": f"aplay -q {wav}",
        "mpg123": f"mpg123 -q -o alsa {mp3}" if mp3 else None,
    }
    for player, command in commands.items():
        what = f"sh -c {player} at the due second"
        if command is None or shutil.which(player) is None:
            figures.append(Figure(what, None, "ms", note="not available here"))
            continue
        card = new_card(library, folder / player)
        dues = shell_at_the_second(command, cues, card.environment)
        figures += _figures(what, lateness(card, TONE_FRAMES, dues, SPACING_SECONDS), None)
    if shutil.which("ffplay") is None:
        return [*figures, Figure("APScheduler + pydub.playback", None, "ms", note="not available here (no ffplay)")]
    card = new_card(library, folder / "pydub")
    dues = pydub_by_apscheduler(wav, cues, card.environment)
    return figures + _figures("APScheduler + pydub.playback", lateness(card, TONE_FRAMES, dues, SPACING_SECONDS), None)


def _figures(what: str, found: Lateness, aim_p99_ms: float | None) -> list[Figure]:
    note = f"{len(found.ms)} heard" + (f", {found.missed} NOT HEARD" if found.missed else "")
    if not found.ms:
        return [Figure(what, None, "ms", note=note)]
    off = [math.fabs(one) for one in found.ms]  # too early is as wrong as too late
    return [
        Figure(f"{what}: p50", percentile(off, 50), "ms", None, f"from {min(found.ms):+.3f} to {max(found.ms):+.3f}"),
        Figure(f"{what}: p99", percentile(off, 99), "ms", aim_p99_ms, note),
        Figure(f"{what}: max", max(off), "ms"),
    ]
