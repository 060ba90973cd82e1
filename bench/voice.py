"""What a clip costs by each engine, how near the common loudness it is, beside what one would use instead."""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import get_args

from bench.engines import Asked, engines
from bench.failed import BenchFailed
from bench.figures import Figure, Measurement, percentile
from bench.loudness import OURS, WAYS, level_of
from bench.peak import PeakMemory
from bench.speech import Source, mixed_set, mp3_of_service, spoken_seconds
from box.clock import SystemClock
from box.settings import Loudspeaker
from cli.places import child_environment
from programme.publication import SAMPLE_RATE_HZ
from tts.child import RenderChild
from tts.engines import EngineError
from tts.ffmpeg import Level
from tts.job import Job
from tts.mixdown import LOUDEST_PEAK_DBFS, mix_down
from tts.recordings_cleaning import clean
from tts.treatment import AIM_LUFS, Treatment

SUMMARY = "cost of a minute of speech by engine, loudness error over a mixed set, memory; beside pydub and loudnorm"
AIM_SECONDS = 1.0  # for 60 s of finished engine audio
AIM_MB = 120.0
AIM_ERROR_LU = 0.5
SET_SECONDS = 12.0
_clock = SystemClock()


@dataclass(frozen=True)
class Cost:
    """Of one run: seconds by the clock and of all processors together."""

    seconds: float
    processor_seconds: float


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take how much of everything there is to be."""
    parser.add_argument("--seconds", type=float, default=60.0, help="seconds of speech whose cost is measured (60)")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each, of which the median counts (5)")
    parser.add_argument("--set-seconds", type=float, default=SET_SECONDS, help=f"of each sound ({SET_SECONDS:g})")
    parser.add_argument("--sounds", type=int, default=None, help="sounds of the mixed set (all)")


def measure(arguments: argparse.Namespace) -> Measurement:
    """Measure everything, one after the other."""
    with tempfile.TemporaryDirectory(prefix="xiaolaba-voice-") as name, ExitStack() as running:
        folder = Path(name)
        figures = []
        for asked in engines(folder, arguments.seconds, running):
            figures += _rendering(asked, folder, arguments.rounds)
        figures += _finished_audio(folder, arguments.seconds, arguments.rounds)
        place = folder / "set"
        place.mkdir()
        sounds = list(islice(mixed_set(place, arguments.set_seconds), arguments.sounds))
        figures += _loudness(sounds, folder)
    return Measurement(
        name="voice",
        conditions=(
            f"speech of espeak-ng; costs: median of {arguments.rounds} runs; memory: PSS of the child and what it "
            f"starts together, in a run of its own, MB are 10^6 bytes; loudness: {len(sounds)} sounds of "
            f"{arguments.set_seconds:g} s of engines and of phones from -30 to +12 dB, measured again on the "
            f"result by EBU R 128, against {AIM_LUFS:g} LUFS"
        ),
        figures=tuple(figures),
    )


def _rendering(asked: Asked, folder: Path, rounds: int) -> list[Figure]:
    """Render with an engine in the child, as the studio does: its start, the engine and the mixdown."""
    what = f"{asked.engine}: a minute of speech"
    if asked.lacks:
        return [Figure(what, None, "s", note=asked.lacks)]
    minutes = 0.0

    def render() -> Cost:
        nonlocal minutes
        with tempfile.TemporaryDirectory(dir=folder) as work:
            job = Job(engine=asked.engine, work=work, target=f"{work}/clip.wav", seconds=120.0, **asked.fields)  # type: ignore[arg-type]  # all of them texts
            begun, before = _clock.monotonic(), _processor_seconds()
            minutes = RenderChild().render(job) / SAMPLE_RATE_HZ / 60
            return Cost(_clock.monotonic() - begun, _processor_seconds() - before)

    costs, megabytes = _costs(render, rounds)
    clock, processor = _medians(costs)
    return [
        Figure(what, clock / minutes, "s", note=asked.note),
        Figure(f"{what}, processor", processor / minutes, "s"),
        Figure(f"{asked.engine}: most memory", megabytes, "MB", note=f"for {minutes * 60:.0f} s of speech"),
    ]


def _finished_audio(folder: Path, seconds: float, rounds: int) -> list[Figure]:
    """Bring finished speech to the common loudness, our way and others', each in a process of its own."""
    source = mp3_of_service(spoken_seconds(folder, seconds))
    figures = []
    for way in WAYS:
        costs, megabytes = _costs(partial(_brought, way, source, folder / "out.wav"), rounds)
        clock, processor = _medians(costs)
        what, ours = f"{way}: {seconds:g} s of finished audio", way == OURS
        note = f"from {min(cost.seconds for cost in costs):.2f} to {max(cost.seconds for cost in costs):.2f}"
        figures += [
            Figure(what, clock, "s", AIM_SECONDS if ours else None, note),
            Figure(f"{what}, processor", processor, "s", AIM_SECONDS if ours else None),
            Figure(f"{way}: most memory", megabytes, "MB", AIM_MB if ours else None),
        ]
    return figures


