"""The signals that the box makes itself: the chimes before words, and the one before an emergency."""

from __future__ import annotations

import array
import io
import math
import sys
import wave
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from box.durable import replace_file
from programme.chimes import SECONDS, Chime
from speaker.airing import Sound
from speaker.sound.card import RATE_HZ, SAMPLE_BYTES

VERSION = 1  # part of the files' names: raise it with any change of sound
PEAK_DB = -6.0
_HEADER_BYTES = 44

# A strike: its partials (of the fundamental), how strong each is, and in how many seconds it fades to 1/e.
_BELL = ((1.0, 1.0, 0.42), (2.0, 0.35, 0.25), (3.01, 0.12, 0.12))
_GONG = ((1.0, 1.0, 0.50), (2.76, 0.18, 0.16), (5.40, 0.05, 0.06))  # the partials of a struck bar
_STRING = ((1.0, 1.0, 0.30), (2.0, 0.45, 0.18), (3.0, 0.22, 0.11), (4.0, 0.10, 0.07))


@dataclass(frozen=True)
class _Notes:
    """A chime: what is struck, at which pitches, and when each is."""

    strike: tuple[tuple[float, float, float], ...]
    pitches_hz: tuple[float, ...]
    seconds: tuple[float, ...]


# No pitch of these is one of the emergency's, and all lie well inside what a horn passes (from 300 Hz).
_NOTES = {
    # E5 C5 G4, a falling major chord: something is coming, nothing is wrong
    Chime.BELLS: _Notes(_BELL, (659.26, 523.25, 392.00), (0.0, 0.38, 0.76)),
    # A5 F5, a door
    Chime.DING_DONG: _Notes(_GONG, (880.00, 698.46), (0.0, 0.55)),
    # C5 E5 G5 C6, a rising major chord
    Chime.HARP: _Notes(_STRING, (523.25, 659.26, 783.99, 1046.50), (0.0, 0.16, 0.32, 0.48)),
}

# Three groups of four short beats between two tones a minor sixth apart: nothing else in a courtyard sounds like it,
# and it does not rise and fall, which in China is kept for the air-raid sirens.
_SIGNAL_HZ = (987.77, 622.25)
_BEAT_FRAMES = RATE_HZ * 12 // 100
_REST_FRAMES = RATE_HZ * 30 // 100
_EDGE_FRAMES = RATE_HZ // 200
# Glasses, here and there: a note in each of the microphone's five bands (speaker/hearing/bands.py), each at its own
# times, so that hardly anything else in a yard is like it.
_TEST_FADE_SECONDS = 0.06
_TEST_NOTES = (
    *((329.63, second) for second in (0.00, 0.71, 1.13, 2.02, 2.90, 3.33)),
    *((659.26, second) for second in (0.18, 0.83, 1.60, 2.31, 2.72, 3.60)),
    *((1318.51, second) for second in (0.37, 0.71, 1.38, 1.91, 2.54, 3.47)),
    *((2637.02, second) for second in (0.00, 0.55, 1.26, 1.77, 2.72, 3.10)),
    *((5274.04, second) for second in (0.26, 0.94, 1.49, 2.15, 2.43, 3.21)),
)
TEST_FRAMES = 4 * RATE_HZ
SIGNAL_FRAMES = 3 * (4 * _BEAT_FRAMES + _REST_FRAMES)


def chimes(folder: Path) -> Mapping[Chime, Sound]:
    """Return the chimes before words, kept in ``folder``; made there the first time (a second or two on a Pi)."""
    return {
        chime: _kept(folder / f"chime-{chime}-{VERSION}.wav", _frames(chime), partial(_chime, chime)) for chime in Chime
    }


def emergency_signal(folder: Path) -> Sound:
    """Return the signal before an emergency announcement, kept in ``folder`` as the chimes are."""
    return _kept(folder / f"emergency-{VERSION}.wav", SIGNAL_FRAMES, _emergency_signal)


def test_signal(folder: Path) -> Sound:
    """Return the signal of the weekly self-test, kept in ``folder`` as the chimes are; made when it is first wanted."""
    return _kept(folder / f"self-test-{VERSION}.wav", TEST_FRAMES, _test_signal)


def _kept(path: Path, frames: int, make: Callable[[], list[float]]) -> Sound:
    if not path.exists() or path.stat().st_size != _HEADER_BYTES + frames * SAMPLE_BYTES:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, _wav(make()))
    return Sound(path=path, frames=frames)


def _frames(chime: Chime) -> int:
    return round(SECONDS[chime] * RATE_HZ)


def _chime(chime: Chime) -> list[float]:
    samples = [0.0] * _frames(chime)
    notes = _NOTES[chime]
    for pitch_hz, second in zip(notes.pitches_hz, notes.seconds, strict=True):
        for ratio, strength, fade_seconds in notes.strike:
            _strike(samples, round(second * RATE_HZ), pitch_hz * ratio, strength, fade_seconds)
    _fade_out(samples, RATE_HZ // 4)
    return samples


def _emergency_signal() -> list[float]:
    beats = [_beat(pitch_hz) for pitch_hz in _SIGNAL_HZ] * 2
    group = [sample for beat in beats for sample in beat] + [0.0] * _REST_FRAMES
    return group * 3


def _test_signal() -> list[float]:
    samples = [0.0] * TEST_FRAMES
    for pitch_hz, second in _TEST_NOTES:
        _strike(samples, round(second * RATE_HZ), pitch_hz, 1.0, _TEST_FADE_SECONDS)
    _fade_out(samples, RATE_HZ // 4)
    return samples


def _strike(samples: list[float], start: int, pitch_hz: float, strength: float, fade_seconds: float) -> None:
    """Add a sine that fades, as the ring of a two-pole resonator: two products a sample and no sine.

    It ends where it has faded by 60 dB.
    """
    angle = 2 * math.pi * pitch_hz / RATE_HZ
    decay = math.exp(-1 / (fade_seconds * RATE_HZ))
    feedback, loss = 2 * decay * math.cos(angle), decay * decay
    before, now = 0.0, strength * decay * math.sin(angle)
    end = min(len(samples), start + round(6.9 * fade_seconds * RATE_HZ))
    for index in range(start + 1, end):
        samples[index] += now
        before, now = now, feedback * now - loss * before


def _beat(pitch_hz: float) -> list[float]:
    """Return one beat: a tone with its octave, and edges of 5 ms so that it does not click."""
    step = 2 * math.pi * pitch_hz / RATE_HZ
    samples = [math.sin(step * n) + 0.3 * math.sin(2 * step * n) for n in range(_BEAT_FRAMES)]
    for n in range(_EDGE_FRAMES):
        samples[n] *= n / _EDGE_FRAMES
    _fade_out(samples, _EDGE_FRAMES)
    return samples


def _fade_out(samples: list[float], frames: int) -> None:
    for n in range(frames):
        samples[-1 - n] *= n / frames


def _wav(samples: Sequence[float]) -> bytes:
    """Return the samples as a WAV with its peak at ``PEAK_DB``."""
    scale = 32_767 * 10 ** (PEAK_DB / 20) / max(map(abs, samples))
    values = array.array("h", [round(sample * scale) for sample in samples])
    if sys.byteorder == "big":
        values.byteswap()
    file = io.BytesIO()
    with wave.open(file, "wb") as clip:
        clip.setparams((1, SAMPLE_BYTES, RATE_HZ, len(values), "NONE", ""))
        clip.writeframes(values.tobytes())
    return file.getvalue()
