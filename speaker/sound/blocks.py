"""A rundown's items as blocks of samples, as loud as they will sound."""

from __future__ import annotations

import os
import wave
from collections.abc import Iterator, Sequence

from box.sentences import XiaolabaError
from speaker.airing import Item, Silence, Sound
from speaker.sound.card import RATE_HZ, SAMPLE_BYTES
from speaker.sound.gain import Cap, gain_within, scaled

BLOCK_FRAMES = RATE_HZ // 10  # 100 ms: what the ear takes as one loudness, and a short read for an SD card


class ClipDamaged(XiaolabaError):
    """A clip is not there, cut, changed, or not 48 kHz mono 16 bit."""

    def __init__(self, sound: Sound, why: object) -> None:
        super().__init__(
            f"声音文件损坏，请重新保存这条稿件（{sound.path.name}：{why}）",
            f"a sound file is damaged: please save its message again ({sound.path.name}: {why})",
        )


def blocks_of(items: Sequence[Item], *, gain: float, cap: Cap) -> Iterator[bytes]:
    """Yield the samples of ``items`` in order, S16_LE, at ``gain`` and within ``cap``.

    A sound that goes over the cap is turned down from there to its end, not back up: it shall not pump.
    Raises ClipDamaged when it comes to a clip that is not whole; nothing of that clip is yielded then, unless
    the disk fails in the middle of it.
    """
    for item in items:
        if isinstance(item, Silence):
            yield from _silence(item.frames)
            continue
        allowed = gain
        for block in _read(item):
            allowed = gain_within(block, allowed, cap)
            yield scaled(block, allowed)


def _silence(frames: int) -> Iterator[bytes]:
    for start in range(0, frames, BLOCK_FRAMES):
        yield bytes(SAMPLE_BYTES * min(BLOCK_FRAMES, frames - start))


def _read(sound: Sound) -> Iterator[bytes]:
    try:
        with sound.path.open("rb") as file, wave.open(file) as clip:
            if (clip.getnchannels(), clip.getsampwidth(), clip.getframerate()) != (1, SAMPLE_BYTES, RATE_HZ):
                raise ClipDamaged(sound, "48 kHz mono 16 bit")
            if clip.getnframes() != sound.frames:
                raise ClipDamaged(sound, f"{clip.getnframes()} ≠ {sound.frames}")
            if os.fstat(file.fileno()).st_size < file.tell() + sound.frames * SAMPLE_BYTES:
                raise ClipDamaged(sound, f"< {sound.frames}")
            left = sound.frames
            while left:
                block = clip.readframes(min(BLOCK_FRAMES, left))
                if not block:
                    raise ClipDamaged(sound, f"-{left}")
                left -= len(block) // SAMPLE_BYTES
                yield block
    except (OSError, EOFError, wave.Error) as error:
        raise ClipDamaged(sound, error) from error
