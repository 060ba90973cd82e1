"""What every voice engine is: text in, a file of speech out, whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from box.sentences import Sentence, XiaolabaError


class EngineError(XiaolabaError):
    """An engine could not say it. ``passing`` tells whether trying again later may help."""

    passing = True


class EngineUnavailable(EngineError):
    """The engine can't be reached or is not installed."""


class SpeechNotWhole(EngineError):
    """The engine stopped before the end; what came is thrown away."""


class VoiceBroken(EngineError):
    """The voice's own files are damaged, or end the process that uses them. It rests like one that is away."""


class TextRefused(EngineError):
    """The engine will never say this text."""

    passing = False


class RecordingRefused(EngineError):
    """A person's recording can't be used: no sound, cut off, silent, too long."""

    passing = False


@dataclass(frozen=True)
class Voice:
    """A voice an engine has: ``name`` as the programme file writes it, ``title`` as a person calls it.

    ``title_en`` is what it is called in English, empty where that is the same.
    """

    name: str
    title: str
    engine: str
    title_en: str = ""

    @property
    def named(self) -> Sentence:
        """What a person calls it, in both languages."""
        return Sentence(self.title, self.title_en or self.title)


class Engine(Protocol):
    """One way of turning text into speech. It runs in a child process that can be killed."""

    name: str

    def has(self, voice: str) -> bool:
        """Tell whether ``voice`` is one of this engine's."""
        ...

    def speak(self, spoken: str, voice: str, folder: Path) -> Path:
        """Say the spoken form ``spoken``; return an audio file in ``folder`` that is whole.

        Raises EngineError when it is not.
        """
        ...
