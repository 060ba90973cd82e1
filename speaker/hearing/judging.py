"""The verdict: from what was sent and what a microphone heard, both as band levels. Pure."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from speaker.hearing.bands import HOPS_PER_SECOND
from speaker.hearing.contours import contour_of, decibels
from speaker.hearing.matching import Match, Span, match

Verdict = Literal["heard", "faint", "not-heard", "not-listened"]

LATEST_HOPS = 3 * HOPS_PER_SECOND // 2  # 1.5 s: USB and buffers some 0.2 s, 100 m of air 0.3 s; the rest is margin
EARLIEST_HOPS = HOPS_PER_SECOND // 5  # so far the two clocks may be read apart
ECHO_HOPS = HOPS_PER_SECOND // 2  # what rings on after the end is no noise
SHORTEST_HOPS = HOPS_PER_SECOND  # a second of words says something

# From `bench heard` and made words: other words, dogs and talk came to 0.60 within 2 s of words, to 0.35 within 8 s and
# less the longer they were, as chance does; the right ones, as loud as the noise, to 0.5 and more.
LEAST_LIKENESS = 0.30
CHANCE_LIKENESS = 1.10  # divided by the root of the seconds compared
LEAST_AHEAD = 0.10  # of the likeness at any other delay
FAINT_BELOW_DB = 6.0  # under that, announcements are hard to follow; STIPA's scale (IEC 60268-16) is near 0.5 there

_ACTIVE_DB = 10.0  # under a band's loudest: there the words sound, elsewhere they pause
_LOUD_SHARE = 0.98


@dataclass(frozen=True, slots=True)
class Judgement:
    """``likeness`` (1 at the most), dB above the noise before and after, and the delay; None where unknown."""

    verdict: Verdict
    likeness: float | None = None
    above_noise_db: float | None = None
    delay_ms: int | None = None
    why: str = ""


def judge(sent: Sequence[array[float]], heard: Sequence[array[float]], spans: Sequence[Span], begin: int) -> Judgement:
    """Return the verdict on ``heard``, a microphone's levels from before the sound until after it.

    ``sent`` are the levels of what was played; its first hop sounded about the hop ``begin`` of ``heard``. ``spans`` of
    it are compared: the words, without the chime, which other yards have too.
    """
    length = len(sent[0])
    spans = [(first, min(last, length)) for first, last in spans if first < length]
    hops = sum(last - first for first, last in spans)
    if hops < SHORTEST_HOPS:
        return Judgement("not-listened", why="too-short")
    if not any(map(any, heard)):
        return Judgement("not-listened", why="deaf")
    quiet = _quiet(heard, begin, length)
    noise = [_median([band[hop] for hop in quiet]) if quiet else None for band in heard]
    floors = [None if one is None else decibels(one) for one in noise]
    contours = [contour_of(band, floor) for band, floor in zip(heard, floors, strict=True)]
    delays = range(begin - EARLIEST_HOPS, begin + LATEST_HOPS + 1)
    found = match([contour_of(band) for band in sent], contours, spans, delays=delays)
    above = _above_noise(sent, heard, spans, found.delay_hops, noise)
    delay_ms = (found.delay_hops - begin) * 1000 // HOPS_PER_SECOND
    if not is_alike(found, hops):
        return Judgement("not-heard", found.likeness, above)
    faint = above is not None and above < FAINT_BELOW_DB
    return Judgement("faint" if faint else "heard", found.likeness, above, delay_ms)


def is_alike(found: Match, hops: int) -> bool:
    """Tell whether so many hops are too much alike for a chance."""
    least = max(LEAST_LIKENESS, CHANCE_LIKENESS / math.sqrt(hops / HOPS_PER_SECOND))
    return found.likeness >= least and found.likeness - found.elsewhere >= LEAST_AHEAD


def _median(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]


def _quiet(heard: Sequence[array[float]], begin: int, sounding: int) -> list[int]:
    """Return the hops before and after the sound; one in which there is nothing at all was lost, and is none."""
    length = len(heard[0])
    before = range(max(0, min(length, begin - EARLIEST_HOPS)))
    after = range(max(0, begin + sounding + LATEST_HOPS + ECHO_HOPS), length)
    return [hop for hop in (*before, *after) if any(band[hop] for band in heard)]


def _above_noise(
    sent: Sequence[array[float]],
    heard: Sequence[array[float]],
    spans: Sequence[Span],
    delay: int,
    noise: Sequence[float | None],
) -> float | None:
    """Return by how many dB the microphone took more while the words sounded loudest than before and after."""
    power = silence = 0.0
    for ours, theirs, quiet in zip(sent, heard, noise, strict=True):
        if quiet is None:
            return None
        hops = [hop for hop in chain.from_iterable(range(*span) for span in spans) if 0 <= hop + delay < len(theirs)]
        loudest = sorted(ours[hop] for hop in hops)[int(len(hops) * _LOUD_SHARE)] if hops else 0.0
        least = loudest * 10 ** (-_ACTIVE_DB / 20)
        active = [theirs[hop + delay] for hop in hops if ours[hop] >= least]
        if active:
            power += _median(active) ** 2
            silence += quiet**2
    return 10 * math.log10(power / silence) if power > 0 and silence > 0 else None
