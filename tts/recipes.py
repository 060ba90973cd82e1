"""The recipe of a clip from the versions of our own code that shape its sound. Imports no engine."""

from __future__ import annotations

from collections.abc import Mapping

from tts.library import Recipe
from tts.treatment import USUAL, Treatment
from tts.voices import ESPEAK, SHERPA

PREPARATION_VERSION = 1  # how text is cut into sentences, and how pinyin is made of it
MIXDOWN_VERSION = 2  # band, loudness, trim, fades

_PACES = {ESPEAK: "140 wpm, gap 1"}
_NORMAL_PACE = "+0%"
_TAKE_PINYIN = frozenset({ESPEAK, SHERPA})


def recipe_for(
    engine: str,
    voice: str,
    spoken: str,
    *,
    model: str = "",
    given: Mapping[str, str] | None = None,
    treatment: Treatment = USUAL,
) -> Recipe:
    """Return what a clip of ``spoken`` by that voice is made from. Raise a version where the code changes the sound.

    ``model`` is the hash of the voice's files where they are on this machine; ``given`` the pinyin that the word list
    gives to words of ``spoken``.
    """
    return Recipe(
        engine=engine,
        voice=voice,
        spoken=spoken,
        pace=_PACES.get(engine, _NORMAL_PACE),
        preparation=PREPARATION_VERSION,
        mixdown=MIXDOWN_VERSION,
        model=model,
        given=dict(given or {}) if engine in _TAKE_PINYIN else {},
        treatment=None if treatment == USUAL else treatment,
    )


def sound_of(treatment: Treatment) -> str:
    """Return a name of all that every clip of this box has in common: where it changes, they are made anew."""
    pause = f"+{treatment.sentence_pause_ms}ms" if treatment.sentence_pause_ms else ""
    return f"{treatment.loudspeaker}{pause}/{PREPARATION_VERSION}.{MIXDOWN_VERSION}"
