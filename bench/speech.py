"""What the voice is measured with: speech of espeak-ng of a length, at levels, and as phones record it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.tts.phone_files import WORDS, ffmpeg, phone_file
from tts.espeak import Espeak
from tts.voices import ESPEAK_VOICE

SECONDS_OF_WORDS = 7.5  # that espeak-ng takes for them
SERVICE_MP3 = ("-ar", "24000", "-ac", "1", "-b:a", "48k", "-write_xing", "0", "-id3v2_version", "0")
ENGINE_LEVELS_DB = (-30.0, -12.0, 0.0, 12.0)
RECORDED_LEVELS_DB = (-24.0, -6.0, 9.0)  # across the room, at the mouth, overdriven
RECORDED_FORMATS = ("m4a", "mp3", "webm of a browser", "amr-nb", "3gp with amr", "wav of telephones")
_ROOM = "anoisesrc=r=44100:a=0.003:c=pink"


@dataclass(frozen=True)
class Source:
    """A sound as it comes: of an engine in ``audio_format``, or of a person where that is empty."""

    name: str
    path: Path
    audio_format: str = ""


def spoken_seconds(folder: Path, seconds: float) -> Path:
    """Return a WAV of so many seconds of speech."""
    said = Espeak().speak(text_of(seconds * 1.2), ESPEAK_VOICE, folder)
    path = folder / f"speech-{seconds:g}.wav"
    ffmpeg("-i", str(said), "-t", str(seconds), "-ar", "44100", "-ac", "1", str(path))
    return path


def text_of(seconds: float) -> str:
    """Return words that take espeak-ng at least so long."""
    return WORDS * (int(seconds / SECONDS_OF_WORDS) + 1)


def mixed_set(folder: Path, seconds: float) -> Iterator[Source]:
    """Yield sounds as they come from engines and from phones, from far too quiet to overdriven."""
    speech = spoken_seconds(folder, seconds)
    for level_db in ENGINE_LEVELS_DB:
        louder = folder / f"engine{level_db:+.0f}.wav"
        ffmpeg("-i", str(speech), "-af", f"volume={level_db}dB", str(louder))
        yield Source(f"WAV {level_db:+.0f} dB", louder, "wav")
        mp3 = mp3_of_service(louder)
        yield Source(f"mp3 {level_db:+.0f} dB", mp3, "mp3")
    for level_db in RECORDED_LEVELS_DB:
        for format_name in RECORDED_FORMATS:
            place = folder / f"{format_name.replace(' ', '-')}{level_db:+.0f}"
            place.mkdir()
            recorded = place / "in-a-room.wav"
            in_room = f"{_ROOM}[room];[0][room]amix=inputs=2:duration=first:normalize=0,volume={level_db}dB"
            ffmpeg("-i", str(speech), "-filter_complex", in_room, "-ar", "44100", "-ac", "1", str(recorded))
            yield Source(f"{format_name} {level_db:+.0f} dB", phone_file(place, format_name, recorded))


def mp3_of_service(wav: Path) -> Path:
    """Return ``wav`` as the network voice would send it."""
    mp3 = wav.with_suffix(".mp3")
    ffmpeg("-i", str(wav), *SERVICE_MP3, str(mp3))
    return mp3
