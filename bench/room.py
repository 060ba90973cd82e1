"""A courtyard between loudspeaker and microphone: delay, echo, noise, other sounds. All at 16 kHz mono S16_LE."""

from __future__ import annotations

import audioop
import math
from array import array
from dataclasses import dataclass
from random import Random

RATE_HZ = 16_000
SAMPLE_BYTES = 2
_WIDE = 4

Sound = bytes


@dataclass(frozen=True)
class Room:
    """``echo_seconds`` is in how long an echo fades by 60 dB; 0 is an open field.

    ``direct`` is what comes straight from the loudspeaker: nothing of it around a corner.
    """

    delay_seconds: float = 0.15
    echo_seconds: float = 0.4
    drift_ppm: float = 0.0
    direct: float = 1.0


def through(room: Room, sound: Sound, random: Random) -> Sound:
    """Return what arrives of ``sound``: later, blurred by echoes, by the clock of another card."""
    if room.drift_ppm:
        rate = round(RATE_HZ * (1 + room.drift_ppm / 1e6))
        sound, _ = audioop.ratecv(sound, SAMPLE_BYTES, 1, RATE_HZ, rate, None)
    taps = [(0.0, room.direct)]
    if room.echo_seconds:
        for _ in range(40):
            at = random.uniform(0.003, room.echo_seconds)
            taps.append((at, random.choice((-1, 1)) * 0.45 * 10 ** (-3 * at / room.echo_seconds)))
    longest = round((room.delay_seconds + room.echo_seconds) * RATE_HZ) + 1
    out = bytes(len(sound) * 2 + longest * _WIDE)
    wide = audioop.mul(audioop.lin2lin(sound, SAMPLE_BYTES, _WIDE), _WIDE, 0.2)
    for at, strength in taps:
        begin = round((room.delay_seconds + at) * RATE_HZ) * _WIDE
        part = audioop.mul(wide, _WIDE, strength)
        out = out[:begin] + audioop.add(out[begin : begin + len(part)], part, _WIDE) + out[begin + len(part) :]
    return audioop.lin2lin(audioop.mul(out, _WIDE, 5.0), _WIDE, SAMPLE_BYTES)


def mixed(*sounds: Sound) -> Sound:
    """Return sounds added up, as long as the longest."""
    size = max(map(len, sounds))
    total = bytes(size)
    for sound in sounds:
        total = audioop.add(total, sound + bytes(size - len(sound)), SAMPLE_BYTES)
    return total


def at_level(sound: Sound, decibels: float) -> Sound:
    """Return ``sound`` at an RMS of so many dB of full scale, over where it sounds."""
    level = loudness(sound)
    return audioop.mul(sound, SAMPLE_BYTES, 32_768 * 10 ** (decibels / 20) / level) if level else sound


def loudness(sound: Sound) -> float:
    """Return the RMS of the louder half of its tenths of a second."""
    block = RATE_HZ // 10 * SAMPLE_BYTES
    levels = sorted(audioop.rms(sound[at : at + block], SAMPLE_BYTES) for at in range(0, len(sound), block))
    loud = levels[len(levels) // 2 :]
    return math.sqrt(sum(level * level for level in loud) / len(loud)) if loud else 0.0


def silence(seconds: float) -> Sound:
    """Return nothing."""
    return bytes(round(seconds * RATE_HZ) * SAMPLE_BYTES)


def hiss(seconds: float, random: Random) -> Sound:
    """Return white noise: a microphone's own, or water."""
    return random.randbytes(round(seconds * RATE_HZ) * SAMPLE_BYTES)


def rumble(seconds: float, random: Random) -> Sound:
    """Return noise that falls with the pitch, as a road's or the wind's."""
    value = 0.0
    samples = array("h")
    for step in array("h", hiss(seconds, random)):
        value = 0.97 * value + 0.05 * step
        samples.append(max(-32_768, min(32_767, round(value))))
    return samples.tobytes()


def rain(seconds: float, random: Random) -> Sound:
    """Return drops on leaves over a steady hiss, swelling and fading."""
    blocks = []
    strength = 0.3
    for _ in range(math.ceil(seconds * 20)):
        strength = min(1.0, max(0.1, strength + random.uniform(-0.06, 0.06)))
        burst = strength * (2.5 if random.random() < 0.15 else 1.0)
        blocks.append(audioop.mul(hiss(0.05, random), SAMPLE_BYTES, 0.3 * burst))
    return b"".join(blocks)[: len(silence(seconds))]


def hum(seconds: float) -> Sound:
    """Return 50 Hz with its overtones, as of a bad earth."""
    angle = 2 * math.pi * 50 / RATE_HZ
    period = array("h", [round(sum(8000 / n * math.sin(angle * n * i) for n in (1, 2, 3, 5, 7)))
                         for i in range(RATE_HZ // 50)])  # fmt: skip
    return period.tobytes() * round(seconds * 50)


def barking(seconds: float, random: Random) -> Sound:
    """Return a dog: bursts of a rough falling tone, in groups."""
    out = array("h", silence(seconds))
    at = random.uniform(0, 1)
    while at < seconds - 0.3:
        for _ in range(random.randint(1, 4)):
            _bark(out, round(at * RATE_HZ), random)
            at += random.uniform(0.25, 0.5)
        at += random.uniform(0.5, 3)
    return out.tobytes()


def _bark(out: array[int], begin: int, random: Random) -> None:
    frames, pitch = round(random.uniform(0.1, 0.2) * RATE_HZ), random.uniform(400, 900)
    for i in range(min(frames, len(out) - begin)):
        shape = math.sin(math.pi * i / frames)
        tone = sum(math.sin(2 * math.pi * pitch * (1 - 0.2 * i / frames) * n * i / RATE_HZ) / n for n in (1, 2, 3))
        out[begin + i] = round(9000 * shape * (0.7 * tone + random.uniform(-0.5, 0.5)))


def automatic_gain(sound: Sound, target: float = 3000.0) -> Sound:
    """Return what a microphone with automatic gain makes of it: fast down, slow up."""
    block = RATE_HZ // 50 * SAMPLE_BYTES
    gain = 1.0
    parts = []
    for at in range(0, len(sound), block):
        part = sound[at : at + block]
        level = audioop.rms(part, SAMPLE_BYTES) * gain
        gain *= 0.8 if level > target else 1.01
        gain = min(gain, 30.0)
        parts.append(audioop.mul(part, SAMPLE_BYTES, gain))
    return b"".join(parts)


def clipped(sound: Sound, decibels: float) -> Sound:
    """Return it so much too loud for the microphone."""
    return audioop.mul(sound, SAMPLE_BYTES, 10 ** (decibels / 20))
