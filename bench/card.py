"""The virtual sound card of the tests, and when on it each tone began: the card's word, not the player's."""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from _pytest.outcomes import Failed

from bench.failed import BenchFailed
from bench.tone import LEVEL
from programme.publication import SAMPLE_RATE_HZ
from tests.card.virtual import VirtualCard, build

_NOT_SILENT = re.compile(rb"[^\0]")
_SEARCH_FRAMES = SAMPLE_RATE_HZ // 10
_EARLIEST_SECONDS = -0.3


@dataclass(frozen=True)
class Lateness:
    """Of each cue that was heard, by how many milliseconds its first sample was late; and how many were not heard."""

    ms: tuple[float, ...]
    missed: int


def build_card(folder: Path) -> Path:
    """Compile the virtual card into ``folder``. Raises BenchFailed where it can't be."""
    try:
        return build(folder)
    except Failed as error:
        raise BenchFailed("虚拟声卡编译不了，请先安装 gcc 和 libasound2-dev", str(error)) from error


def new_card(library: Path, folder: Path) -> VirtualCard:
    """Return a virtual card with a recording of its own in ``folder``."""
    folder.mkdir(parents=True)
    return VirtualCard(library, folder)


def lateness(card: VirtualCard, frames: int, dues: Sequence[datetime], spacing_seconds: float) -> Lateness:
    """Return how late the tones of ``frames`` began that were due at ``dues``, by the card's log."""
    heard = [card.sounded_at_ns(frame) for frame in onsets(card.recorded(), frames)]
    found = []
    for due in dues:
        due_ns = round(due.timestamp() * 1e6) * 1000
        late = [(at - due_ns) / 1e9 for at in heard]
        found += [one * 1000 for one in late if _EARLIEST_SECONDS <= one < spacing_seconds + _EARLIEST_SECONDS][:1]
    return Lateness(tuple(found), len(dues) - len(found))


def onsets(recorded: bytes, frames: int) -> list[int]:
    """Return at which frames of the recording tones of ``frames`` began."""
    found = []
    at = 0
    while sample := _NOT_SILENT.search(recorded, at * 2):
        begin = sample.start() // 2
        samples = array("h", recorded[begin * 2 : (begin + _SEARCH_FRAMES) * 2])
        loud = next((index for index, sample in enumerate(samples) if abs(sample) > LEVEL // 2), None)
        if loud is None:
            at = begin + len(samples)
            continue
        found.append(begin + loud)
        at = begin + loud + frames
    return found
