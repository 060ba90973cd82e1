"""espeak-ng itself: it speaks, whole, and says what is wrong when it can't."""

from __future__ import annotations

import wave
from pathlib import Path

import pytest

from tts.engines import EngineUnavailable, SpeechNotWhole
from tts.espeak import Espeak
from tts.voices import ESPEAK_VOICE


def seconds(path: Path) -> float:
    """Return how long a WAV is."""
    with wave.open(str(path), "rb") as file:
        return file.getnframes() / file.getframerate()


def spoken_seconds(spoken: str, folder: Path) -> float:
    """Say it; return how long that took."""
    return seconds(Espeak().speak(spoken, ESPEAK_VOICE, folder))


def test_it_speaks_for_about_a_quarter_of_a_second_a_character(tmp_path: Path) -> None:
    """Twenty characters take between four and eight seconds."""
    assert 4 < spoken_seconds("请各位居民不要着急大家都在家里守好这个阵地", tmp_path) < 8


def test_sentences_are_apart(tmp_path: Path) -> None:
    """A full stop is a longer pause than a comma, and that than none."""
    lengths = [spoken_seconds(f"请注意{mark}请回家", tmp_path) for mark in ("", "，", "。")]
    assert lengths == sorted(lengths)
    assert lengths[2] - lengths[0] > 0.3


def test_a_text_that_begins_with_a_dash_is_text(tmp_path: Path) -> None:
    """Nothing that is said can become an option of the program."""
    assert spoken_seconds("-v请注意", tmp_path) > 0.5


def test_a_missing_program_is_named_with_the_remedy(tmp_path: Path) -> None:
    """Where espeak-ng is not installed the sentence says how to install it."""
    with pytest.raises(EngineUnavailable) as missing:
        Espeak(program=str(tmp_path / "espeak-ng")).speak("请注意", ESPEAK_VOICE, tmp_path)
    assert "apt install espeak-ng" in missing.value.sentence.zh


@pytest.mark.parametrize(
    "script",
    ["exit 0", "exit 3", 'printf RIFF > "$8"', "exec sleep 30"],
    ids=["no file", "an error", "half a file", "no end"],
)
def test_whatever_is_not_whole_is_refused(tmp_path: Path, script: str) -> None:
    """A program that fails, writes half, or never ends gives an error in time, not a clip."""
    program = tmp_path / "espeak-ng"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    with pytest.raises(SpeechNotWhole):
        Espeak(program=str(program), deadline_seconds=0.5).speak("请注意", ESPEAK_VOICE, tmp_path)
