"""The studio and the publisher as they are composed outside tests."""

from __future__ import annotations

import os
import random
from pathlib import Path

from box.clock import Clock, SystemClock
from box.folders import Folders
from tts.child import RenderChild
from tts.kept_words import KeptWords
from tts.library import ClipLibrary
from tts.publishing import Publisher
from tts.recordings import Takes
from tts.studio import ChildStudio
from tts.voice_store.installed import VoiceStore


def studio_in(clips: Path, clock: Clock, voices: Path, words: KeptWords) -> ChildStudio:
    """Return the studio that keeps its clips in ``clips`` and finds neural voices in ``voices``.

    The network is reached as HTTPS_PROXY says.
    """
    return ChildStudio(
        library=ClipLibrary(clips),
        renderer=RenderChild(),
        clock=clock,
        chance=random.Random().random,  # noqa: S311 - jitter, not a secret
        voices=VoiceStore(voices),
        words=words.words,
        proxy=os.environ.get("HTTPS_PROXY") or os.environ.get("https_proxy") or None,
    )


def studio_at(folders: Folders, clock: Clock | None = None, words: KeptWords | None = None) -> ChildStudio:
    """Return the studio of a data folder, with the word list that is kept there."""
    return studio_in(folders.clips, clock or SystemClock(), folders.voices, words or KeptWords(folders.words))


def publisher_at(folders: Folders, clock: Clock, studio: ChildStudio | None = None) -> Publisher:
    """Return the publisher of a data folder. Hand in the process's studio, so that they know of the same failures."""
    return Publisher(
        studio=studio or studio_at(folders, clock),
        takes=takes_at(folders, clock),
        path=folders.publication,
        clock=clock,
    )


def takes_at(folders: Folders, clock: Clock) -> Takes:
    """Return the recordings of a data folder."""
    return Takes(folder=folders.recordings, library=ClipLibrary(folders.clips), cleaner=RenderChild(), clock=clock)
