"""Small files of what was aired lie ready for phones; what is not shown any more is gone."""

import shutil
from pathlib import Path

import pytest

from tests.web.fakes import wav_of_silence
from tts.engines import SpeechNotWhole
from tts.ffmpeg import compress
from web.residents.sounds import Sounds

CLIP, OTHER = "a" * 64, "b" * 64


def sounds(folder: Path) -> Sounds:
    """Return those of a folder with one clip, made by copying."""
    (folder / "clips").mkdir()
    (folder / "clips" / f"{CLIP}.wav").write_bytes(b"clip")
    return Sounds(folder / "aired", folder / "clips", shutil.copyfile)


def test_what_is_there_is_made_ready_once(tmp_path: Path) -> None:
    """A clip that the library has forgotten is none that could be."""
    one = sounds(tmp_path)
    assert one.of(CLIP) is None
    assert one.lacking([CLIP, OTHER]) == [CLIP]
    one.make(CLIP)
    made = one.of(CLIP)
    assert made is not None
    assert made.read_bytes() == b"clip"
    assert one.lacking([CLIP, OTHER]) == []


def test_what_is_not_wanted_any_more_is_removed(tmp_path: Path) -> None:
    """Also what a power cut left half made."""
    one = sounds(tmp_path)
    one.make(CLIP)
    (tmp_path / "aired" / f"{OTHER}.part").write_bytes(b"half")
    one.keep_only([])
    assert list((tmp_path / "aired").iterdir()) == []


def test_what_can_not_be_made_leaves_nothing(tmp_path: Path) -> None:
    """The page is then without that sound."""
    sounds(tmp_path)

    def fail(_clip: Path, target: Path) -> None:
        target.write_bytes(b"half")
        raise SpeechNotWhole("坏的", "broken")

    one = Sounds(tmp_path / "aired", tmp_path / "clips", fail)
    one.make(CLIP)
    assert (one.of(CLIP), list((tmp_path / "aired").iterdir())) == (None, [])


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not here")
def test_a_clip_becomes_an_mp3_a_tenth_its_size(tmp_path: Path) -> None:
    """By the real ffmpeg; what is no clip is refused."""
    clip, made = tmp_path / "clip.wav", tmp_path / "clip.part"
    clip.write_bytes(wav_of_silence(frames=480_000))
    compress(clip, made)
    assert made.read_bytes()[:3] == b"ID3" or made.read_bytes()[:1] == b"\xff"
    assert made.stat().st_size < clip.stat().st_size / 10
    clip.write_bytes(b"no sound")
    with pytest.raises(SpeechNotWhole):
        compress(clip, made)
