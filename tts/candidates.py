"""Who may say a text: the voice that was asked for, and who stands in for it, in order."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tts.library import Recipe
from tts.recipes import recipe_for
from tts.treatment import Treatment
from tts.voice_store.installed import InstalledVoice
from tts.voices import ESPEAK, ESPEAK_VOICE, SHERPA, engine_of
from tts.wording import Wording


class Voices(Protocol):
    """The neural voices of this machine."""

    def find(self, name: str) -> InstalledVoice | None:
        """Return the voice of that name, or None."""
        ...

    def installed(self) -> tuple[InstalledVoice, ...]:
        """Return all of them, in a fixed order."""
        ...


class _NoVoices:
    def find(self, name: str) -> None:
        return None

    def installed(self) -> tuple[InstalledVoice, ...]:
        return ()


NO_VOICES: Voices = _NoVoices()


@dataclass(frozen=True)
class Candidate:
    """A voice that may be asked; ``model`` and ``folder`` are those of a neural voice of this machine."""

    engine: str
    voice: str
    model: str = ""
    folder: Path | None = None

    def recipe(self, wording: Wording, treatment: Treatment) -> Recipe:
        """Return what its clip of those words is made from."""
        return recipe_for(
            self.engine, self.voice, wording.spoken, model=self.model, given=wording.given, treatment=treatment
        )


def own_voice(voice: str, voices: Voices) -> Candidate | None:
    """Return the voice that was asked for, or None where no engine has it."""
    installed = voices.find(voice)
    if installed is not None:
        return _neural(installed)
    engine = engine_of(voice)
    return Candidate(engine, voice) if engine else None


def stand_ins(own: Candidate | None, voices: Voices) -> list[Candidate]:
    """Return who may stand in, the best first: a neural voice of this machine, then the plainest."""
    neural = [_neural(voice) for voice in voices.installed()]
    return [*[voice for voice in neural if voice != own][:1], Candidate(ESPEAK, ESPEAK_VOICE)]


def _neural(installed: InstalledVoice) -> Candidate:
    return Candidate(SHERPA, installed.name, installed.manifest.model, installed.folder)
