"""Every format of a phone, really encoded, comes out as a clip: whole, at the common loudness, its ends trimmed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from box.settings import Loudspeaker
from tests.fakes import SetClock
from tests.tts.phone_files import ALL, FORMATS, Speech, ffmpeg, phone_file, speech
from tts.child import RenderChild
from tts.engines import RecordingRefused
from tts.ffmpeg import Level, decode
from tts.library import ClipLibrary
from tts.mixdown import AIM_LUFS, LOUDEST_PEAK_DBFS
from tts.recordings import Takes

# What most phones and browsers send, and what is decoded in a way of its own; each takes half a second or more.
EVERYDAY = ("m4a", "m4a of a browser", "webm of a browser", "mp3", "wav", "amr-nb", "caf")
SELDOM = tuple(name for name in ALL if name not in EVERYDAY)
_PAD_SECONDS = 0.06
_NOON = datetime(2026, 6, 3, 4, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Speech:
    """Return words that were said once for all tests of this file."""
    return speech(tmp_path_factory.mktemp("speech"))


def takes_in(folder: Path, loudspeaker: Loudspeaker = "box") -> Takes:
    """Return the recordings of a data folder, with the real child."""
    return Takes(
        folder=folder / "recordings",
        library=ClipLibrary(folder / "clips"),
        cleaner=RenderChild(),
        clock=SetClock(_NOON),
        loudspeaker=loudspeaker,
    )


def received(folder: Path, file: Path, loudspeaker: Loudspeaker = "box") -> tuple[float, Level]:
    """Hand ``file`` in as the panel does and keep it; return its clip's seconds and level."""
    takes = takes_in(folder, loudspeaker)
    with file.open("rb") as came:
        take = takes.receive(takes.set_down(came), who="王书记")
    assert takes.keep(take.id, "通知") == takes.find(take.id)
    assert (folder / "recordings" / f"{take.sha256}.{take.ending}").read_bytes() == file.read_bytes()
    clip = takes.clip(take.id)
    measured = decode(folder / "clips" / f"{clip.sha256}.wav", "wav", (), folder / "measured.raw")
    return clip.frames / 48_000, measured


@pytest.mark.parametrize("format_name", [*EVERYDAY, *(pytest.param(name, marks=pytest.mark.slow) for name in SELDOM)])
def test_every_format_becomes_a_clip(format_name: str, said: Speech, tmp_path: Path) -> None:
    """The words are all there and the silence around them is not; the loudness is that of every clip."""
    seconds, level = received(tmp_path, phone_file(tmp_path, format_name, said.path))
    assert seconds == pytest.approx(said.sounding_seconds + 2 * _PAD_SECONDS, abs=0.2)
    assert level.loudness_lufs == pytest.approx(AIM_LUFS, abs=0.5)
    assert level.peak_dbfs <= LOUDEST_PEAK_DBFS


@pytest.mark.parametrize(
    "loudspeaker", ["box", *(pytest.param(name, marks=pytest.mark.slow) for name in ("horn", "flat"))]
)
@pytest.mark.parametrize("level_db", [-30.0, 12.0])
def test_a_whisper_and_a_shout_are_equally_loud(level_db: float, loudspeaker: Loudspeaker, tmp_path: Path) -> None:
    """Far from the phone or overdriven, on any loudspeaker."""
    source = speech(tmp_path, level_db=level_db)
    seconds, level = received(tmp_path, phone_file(tmp_path, "m4a", source.path), loudspeaker)
    assert seconds > source.sounding_seconds - 0.2
    assert level.loudness_lufs == pytest.approx(AIM_LUFS, abs=0.5)
    assert level.peak_dbfs <= LOUDEST_PEAK_DBFS


def test_the_noise_of_a_room_is_not_taken_for_words(said: Speech, tmp_path: Path) -> None:
    """Where the microphone hears hiss and hum, the ends are trimmed all the same, and what is left is speech."""
    noisy = tmp_path / "noisy.wav"
    noise = f"anoisesrc=r=44100:a=0.002:d={said.seconds}[n];sine=f=50:r=44100:d={said.seconds},volume=-24dB[h]"
    mixed = f"{noise};[0][n][h]amix=inputs=3:normalize=0"
    ffmpeg("-i", str(said.path), "-filter_complex", mixed, str(noisy))
    seconds, level = received(tmp_path, phone_file(tmp_path, "m4a", noisy))
    assert seconds == pytest.approx(said.sounding_seconds + 2 * _PAD_SECONDS, abs=0.4)
    assert level.loudness_lufs == pytest.approx(AIM_LUFS, abs=0.5)


def test_a_film_is_taken_for_its_sound(said: Speech, tmp_path: Path) -> None:
    """Somebody films herself instead: the pictures are left out."""
    film = tmp_path / "film.mp4"
    pictures = ("-f", "lavfi", "-i", f"testsrc=size=64x64:rate=5:duration={said.seconds}")
    ffmpeg(*pictures, "-i", str(said.path), "-c:v", "mpeg4", "-c:a", "aac", "-f", "mp4", str(film))
    seconds, _ = received(tmp_path, film)
    assert seconds == pytest.approx(said.sounding_seconds + 2 * _PAD_SECONDS, abs=0.2)


@pytest.mark.parametrize("format_name", ["m4a", "webm", "3gp with aac", "wav", "flac", "caf"])
def test_a_file_that_was_cut_on_the_way_is_refused(format_name: str, said: Speech, tmp_path: Path) -> None:
    """Where the head knows how long the whole is, half of it is not aired: the words would break off."""
    file = phone_file(tmp_path, format_name, said.path)
    content = file.read_bytes()
    file.write_bytes(content[: len(content) * 6 // 10])
    with pytest.raises(RecordingRefused) as refused:
        received(tmp_path, file)
    assert "完整" in refused.value.sentence.zh


def test_the_list_is_that_of_the_issue() -> None:
    """Formats that are named to people are all among those that were tried."""
    tried = {name.split()[0] for name in (*FORMATS, *ALL)}
    assert tried >= {"m4a", "aac", "mp3", "ogg", "opus", "webm", "amr-nb", "amr-wb", "3gp", "wav", "flac"}
