"""A hub's clip for the loudspeaker that hangs here: brought into its band, as every clip of this box is."""

from __future__ import annotations

import logging

from msgspec.structs import replace

from box.sentences import Sentence, XiaolabaError
from box.settings import Loudspeaker
from programme.publication import PublishedMessage
from tts.child import Fitter
from tts.clip import Clip
from tts.job import FittingJob
from tts.library import ClipLibrary, Recipe
from tts.recipes import MIXDOWN_VERSION
from tts.treatment import Treatment
from tts.unfitted import UnfittedFile

SHARED_ENGINE = "shared"
FITTING_SECONDS = 60.0
_NARROWER: tuple[Loudspeaker, ...] = ("flat", "box", "horn")  # each band lies within the one before
NOT_WHOLE = Sentence("做出来的声音不完整", "the sound was not made whole")
_LOG = logging.getLogger(__name__)


class Fitting:
    """Brings clips into the band of ``loudspeaker``, each once; a clip whose band is as narrow stays bit by bit.

    ``unfitted`` is told which could not be, and has them left as they are for a day.
    """

    def __init__(self, library: ClipLibrary, fitter: Fitter, loudspeaker: Loudspeaker, unfitted: UnfittedFile) -> None:
        self._library = library
        self._fitter = fitter
        self._loudspeaker = loudspeaker
        self._unfitted = unfitted

    def messages(self, messages: tuple[PublishedMessage, ...], made_for: Loudspeaker) -> tuple[PublishedMessage, ...]:
        """Return all that is shared, each as ``message`` does; what failed once and is no more of it is forgotten."""
        tried = [self._tried(message, made_for) for message in messages]
        try:
            self._unfitted.keep_only({key for _, key in tried if key is not None})
        except OSError as error:
            _LOG.warning("what was fitted is still told of: %s", error)
        return tuple(message for message, _ in tried)

    def message(self, message: PublishedMessage, made_for: Loudspeaker) -> PublishedMessage:
        """Return ``message``, whose clip was made for that loudspeaker and is in the library, with one for this.

        Where none can be made it stays as it came: the words in another band are better than no words.
        """
        return self._tried(message, made_for)[0]

    def _tried(self, message: PublishedMessage, made_for: Loudspeaker) -> tuple[PublishedMessage, str | None]:
        """Return the message, and the key of its fitting where that could not be made."""
        if _NARROWER.index(self._loudspeaker) <= _NARROWER.index(made_for):
            return message, None
        recipe = Recipe(
            engine=SHARED_ENGINE,
            voice="",
            spoken=message.clip,
            pace="",
            preparation=0,
            mixdown=MIXDOWN_VERSION,
            treatment=Treatment(loudspeaker=self._loudspeaker),
        )
        try:
            clip = self._library.find(recipe)
            if clip is None and self._unfitted.rests(recipe.key):
                return message, recipe.key
            clip = clip or self._fitted(message, recipe)
        except OSError as error:  # the storage may do better with the next publication
            _LOG.warning("%s stays in the band it came in: %s", message.id, error)
            return message, recipe.key
        except (XiaolabaError, ValueError) as error:
            _LOG.warning("%s stays in the band it came in: %s", message.id, error)
            self._keep(message, recipe.key, error.sentence if isinstance(error, XiaolabaError) else NOT_WHOLE)
            return message, recipe.key
        return replace(message, clip=clip.sha256, frames=clip.frames), None

    def _keep(self, message: PublishedMessage, key: str, why: Sentence) -> None:
        try:
            self._unfitted.failed(key, message.clip, message.title, why)
        except OSError as error:
            _LOG.warning("it is tried again with the next publication: %s", error)

    def _fitted(self, message: PublishedMessage, recipe: Recipe) -> Clip:
        with self._library.workplace() as work:
            target = work / "clip.wav"
            self._fitter.fit(
                FittingJob(
                    source=str(self._library.path(message.clip)),
                    work=str(work),
                    target=str(target),
                    seconds=FITTING_SECONDS,
                    loudspeaker=self._loudspeaker,
                )
            )
            return self._library.add(recipe, target)