def _brought(way: str, source: Path, target: Path) -> Cost:
    """Bring ``source`` to a loudness in a process of its own; return what that cost it."""
    command = [sys.executable, "-P", "-m", "bench.loudness", way, str(source), str(target)]
    done = subprocess.run(command, env=child_environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise BenchFailed(f"{way} 失败：{done.stderr[-500:]}", f"{way} failed: {done.stderr[-500:]}")
    return Cost(**json.loads(done.stdout))


def _costs(run: Callable[[], Cost], rounds: int) -> tuple[list[Cost], float]:
    """Return what so many runs cost, and the most memory of another one."""
    costs = [run() for _ in range(rounds)]
    with PeakMemory() as peak:
        run()
    return costs, peak.megabytes


def _medians(costs: Sequence[Cost]) -> tuple[float, float]:
    clock = statistics.median(cost.seconds for cost in costs)
    return clock, statistics.median(cost.processor_seconds for cost in costs)


def _processor_seconds() -> float:
    """Return the processor time of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _loudness(sounds: Sequence[Source], folder: Path) -> list[Figure]:
    figures = []
    everything: list[Level] = []
    for band in get_args(Loudspeaker):
        levels, refused = [], 0
        for sound in sounds:
            level = _ours(sound, folder, band)
            if level is None:
                refused += 1
            else:
                levels.append(level)
        everything += levels
        figures += _error_figures(f"xiaolaba, {band}", levels, refused, AIM_ERROR_LU)
    highest = max(level.peak_dbfs for level in everything)
    figures.append(
        Figure("xiaolaba: highest true peak", highest, "dBFS", LOUDEST_PEAK_DBFS, f"{len(everything)} clips")
    )
    for way, bring in WAYS.items():
        if way == OURS:
            continue
        levels = []
        for sound in sounds:
            bring(sound.path, folder / "out.wav")
            levels.append(level_of(folder / "out.wav"))
        figures += _error_figures(way, levels, 0, None)
        figures.append(Figure(f"{way}: highest true peak", max(level.peak_dbfs for level in levels), "dBFS"))
    return figures


def _ours(sound: Source, folder: Path, band: Loudspeaker) -> Level | None:
    """Return the level of the clip that comes of ``sound`` on that loudspeaker, None where it is refused."""
    target = folder / "clip.wav"
    try:
        if sound.audio_format:
            mix_down([sound.path], sound.audio_format, target, Treatment(loudspeaker=band))
        else:
            clean(sound.path, folder, target, band)
    except EngineError:
        return None
    return level_of(target)


def _error_figures(what: str, levels: Sequence[Level], refused: int, aim: float | None) -> list[Figure]:
    """Return how far the levels are from the aimed loudness, to either side."""
    note = f"{len(levels)} clips" + (f", {refused} REFUSED" if refused else "")
    if not levels:
        return [Figure(f"{what}: loudness error p95", None, "LU", note=note)]
    errors = [abs(level.loudness_lufs - AIM_LUFS) for level in levels]
    reached = sorted(level.loudness_lufs for level in levels)
    note += f", from {reached[0]:.1f} to {reached[-1]:.1f} LUFS"
    return [
        Figure(f"{what}: loudness error p95", percentile(errors, 95), "LU", aim, note),
        Figure(f"{what}: loudness error max", max(errors), "LU"),
    ]
