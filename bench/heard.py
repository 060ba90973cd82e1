"""How often the verdict on what a microphone heard is right, by yard, beside the two ways that first come to mind."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from bench.figures import Figure, Measurement
from bench.heard_messages import Sent, messages, total_seconds
from bench.heard_naive import best_threshold, louder_by_db, waveform_fit
from bench.heard_yards import BEFORE_SECONDS, YARDS, Case, taken
from bench.room import RATE_HZ, SAMPLE_BYTES
from speaker.hearing.bands import HOPS_PER_SECOND, BandMeter
from speaker.hearing.judging import judge
from speaker.hearing.reference import reference_levels

SUMMARY = "verdicts of the microphone: right and wrong ones by yard, beside a level threshold and a waveform's fit"
SEED = 2020
AIM_WRONG_PERCENT = 5.0
_given: list[Any] = []  # each process's own copy of the messages, and the seed: they are too large for every call


@dataclass(frozen=True)
class Tried:
    """One case: our verdict, and the figures of the two other ways."""

    verdict: str
    louder_db: float
    fit: float


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take how much is tried, and the seed of everything that is drawn."""
    parser.add_argument("--cases", type=int, default=40, help="messages in each yard (40)")
    parser.add_argument("--messages", type=int, default=16, help="different messages (16)")
    parser.add_argument("--seed", type=int, default=SEED, help=f"of all that is drawn ({SEED})")


def measure(arguments: argparse.Namespace) -> Measurement:
    """Sound the messages once in real time, then let each be taken in every yard."""
    with tempfile.TemporaryDirectory(prefix="xiaolaba-heard-") as name:
        drawn = Random(arguments.seed)  # noqa: S311 - the same in every run
        sent = messages(arguments.messages, drawn, Path(name))
        with ProcessPoolExecutor(os.cpu_count(), initializer=_take, initargs=(sent, arguments.seed)) as pool:
            which = [(yard, number) for yard in range(len(YARDS)) for number in range(arguments.cases)]
            tried = list(pool.map(_try, which, chunksize=4))
    by_yard: dict[int, list[Tried]] = {}
    for (yard, _), result in zip(which, tried, strict=True):
        by_yard.setdefault(yard, []).append(result)
    return Measurement(
        name="heard",
        conditions=(
            f"seed {arguments.seed}; {len(sent)} notices by espeak-ng, {total_seconds(sent) / len(sent):.1f} s each on "
            "average with the chime, played in real time by the speaker's playout into a virtual ALSA card; its "
            f"recording in {arguments.cases} yards of each kind (delay, echo, drift, noise: bench/room.py). Wrong is a "
            "verdict of not-heard on words that sounded, and any other on words that did not; in brackets two other "
            "ways, each with the threshold that errs least over all these cases, found with the truth at hand"
        ),
        figures=tuple(_figures(by_yard)),
    )


def _take(sent: Sequence[Sent], seed: int) -> None:
    _given.extend((sent, seed))


def _try(which: tuple[int, int]) -> Tried:
    sent, seed = _given
    yard, number = YARDS[which[0]], which[1]
    random = Random(f"{seed}/{yard.name}/{number}")  # noqa: S311 - the same in every run
    ours = random.choice(sent)
    case = Case(ours.sounded, [one.sounded for one in sent if one is not ours], random)
    heard = taken(yard, case)
    items = [(str(ours.chime), ours.frames[0]), (str(ours.clip), ours.frames[1])]
    levels = reference_levels(items, sum(ours.frames))
    judgement = judge(levels, BandMeter().take(heard), [ours.words], round(BEFORE_SECONDS * HOPS_PER_SECOND))
    seconds = len(ours.sounded) / SAMPLE_BYTES / RATE_HZ
    return Tried(
        judgement.verdict,
        louder_by_db(heard, BEFORE_SECONDS, seconds),
        waveform_fit(ours.sounded, heard, BEFORE_SECONDS),
    )


def _figures(by_yard: Mapping[int, Sequence[Tried]]) -> list[Figure]:
    audible = [
        one for yard, tried in by_yard.items() if YARDS[yard].sounds and not YARDS[yard].is_drowned for one in tried
    ]
    inaudible = [one for yard, tried in by_yard.items() if not YARDS[yard].sounds for one in tried]
    louder = best_threshold([one.louder_db for one in audible], [one.louder_db for one in inaudible])
    fit = best_threshold([one.fit for one in audible], [one.fit for one in inaudible])
    figures = []
    for number, tried in by_yard.items():
        yard = YARDS[number]
        counts = Counter(one.verdict for one in tried)
        shares = ", ".join(f"{verdict} {count}" for verdict, count in counts.most_common())
        by_level = _percent([(one.louder_db >= louder) != yard.sounds for one in tried])
        by_fit = _percent([(one.fit >= fit) != yard.sounds for one in tried])
        figures.append(
            Figure(
                f"{'sounds' if yard.sounds else 'does not sound'}: {yard.name}",
                _percent([_is_wrong(one, sounds=yard.sounds) for one in tried]),
                "% wrong",
                None if yard.is_drowned else AIM_WRONG_PERCENT,
                f"{shares} (level {by_level:.0f} %, waveform {by_fit:.0f} %)",
            )
        )
    for what, tried, sounds in (("all that sound", audible, True), ("all that do not", inaudible, False)):
        wrong = _percent([_is_wrong(one, sounds=sounds) for one in tried])
        by_level = _percent([(one.louder_db >= louder) != sounds for one in tried])
        by_fit = _percent([(one.fit >= fit) != sounds for one in tried])
        note = f"level (from {louder:.1f} dB) {by_level:.0f} %, waveform (from {fit:.2f}) {by_fit:.0f} %"
        figures.append(Figure(what, wrong, "% wrong", AIM_WRONG_PERCENT, note))
    return figures


def _is_wrong(tried: Tried, *, sounds: bool) -> bool:
    return (tried.verdict != "not-heard") != sounds


def _percent(of: Sequence[bool]) -> float:
    return 100 * sum(of) / len(of)
