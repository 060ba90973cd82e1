"""How alike what was sent and what was heard are: the highest correlation of their contours."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul

from speaker.hearing.bands import HOPS_PER_SECOND
from speaker.hearing.contours import Contour

SEGMENT_HOPS = 5 * HOPS_PER_SECOND
SEARCH_SEGMENTS = 6  # the delay is looked for in the first half minute, and followed from there
APART_HOPS = HOPS_PER_SECOND // 4  # as far from the highest, a delay is another one
FOLLOW_HOPS = 2  # a segment's delay may differ by 40 ms from the one before: two cards' clocks differ by 1 ms in 5 s


Span = tuple[int, int]  # from the first hop up to the last, in what was sent


@dataclass(frozen=True)
class Match:
    """``likeness`` is the correlation, 1 at the most; ``delay_hops`` where it was found.

    ``elsewhere`` is the highest at any other delay: where it comes near, the highest is no better than a chance.
    """

    likeness: float
    elsewhere: float
    delay_hops: int


@dataclass(frozen=True)
class _Sums:
    product: float
    sent: float
    heard: float

    @property
    def likeness(self) -> float:
        both = self.sent * self.heard
        return self.product / math.sqrt(both) if both > 0 else 0.0


def match(sent: Sequence[Contour], heard: Sequence[Contour], spans: Sequence[Span], *, delays: range) -> Match:
    """Return how alike they are over ``spans`` of what was sent, which begins in ``heard`` after one of ``delays``."""
    segments = [
        (first, min(first + SEGMENT_HOPS, last)) for begin, last in spans for first in range(begin, last, SEGMENT_HOPS)
    ]
    searched = [
        [_sums(sent, heard, first, last, delay) for delay in delays] for first, last in segments[:SEARCH_SEGMENTS]
    ]
    likenesses = [_total(column).likeness for column in zip(*searched, strict=True)]
    if not likenesses:
        return Match(0.0, 0.0, delays[0])
    best = likenesses.index(max(likenesses))
    elsewhere = max((one for at, one in enumerate(likenesses) if abs(at - best) > APART_HOPS), default=0.0)
    delay, every = delays[best], [column[best] for column in searched]
    for first, last in segments[SEARCH_SEGMENTS:]:
        near = range(max(delays[0], delay - FOLLOW_HOPS), min(delays[-1], delay + FOLLOW_HOPS) + 1)
        sums = {one: _sums(sent, heard, first, last, one) for one in near}
        delay = max(sums, key=lambda one: sums[one].likeness)
        every.append(sums[delay])
    return Match(_total(every).likeness, elsewhere, delays[best])


def _sums(sent: Sequence[Contour], heard: Sequence[Contour], first: int, last: int, delay: int) -> _Sums:
    """Return the sums over all bands of the hops from ``first`` up to ``last`` of what was sent."""
    product = from_sent = from_heard = 0.0
    for ours, theirs in zip(sent, heard, strict=True):
        begin, end = max(0, first + delay), min(len(theirs.values), last + delay)
        if begin >= end:
            continue
        product += sum(map(mul, ours.values[begin - delay : end - delay], theirs.values[begin:end]))
        from_sent += ours.energy_between(begin - delay, end - delay)
        from_heard += theirs.energy_between(begin, end)
    return _Sums(product, from_sent, from_heard)


def _total(sums: Sequence[_Sums]) -> _Sums:
    return _Sums(*(sum(part) for part in zip(*((one.product, one.sent, one.heard) for one in sums), strict=True)))
