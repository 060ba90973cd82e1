"""The engine of last resort: espeak-ng, offline, fed with tone-numbered pinyin. Only the child imports this."""

from __future__ import annotations

import subprocess
import wave
from pathlib import Path

from tts.engines import EngineUnavailable, SpeechNotWhole
from tts.pinyin import pinyin_text
from tts.voices import ESPEAK, ESPEAK_VOICE
from tts.word_list import Readings

WORDS_PER_MINUTE = 140
GAP_10MS = 1  # between words; with 140 a fair pace (tried by ear)


class Espeak:
    """An ``Engine`` over the program espeak-ng."""

    name = ESPEAK
    audio_format = "wav"

    def __init__(
        self, *, program: str = "espeak-ng", readings: Readings | None = None, deadline_seconds: float = 60
    ) -> None:
        self._program = program
        self._readings = readings
        self._deadline_seconds = deadline_seconds

    def has(self, voice: str) -> bool:
        """Tell whether it is the one voice that reads pinyin."""
        return voice == ESPEAK_VOICE

    def speak(self, spoken: str, voice: str, folder: Path) -> Path:
        """Say the spoken form; see ``tts.engines.Engine``. Raises EngineUnavailable, SpeechNotWhole."""
        target = folder / "espeak.wav"
        text = pinyin_text(spoken, self._readings)
        command = [self._program, "-v", voice, "-s", str(WORDS_PER_MINUTE), "-g", str(GAP_10MS)]
        try:
            done = subprocess.run(  # noqa: S603 - fixed arguments; the text goes in on standard input
                [*command, "-w", str(target), "--stdin"],
                input=f"{text}\n".encode(),
                capture_output=True,
                timeout=self._deadline_seconds,
                check=False,
            )
        except FileNotFoundError as error:
            raise EngineUnavailable(
                "没有装备用声音，请安装：apt install espeak-ng", "the stand-in voice is missing: apt install espeak-ng"
            ) from error
        except subprocess.TimeoutExpired as error:
            raise SpeechNotWhole("备用声音没有按时读完，请再试", "the stand-in voice did not finish in time") from error
        if done.returncode != 0 or not _whole(target):
            raise SpeechNotWhole("备用声音没有读完整，请再试", "the stand-in voice did not speak it whole")
        return target


def _whole(path: Path) -> bool:
    """Tell whether the WAV has as many samples as its header promises."""
    try:
        with wave.open(str(path), "rb") as file:
            promised = file.getnframes() * file.getsampwidth()
            return promised > 0 and len(file.readframes(file.getnframes())) == promised
    except (OSError, EOFError, wave.Error):
        return False
