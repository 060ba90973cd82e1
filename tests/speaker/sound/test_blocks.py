"""Samples on their way: gaps, gain, the cap, and clips that are not whole."""

import array
import wave
from collections.abc import Callable
from pathlib import Path

import pytest

from speaker.airing import Silence, Sound
from speaker.sound.blocks import BLOCK_FRAMES, ClipDamaged, blocks_of
from speaker.sound.gain import cap_of, gain_of, scaled
from tests.speaker.listening import clip

CAP = cap_of(100)


def samples_of(*items: Sound | Silence, gain: float = 1.0, loudest: int = 100) -> bytes:
    """Return everything that would sound."""
    return b"".join(blocks_of(items, gain=gain, cap=cap_of(loudest)))


@pytest.mark.parametrize("frames", [2, BLOCK_FRAMES - 1, BLOCK_FRAMES, BLOCK_FRAMES + 1, 3 * BLOCK_FRAMES])
def test_items_follow_each_other_without_a_seam(tmp_path: Path, frames: int) -> None:
    """Whatever its length, a clip comes whole, and a gap is exactly as long as it says."""
    sound, samples = clip(tmp_path, "a", frames)
    assert samples_of(sound, Silence(frames), sound) == samples + bytes(2 * frames) + samples


def test_a_quiet_passage_and_a_hot_one_are_treated_apart(tmp_path: Path) -> None:
    """A hot clip is turned down from where it is hot, and does not come back up; the next clip is as it was."""
    hot = tmp_path / "hot.wav"
    quiet = array.array("h", [1_000, -1_000] * (BLOCK_FRAMES // 2)).tobytes()
    loud = array.array("h", [32_767, -32_767] * (BLOCK_FRAMES // 2)).tobytes()
    with wave.open(str(hot), "wb") as file:
        file.setparams((1, 2, 48_000, 3 * BLOCK_FRAMES, "NONE", ""))
        file.writeframes(quiet + loud + quiet)
    calm, samples = clip(tmp_path, "calm", BLOCK_FRAMES)
    first, second, third, fourth = blocks_of([Sound(hot, 3 * BLOCK_FRAMES), calm], gain=1.0, cap=CAP)
    assert first == quiet
    assert max(array.array("h", second)) <= 0.502 * 32_768
    assert third == scaled(quiet, 0.5011872336272722 * 32_768 / 32_767)
    assert fourth == samples


def test_the_cap_holds_against_the_volume_asked_for(tmp_path: Path) -> None:
    """Where the installer allows 50, no volume gets over 50."""
    sound, samples = clip(tmp_path, "a", 480)
    assert samples_of(sound, gain=gain_of(100), loudest=50) == scaled(samples, gain_of(50))
    assert samples_of(sound, gain=gain_of(20), loudest=50) == scaled(samples, gain_of(20))


def _wave(path: Path, channels: int, width: int, rate: int) -> None:
    with wave.open(str(path), "wb") as file:
        file.setparams((channels, width, rate, 480, "NONE", ""))
        file.writeframes(bytes(480 * channels * width))


@pytest.mark.parametrize(
    "harm",
    [
        Path.unlink,
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"RIFF\x00\x00"),
        lambda path: path.write_bytes(b"ID3\x04" + bytes(2_000)),
        lambda path: path.write_bytes(path.read_bytes()[:-2]),
        lambda path: path.write_bytes(path.read_bytes()[:44]),
        lambda path: _wave(path, 2, 2, 48_000),
        lambda path: _wave(path, 1, 1, 48_000),
        lambda path: _wave(path, 1, 2, 44_100),
    ],
)
def test_nothing_of_a_clip_that_is_not_whole_is_yielded(tmp_path: Path, harm: Callable[[Path], object]) -> None:
    """A missing, empty, foreign, cut or otherwise pitched file is one sentence, after what came before it."""
    whole, samples = clip(tmp_path, "whole", 480)
    damaged, _ = clip(tmp_path, "damaged", 480)
    harm(damaged.path)
    blocks = blocks_of([whole, damaged], gain=1.0, cap=CAP)
    assert next(blocks) == samples
    with pytest.raises(ClipDamaged, match="声音文件损坏，请重新保存这条稿件"):
        next(blocks)


def test_a_clip_of_another_length_than_was_published_is_damaged(tmp_path: Path) -> None:
    """It is whole in itself, but not the clip that was put on air."""
    sound, _ = clip(tmp_path, "a", 480)
    with pytest.raises(ClipDamaged):
        samples_of(Sound(sound.path, 481))
