"""A hub's clip for the loudspeaker that hangs here: brought into its band, as every clip of this box is."""

from __future__ import annotations

import logging

from msgspec.structs import replace

from box.sentences import XiaolabaError
from box.settings import Loudspeaker
from programme.publication import PublishedMessage
from tts.child import Fitter
from tts.clip import Clip
from tts.job import FittingJob
from tts.library import ClipLibrary, Recipe
from tts.recipes import MIXDOWN_VERSION
from tts.treatment import Treatment

SHARED_ENGINE = "shared"
FITTING_SECONDS = 60.0
_NARROWER: tuple[Loudspeaker, ...] = ("flat", "box", "horn")  # each band lies within the one before
_LOG = logging.getLogger(__name__)


class Fitting:
    """Brings clips into the band of ``loudspeaker``, each once; a clip whose band is as narrow stays bit by bit."""

    def __init__(self, library: ClipLibrary, fitter: Fitter, loudspeaker: Loudspeaker) -> None:
        self._library = library
        self._fitter = fitter
        self._loudspeaker = loudspeaker

    def message(self, message: PublishedMessage, made_for: Loudspeaker) -> PublishedMessage:
        """Return ``message``, whose clip was made for that loudspeaker and is in the library, with one for this.

        Where none can be made it stays as it came: the words in another band are better than no words.
        """
        if _NARROWER.index(self._loudspeaker) <= _NARROWER.index(made_for):
            return message
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
            clip = self._library.find(recipe) or self._fitted(message, recipe)
        except (XiaolabaError, OSError, ValueError) as error:
            _LOG.warning("%s stays in the band it came in: %s", message.id, error)
            return message
        return replace(message, clip=clip.sha256, frames=clip.frames)

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
