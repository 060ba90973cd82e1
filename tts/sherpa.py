"""The neural engine that needs no network: sherpa-onnx over an installed voice. Only the child imports this."""

from __future__ import annotations

import math
import os
import struct
from array import array
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Protocol

from box.storage import hash_of
from tts.engines import EngineUnavailable, SpeechNotWhole, VoiceBroken
from tts.sherpa_lexicon import Clause, Lexicon
from tts.sherpa_readings import written_alike
from tts.voice_store.manifest import Manifest, VoiceWrong, read_manifest
from tts.voices import SHERPA

MOST_THREADS = 4
_FLOAT_WAV = 3  # WAVE_FORMAT_IEEE_FLOAT
_LEAST_SECONDS_PER_CHARACTER = 0.05  # nobody speaks faster: less than this is speech with words missing
_LEFT_OUT = (b"OOV", b"Unknown token", b"Skip ", b"Failed to convert")  # what the engine complains of, and goes on


class Audio(Protocol):
    """What sherpa-onnx returns: samples from -1 to 1."""

    samples: list[float]
    sample_rate: int


class Sherpa:
    """An ``Engine`` over the voice in ``folder``.

    A model with wrong metadata ends the whole process from within the library: it runs where that is survived.
    """

    name = SHERPA
    audio_format = "wav"

    def __init__(self, *, folder: Path, threads: int | None = None, given: Mapping[str, str] | None = None) -> None:
        """Take the voice's folder; ``given`` are words with their pinyin, as the word list has them."""
        self._folder = folder
        self._given = given or {}
        self._threads = threads or min(len(os.sched_getaffinity(0)), MOST_THREADS)

    def has(self, voice: str) -> bool:
        """Tell whether it is the voice of this folder."""
        return _described(self._folder).name == voice

    def speak(self, spoken: str, voice: str, folder: Path) -> Path:
        """Say the spoken form; see ``tts.engines.Engine``. The text is checked before the model is loaded."""
        clauses = self._lexicon.clauses(spoken)
        target, rate = folder / "sherpa.wav", 0
        with target.open("wb") as file:
            file.write(_header(0, 1))
            for clause in clauses:
                audio = self._engine.say(clause, folder / "engine.log")
                rate = audio.sample_rate
                array("f", audio.samples).tofile(file)
                file.write(bytes(4 * round(clause.silence_seconds * rate)))
            length = file.tell()
            file.seek(0)
            file.write(_header(length - len(_header(0, 1)), rate))
        return target

    @cached_property
    def _manifest(self) -> Manifest:
        """The voice's description, its files found to be whole."""
        manifest = _described(self._folder)
        _check_files(manifest, self._folder)
        return manifest

    @cached_property
    def _lexicon(self) -> Lexicon:
        files = self._manifest.files
        lexicon = Lexicon.read(self._folder / files.lexicon.file, self._folder / files.tokens.file)
        return lexicon.writing(written_alike(self._given, lexicon.characters()))

    @cached_property
    def _engine(self) -> _Loaded:
        return _Loaded(self._manifest, self._folder, self._threads)


class _Loaded:
    """The engine with the model in memory."""

    def __init__(self, manifest: Manifest, folder: Path, threads: int) -> None:
        self._manifest = manifest
        try:
            import sherpa_onnx  # noqa: PLC0415 - optional: without it the voice is unavailable, not the program
        except ImportError as error:
            raise EngineUnavailable(
                "没有装离线语音引擎 sherpa-onnx，请运行 xiaolaba voices 看怎样安装",
                "the offline voice engine sherpa-onnx is not installed; xiaolaba voices tells how",
            ) from error

        def path(part: str) -> str:
            return str(folder / getattr(manifest.files, part).file)

        model = sherpa_onnx.OfflineTtsModelConfig(num_threads=threads, debug=False, provider="cpu")
        if manifest.kind == "matcha":
            model.matcha.acoustic_model, model.matcha.vocoder = path("model"), path("vocoder")
            model.matcha.lexicon, model.matcha.tokens = path("lexicon"), path("tokens")
        else:
            model.vits.model, model.vits.lexicon, model.vits.tokens = path("model"), path("lexicon"), path("tokens")
        self._how = sherpa_onnx.GenerationConfig()
        self._how.sid, self._how.speed = manifest.speaker, 1.0
        self._how.silence_scale = 1.0  # the voice's own pauses: the library's default cuts each to a fifth
        try:
            # The rules for numbers that a voice comes with are left out: the spoken form has no digits.
            self._engine = sherpa_onnx.OfflineTts(sherpa_onnx.OfflineTtsConfig(model=model))
        except (RuntimeError, ValueError) as error:
            raise _broken(manifest.name) from error

    def say(self, clause: Clause, log: Path) -> Audio:
        """Say one clause whole. Raises SpeechNotWhole where words are missing, VoiceBroken where it is no sound.

        A matcha voice takes its own tokens, so that nothing is left to the library's reading of the text.
        """
        text = clause.text
        if self._manifest.kind == "matcha":
            text, self._how.tokens = "", [list(clause.tokens)]
        with _complaints(log):
            try:
                audio: Audio = self._engine.generate(text, self._how)
            except (RuntimeError, ValueError) as error:
                raise _broken(self._manifest.name) from error
        if any(sign in log.read_bytes() for sign in _LEFT_OUT):
            raise SpeechNotWhole("这个声音漏读了字，没有采用", "the voice left words out; its speech was refused")
        if audio.sample_rate <= 0 or self._manifest.sample_rate_hz not in {None, audio.sample_rate}:
            raise _broken(self._manifest.name)
        if len(audio.samples) < clause.characters * _LEAST_SECONDS_PER_CHARACTER * audio.sample_rate:
            raise SpeechNotWhole("这个声音漏读了字，没有采用", "the voice left words out; its speech was refused")
        if not math.isfinite(sum(audio.samples)):
            raise _broken(self._manifest.name)
        return audio


@contextmanager
def _complaints(log: Path) -> Iterator[None]:
    """Have what the library writes on standard error, from C++, in the file ``log``."""
    before = os.dup(2)
    try:
        with log.open("wb") as file:
            os.dup2(file.fileno(), 2)
            yield
    finally:
        os.dup2(before, 2)
        os.close(before)


def _described(folder: Path) -> Manifest:
    try:
        return read_manifest(folder)
    except VoiceWrong as error:
        raise VoiceBroken(*error.sentence) from error


def _check_files(manifest: Manifest, folder: Path) -> None:
    """Check every file against its hash: a card that wears out must not be heard."""
    for _, file in manifest.files.parts():
        try:
            whole = hash_of(folder / file.file) == file.sha256
        except OSError:
            whole = False
        if not whole:
            raise _broken(manifest.name)


def _broken(name: str) -> VoiceBroken:
    return VoiceBroken(
        f"声音“{name}”的文件坏了或不能用，请重新安装：xiaolaba voices add",
        f"the files of the voice “{name}” are damaged or unusable, install it again: xiaolaba voices add",
    )


def _header(data_bytes: int, rate: int) -> bytes:
    """Return the header of a WAV of mono floats: ffmpeg reads them, and nothing is clipped on the way."""
    form = struct.pack("<HHIIHH", _FLOAT_WAV, 1, rate, 4 * rate, 4, 32)
    return (
        b"RIFF"
        + struct.pack("<I", 36 + data_bytes)
        + b"WAVEfmt "
        + struct.pack("<I", 16)
        + form
        + b"data"
        + struct.pack("<I", data_bytes)
    )
