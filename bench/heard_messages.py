"""The messages of the bench: real notices, by the voice of last resort, sounded on a virtual card and recorded."""

from __future__ import annotations

import audioop
import subprocess
import sys
import wave
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bench.card import build_card, new_card
from bench.failed import BenchFailed
from cli.places import child_environment
from programme.chimes import Chime
from speaker.hearing.bands import HOPS_PER_SECOND, RATE_HZ
from speaker.hearing.reference import CLIP_RATE_HZ
from speaker.sound.chime import chimes
from tests.tts.notices import NOTICES
from tts.espeak import Espeak
from tts.mixdown import mix_down
from tts.voices import ESPEAK_VOICE

_CHARACTERS = range(15, 45)  # of the spoken form: some 4 to 12 s


@dataclass(frozen=True)
class Sent:
    """A message as it was played: chime and clip, and what the card sounded of them, at 16 kHz."""

    chime: Path
    clip: Path
    frames: tuple[int, int]
    sounded: bytes

    @property
    def words(self) -> tuple[int, int]:
        """Where the words lie, in hops."""
        first, last = self.frames[0], sum(self.frames)
        return round(first * HOPS_PER_SECOND / CLIP_RATE_HZ), round(last * HOPS_PER_SECOND / CLIP_RATE_HZ)


def messages(count: int, random: Random, folder: Path) -> list[Sent]:
    """Return so many messages, each rendered as a clip is and sounded by the real playout. Raises BenchFailed."""
    fitting = [said for _, said in NOTICES if len(said) in _CHARACTERS]
    library = build_card(folder)
    chime = chimes(folder)[Chime.BELLS].path
    clips = [_clip(said, folder, number) for number, said in enumerate(random.sample(fitting, count))]
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda clip: _sent(chime, clip, library, folder), clips))


def _clip(said: str, folder: Path, number: int) -> Path:
    target = folder / f"message-{number}.wav"
    mix_down([Espeak().speak(said, ESPEAK_VOICE, folder)], "wav", target)
    return target


def _sent(chime: Path, clip: Path, library: Path, folder: Path) -> Sent:
    card = new_card(library, folder / f"card-{clip.stem}")
    words = [sys.executable, "-P", "-m", "bench.heard_air", str(chime), str(clip)]
    done = subprocess.run(words, env=dict(child_environment()) | card.environment, capture_output=True, check=False)
    if done.returncode:
        raise BenchFailed("虚拟声卡上没有播完", f"it was not sounded whole: {done.stderr.decode()[-500:]}")
    frames = tuple(_frames(path) for path in (chime, clip))
    sounded, _ = audioop.ratecv(card.recorded(), 2, 1, CLIP_RATE_HZ, RATE_HZ, None)
    return Sent(chime, clip, (frames[0], frames[1]), sounded)


def _frames(path: Path) -> int:
    with wave.open(str(path)) as file:
        return int(file.getnframes())


def total_seconds(sent: Sequence[Sent]) -> float:
    """Return how long they are together."""
    return sum(sum(one.frames) for one in sent) / CLIP_RATE_HZ
