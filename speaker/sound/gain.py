"""How loud: percent to gain, and the installer's cap on the samples themselves."""

from __future__ import annotations

import audioop
import math
from dataclasses import dataclass

from box.volume import decibels_at
from speaker.sound.card import SAMPLE_BYTES

FULL_SCALE = 32_768
PEAK_CEILING_DB = -1.0  # at 100 %: the studio's limiter ends at -1.5 dB, so a clip of ours passes untouched
LEVEL_CEILING_DB = -6.0  # at 100 %, RMS over a block: speech of ours stays below -8, a square wave is at 0


def gain_of(volume_percent: float) -> float:
    """Return the factor for samples at a volume: 1 at 100, silence at 0."""
    return math.pow(10.0, decibels_at(volume_percent) / 20)


@dataclass(frozen=True)
class Cap:
    """The installer's cap: on the gain, and on what comes out of it, peak and RMS of a block (of 32,768)."""

    gain: float
    peak: float
    level: float


def cap_of(loudest_percent: float) -> Cap:
    """Return the cap for ``loudest_percent``: both ceilings go down with the loudest gain."""
    loudest = gain_of(loudest_percent)
    return Cap(
        gain=loudest,
        peak=FULL_SCALE * loudest * 10 ** (PEAK_CEILING_DB / 20),
        level=FULL_SCALE * loudest * 10 ** (LEVEL_CEILING_DB / 20),
    )


def gain_within(samples: bytes, gain: float, cap: Cap) -> float:
    """Return ``gain``, or what is left of it so that ``samples`` (S16_LE) stay within ``cap``; never more."""
    allowed = min(gain, cap.gain)
    peak = audioop.max(samples, SAMPLE_BYTES)
    level = audioop.rms(samples, SAMPLE_BYTES)
    if peak * allowed > cap.peak:
        allowed = cap.peak / peak
    if level * allowed > cap.level:
        allowed = cap.level / level
    return allowed


def scaled(samples: bytes, gain: float) -> bytes:
    """Return ``samples`` (S16_LE) times ``gain``, at most 1; at 1 they are the very same."""
    return samples if gain == 1.0 else audioop.mul(samples, SAMPLE_BYTES, gain)
