"""The signals that the box makes itself, listened to by measurement."""

import array
import math
import wave
from collections.abc import Callable
from functools import partial
from itertools import combinations
from pathlib import Path

import pytest

from programme.chimes import SECONDS, Chime
from speaker.airing import Sound
from speaker.sound.chime import chimes, emergency_signal
from speaker.sound.gain import cap_of, gain_within

EMERGENCY_HZ = (987.77, 622.25)
PITCHES_HZ = {
    Chime.BELLS: (659.26, 523.25, 392.0),
    Chime.DING_DONG: (880.0, 698.46),
    Chime.HARP: (523.25, 659.26, 783.99, 1046.5),
}


def chime(name: Chime, folder: Path) -> Sound:
    """Return one chime."""
    return chimes(folder)[name]


EVERY = pytest.mark.parametrize(
    "make", [*(pytest.param(partial(chime, name), id=name) for name in Chime), emergency_signal]
)


def samples_of(sound: Sound) -> array.array:
    """Return the samples of a WAV of the project's format."""
    with wave.open(str(sound.path), "rb") as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 48_000)
        assert file.getnframes() == sound.frames
        return array.array("h", file.readframes(sound.frames))


def strength_at(samples: array.array, pitch_hz: float) -> float:
    """Return how much of ``pitch_hz`` is in ``samples``, by correlation."""
    turn = 2 * math.pi * pitch_hz / 48_000
    real = sum(sample * math.cos(turn * n) for n, sample in enumerate(samples))
    imaginary = sum(sample * math.sin(turn * n) for n, sample in enumerate(samples))
    return math.hypot(real, imaginary) / len(samples)


@EVERY
def test_it_peaks_at_minus_six_and_begins_and_ends_in_silence(tmp_path: Path, make: Callable[[Path], Sound]) -> None:
    """No click at either end, headroom above, about two seconds in all."""
    sound = make(tmp_path)
    samples = samples_of(sound)
    assert 20 * math.log10(max(abs(sample) for sample in samples) / 32_768) == pytest.approx(-6, abs=0.05)
    assert samples[0] == samples[-1] == 0
    assert max(abs(sample) for sample in samples[-48:]) < 100
    assert 2 <= sound.frames / 48_000 <= 3
    assert sound.message_id is None


@EVERY
def test_the_installers_cap_has_nothing_to_take_from_it(tmp_path: Path, make: Callable[[Path], Sound]) -> None:
    """At full volume every tenth of a second of it is within peak and level."""
    samples = samples_of(make(tmp_path)).tobytes()
    blocks = [samples[at : at + 9_600] for at in range(0, len(samples), 9_600)]
    assert {gain_within(block, 1.0, cap_of(100)) for block in blocks} == {1.0}


@pytest.mark.parametrize(
    ("name", "struck_at"),
    [
        (Chime.BELLS, (4_800, 22_000, 42_000)),
        (Chime.DING_DONG, (4_800, 30_000)),
        (Chime.HARP, (1_000, 9_000, 17_000, 25_000)),
    ],
)
def test_a_chime_strikes_its_notes_in_their_order(tmp_path: Path, name: Chime, struck_at: tuple[int, ...]) -> None:
    """Each is the clearest when it is struck."""
    samples = samples_of(chime(name, tmp_path))
    heard = [
        max(PITCHES_HZ[name], key=lambda pitch, at=at: strength_at(samples[at : at + 4_800], pitch)) for at in struck_at
    ]
    assert tuple(heard) == PITCHES_HZ[name]


def test_there_are_three_and_no_two_sound_alike(tmp_path: Path) -> None:
    """A resident tells them apart by their notes; each is as long as the programme believes."""
    made = chimes(tmp_path)
    assert len(made) == 3
    assert {name: sound.frames / 48_000 for name, sound in made.items()} == SECONDS
    for one, other in combinations(made.values(), 2):
        assert samples_of(one)[:48_000] != samples_of(other)[:48_000]


@pytest.mark.parametrize("name", list(Chime))
def test_the_emergency_signal_is_no_chime(tmp_path: Path, name: Chime) -> None:
    """It beats between two tones, and neither is in any chime."""
    samples = samples_of(emergency_signal(tmp_path))
    first, second = samples[:5_760], samples[5_760:11_520]
    assert strength_at(first, 987.77) > 10 * strength_at(first, 622.25)
    assert strength_at(second, 622.25) > 10 * strength_at(second, 987.77)
    notes = samples_of(chime(name, tmp_path))[:28_800]
    loudest = max(strength_at(notes, pitch) for pitch in PITCHES_HZ[name])
    assert all(strength_at(notes, pitch) < loudest / 8 for pitch in EMERGENCY_HZ)


@EVERY
def test_it_is_made_once_and_again_where_it_is_cut(tmp_path: Path, make: Callable[[Path], Sound]) -> None:
    """A whole file is left as it is; one of the wrong length is replaced."""
    sound = make(tmp_path / "speaker")
    whole = sound.path.read_bytes()
    changed = sound.path.stat().st_mtime_ns
    assert make(tmp_path / "speaker") == sound
    assert sound.path.stat().st_mtime_ns == changed
    sound.path.write_bytes(whole[:1_000])
    make(tmp_path / "speaker")
    assert sound.path.read_bytes() == whole
