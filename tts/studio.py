"""The studio: text becomes a clip by the voice that was asked for, or by a stand-in that is marked as one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from box.clock import Clock
from box.sentences import Sentence
from tts.back_off import BackOff
from tts.candidates import NO_VOICES, Candidate, Voices, own_voice, stand_ins
from tts.child import Renderer
from tts.clip import Clip
from tts.engines import EngineError
from tts.job import LONGEST_SPOKEN, Job
from tts.library import ClipLibrary, Recipe
from tts.recipes import MIXDOWN_VERSION
from tts.spoken import SpokenFormEmpty, spoken_form
from tts.treatment import USUAL, Treatment
from tts.voices import ESPEAK, GRADES, SHERPA
from tts.word_list import WordList, starter
from tts.wording import Wording, wording_of

_PAUSES = "，、：；。！？\n"
_SYLLABLES_PER_SECOND = 4.6
_PAUSE_SECONDS = 0.35


class ChildStudio:
    """A ``tts.clip.Studio`` that renders in a child process and keeps what it made in the library.

    The voice's own engine is asked first. Where it fails it rests for a while, and a neural voice of this machine
    stands in, espeak-ng where there is none. The clip of the good voice replaces the stand-in by itself as soon as
    it is in the library.
    """

    def __init__(
        self,
        *,
        library: ClipLibrary,
        renderer: Renderer,
        clock: Clock,
        chance: Callable[[], float],
        proxy: str | None = None,
        ca_file: Path | None = None,
        voices: Voices = NO_VOICES,
        words: Callable[[], WordList] = starter,
        treatment: Treatment = USUAL,
    ) -> None:
        """Take what it works with; ``words`` returns the word list as it is now."""
        self._library = library
        self._renderer = renderer
        self._clock = clock
        self._chance = chance
        self._rests: dict[str, BackOff] = {}
        self._proxy = proxy
        self._ca_file = ca_file
        self._voices = voices
        self._words = words
        self._treatment = treatment
        self._one_at_a_time = threading.Lock()

    def clip(self, text: str, voice: str) -> Clip:
        """Return the clip that says ``text``; see ``tts.clip.Studio``."""
        wording = wording_of(text, self._words())
        with self._one_at_a_time:
            own = own_voice(voice, self._voices)
            good, why = self._asked(own, wording) if own else (None, _unknown(voice))
            return good or replace(self._stand_in(own, wording), stand_in=True, why=why)

    def upgrade(self, text: str, voice: str, engine: str = ESPEAK) -> Clip | None:
        """Return a clip better than one by ``engine``, None while it can't be had (the better rest, or fail).

        The best is by the voice that was asked for; before that, by a stand-in of a higher grade.
        """
        wording = wording_of(text, self._words())
        with self._one_at_a_time:
            own = own_voice(voice, self._voices)
            good = self._asked(own, wording)[0] if own else None
            for candidate in stand_ins(own, self._voices):
                if good is None and GRADES[candidate.engine] > GRADES.get(engine, 0):
                    good = self._asked(candidate, wording)[0]
            return good

    def path(self, clip: Clip) -> Path:
        """Return the clip's WAV."""
        return self._library.path(clip.sha256)

    def seconds(self, text: str) -> float:
        """Return about how long ``text`` takes to say; 0 where there is nothing to say."""
        try:
            spoken = spoken_form(text[:LONGEST_SPOKEN], self._words())
        except SpokenFormEmpty:
            return 0.0
        pauses = sum(character in _PAUSES for character in spoken)
        return round((len(spoken) - pauses) / _SYLLABLES_PER_SECOND + pauses * _PAUSE_SECONDS, 1)

    def _stand_in(self, own: Candidate | None, wording: Wording) -> Clip:
        """Return the best clip that can be had from another voice than ``own``.

        What another voice once said better than the next to be asked could is taken: a clip never gets worse. That may
        be the very voice that was asked for, with the treatment of another loudspeaker.
        """
        said = self._library.said(wording.spoken, MIXDOWN_VERSION, self._treatment)
        kept = max(said, key=_grade, default=None)
        *neural, plainest = stand_ins(own, self._voices)
        for candidate in neural:
            if kept is not None and _grade(kept) > GRADES[candidate.engine]:
                return kept
            clip, _ = self._asked(candidate, wording)
            if clip is not None:
                return clip
        if kept is not None and _grade(kept) > GRADES[plainest.engine]:
            return kept
        recipe = plainest.recipe(wording, self._treatment)
        return self._library.find(recipe) or self._rendered(plainest, recipe)

    def _asked(self, candidate: Candidate, wording: Wording) -> tuple[Clip | None, Sentence | None]:
        """Return the clip by that voice, or None and the sentence that says why not."""
        recipe = candidate.recipe(wording, self._treatment)
        found = self._library.find(recipe)
        if found is not None:
            return found, None
        if candidate.engine == ESPEAK:
            return self._rendered(candidate, recipe), None
        rest = self._rest_of(candidate)
        if rest.resting:
            return None, rest.why
        try:
            clip = self._rendered(candidate, recipe)
        except EngineError as error:
            if error.passing:
                rest.failed(error.sentence)
            return None, error.sentence
        rest.succeeded()
        return clip, None

    def _rest_of(self, candidate: Candidate) -> BackOff:
        """Return the rest of the voice's model; all voices of the network service rest together."""
        of = candidate.model or candidate.engine
        return self._rests.setdefault(of, BackOff(clock=self._clock, chance=self._chance))

    def _rendered(self, candidate: Candidate, recipe: Recipe) -> Clip:
        with self._library.workplace() as folder:
            target = folder / "clip.wav"
            job = Job(
                engine=recipe.engine,
                voice=recipe.voice,
                spoken=recipe.spoken,
                work=str(folder),
                target=str(target),
                seconds=_engine_seconds(recipe),
                proxy=self._proxy,
                ca_file=str(self._ca_file) if self._ca_file else None,
                given=recipe.given,
                voice_folder=str(candidate.folder) if candidate.folder else None,
                treatment=self._treatment,
            )
            self._renderer.render(job)
            return self._library.add(recipe, target)


def _unknown(voice: str) -> Sentence:
    return Sentence(
        f"没有“{voice}”这个声音，请在节目里换一个",
        f"there is no voice “{voice}”, choose another in the programme",
    )


def _grade(clip: Clip) -> int:
    return GRADES.get(clip.engine, 0)


def _engine_seconds(recipe: Recipe) -> float:
    """Return what an engine may take: to begin, and for each character several times the usual.

    A neural voice takes 0.9 s a second of speech on one core of a Pi 4 (published), so 0.2 s a character.
    """
    if recipe.engine == SHERPA:
        return min(60.0 + 0.6 * len(recipe.spoken), 1800.0)
    return min(20.0 + 0.1 * len(recipe.spoken), 180.0)
