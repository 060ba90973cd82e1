"""Sounds for the ear: words that no voice has said, and what a yard makes of them. 16 kHz mono S16_LE."""

from __future__ import annotations

import audioop
import math
from array import array
from random import Random

from bench.room import RATE_HZ, Room, at_level, hiss, mixed, silence, through
from speaker.hearing.bands import BandMeter

BEFORE_SECONDS = 2.0
AFTER_SECONDS = 3.5


def words(seconds: float, seed: int) -> bytes:
    """Return syllables: a voice's overtones or a hiss, each of its own length, pitch and strength, with pauses."""
    random = Random(seed)  # noqa: S311 - sounds that are the same in every run
    parts = []
    while sum(map(len, parts)) < seconds * RATE_HZ * 2:
        parts.append(_syllable(random))
        parts.append(silence(random.choice((0.02, 0.03, 0.05, 0.3))))
    return b"".join(parts)[: len(silence(seconds))]


def _syllable(random: Random) -> bytes:
    frames = round(random.uniform(0.08, 0.25) * RATE_HZ)
    if random.random() < 0.3:
        return audioop.mul(hiss(frames / RATE_HZ, random), 2, random.uniform(0.05, 0.3))
    pitch, brightness = random.uniform(120, 300), random.uniform(0.3, 2.0)
    strength = random.uniform(1000, 6000)
    period = round(RATE_HZ / pitch)
    one = [sum(math.sin(2 * math.pi * n * i / period) / n**brightness for n in range(1, 12)) for i in range(period)]
    samples = array("h", [round(strength * one[i % period] * math.sin(math.pi * i / frames)) for i in range(frames)])
    return samples.tobytes()


def in_yard(sound: bytes, seed: int, *, noise_db: float = -50.0, room: Room | None = None) -> bytes:
    """Return what a microphone takes: ``sound`` at -20 dB after two seconds, over noise that goes on after it."""
    random = Random(seed)  # noqa: S311 - sounds that are the same in every run
    arrived = at_level(through(room or Room(), sound, random), -20) if sound else b""
    total = BEFORE_SECONDS + len(sound) / 2 / RATE_HZ + AFTER_SECONDS
    everything = mixed(silence(BEFORE_SECONDS) + arrived, at_level(hiss(total, random), noise_db))
    return everything[: len(silence(total))]


def levels(sound: bytes) -> list[array[float]]:
    """Return a sound's levels."""
    return BandMeter().take(sound)
