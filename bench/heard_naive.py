"""Two ways that first come to mind: was it louder than before, and does the waveform fit."""

from __future__ import annotations

import audioop
import math
from collections.abc import Sequence

from bench.room import RATE_HZ, SAMPLE_BYTES

_SLOW_HZ = RATE_HZ // 4
_EXCERPT_FRAMES = 2 * _SLOW_HZ


def louder_by_db(heard: bytes, begin_seconds: float, sounding_seconds: float) -> float:
    """Return by how much the microphone took more while it sounded than before and after."""
    first, last = (_bytes(seconds) for seconds in (begin_seconds, begin_seconds + sounding_seconds))
    quiet = heard[:first] + heard[last + _bytes(1.5) :]
    return 20 * math.log10((audioop.rms(heard[first:last], SAMPLE_BYTES) + 1) / (audioop.rms(quiet, SAMPLE_BYTES) + 1))


def waveform_fit(sent: bytes, heard: bytes, begin_seconds: float) -> float:
    """Return the highest correlation of the loudest two seconds with what was heard up to 1.5 s later, at 4 kHz."""
    sent, heard = _slow(sent), _slow(heard)
    loudest = audioop.findmax(sent, _EXCERPT_FRAMES) * SAMPLE_BYTES
    excerpt = sent[loudest : loudest + _EXCERPT_FRAMES * SAMPLE_BYTES]
    first = round(begin_seconds * _SLOW_HZ) * SAMPLE_BYTES + loudest
    window = heard[first : first + len(excerpt) + round(1.5 * _SLOW_HZ) * SAMPLE_BYTES]
    if len(window) < len(excerpt):
        return 0.0
    at, factor = audioop.findfit(window, excerpt)
    there = window[at * SAMPLE_BYTES : at * SAMPLE_BYTES + len(excerpt)]
    loud = audioop.rms(there, SAMPLE_BYTES)
    return abs(factor) * audioop.rms(excerpt, SAMPLE_BYTES) / loud if loud else 0.0


def best_threshold(audible: Sequence[float], inaudible: Sequence[float]) -> float:
    """Return the threshold that errs least, both kinds of error counted alike."""

    def errors(threshold: float) -> float:
        missed = sum(one < threshold for one in audible) / len(audible)
        return missed + sum(one >= threshold for one in inaudible) / len(inaudible)

    return min(sorted({*audible, *inaudible}), key=errors)


def _slow(sound: bytes) -> bytes:
    return bytes(audioop.ratecv(sound, SAMPLE_BYTES, 1, RATE_HZ, _SLOW_HZ, None)[0])


def _bytes(seconds: float) -> int:
    return round(seconds * RATE_HZ) * SAMPLE_BYTES
