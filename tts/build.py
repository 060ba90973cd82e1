"""The studio and the publisher as they are composed outside tests."""

from __future__ import annotations

import os
import random
from pathlib import Path

from box.clock import Clock, SystemClock
from box.folders import Folders
from box.settings import Audio
from programme.credits import Credits
from tts.child import RenderChild
from tts.community import CommunityFile
from tts.fitting import Fitting
from tts.kept_words import KeptWords
from tts.library import ClipLibrary
from tts.publishing import Publisher
from tts.recipes import sound_of
from tts.recordings import Takes
from tts.rendered import Rendered
from tts.shared_layer import SHARED_FILE, TakenLayer
from tts.studio import ChildStudio
from tts.treatment import Treatment, treatment_of
from tts.unfitted import UnfittedFile
from tts.voice_list import VoiceList
from tts.voice_store.installed import VoiceStore


def studio_in(clips: Path, clock: Clock, voices: Path, words: KeptWords, treatment: Treatment) -> ChildStudio:
    """Return the studio that keeps its clips in ``clips`` and finds neural voices in ``voices``.

    The network is reached as HTTPS_PROXY says; a network that looks into TLS has its certificate in SSL_CERT_FILE.
    """
    return ChildStudio(
        library=ClipLibrary(clips),
        renderer=RenderChild(),
        clock=clock,
        chance=random.Random().random,  # noqa: S311 - jitter, not a secret
        voices=VoiceStore(voices),
        words=words.words,
        treatment=treatment,
        proxy=_proxy(),
        ca_file=Path(_ca_file()) if _ca_file() else None,
    )


def studio_at(
    folders: Folders, audio: Audio, clock: Clock | None = None, words: KeptWords | None = None
) -> ChildStudio:
    """Return the studio of a data folder, with the word list that is kept there."""
    return studio_in(
        folders.clips, clock or SystemClock(), folders.voices, words or KeptWords(folders.words), treatment_of(audio)
    )


def publisher_at(folders: Folders, audio: Audio, clock: Clock, studio: ChildStudio | None = None) -> Publisher:
    """Return the publisher of a data folder. Hand in the process's studio, so that they know of the same failures."""
    return Publisher(
        studio=studio or studio_at(folders, audio, clock),
        takes=takes_at(folders, audio, clock),
        sound=sound_of(treatment_of(audio)),
        path=folders.publication,
        clock=clock,
        library=ClipLibrary(folders.clips),
        credits=Credits(folders.credits),
        shared=shared_layer_at(folders),
        fitting=Fitting(
            ClipLibrary(folders.clips),
            RenderChild(),
            audio.loudspeaker,
            UnfittedFile(folders.panel / "unfitted.json", clock),
        ),
    )


def community_at(folders: Folders, audio: Audio, clock: Clock, studio: ChildStudio) -> CommunityFile:
    """Return what a hub's panel hands its hub, of a data folder."""
    rendered = Rendered(studio, takes_at(folders, audio, clock), Credits(folders.credits))
    return CommunityFile(folders.community, rendered, clock, audio.loudspeaker)


def shared_layer_at(folders: Folders) -> TakenLayer:
    """Return the shared layer of a data folder."""
    return TakenLayer(folders.fleet, folders.panel / SHARED_FILE, ClipLibrary(folders.clips))


def voice_list_at(folders: Folders) -> VoiceList:
    """Return the network service's list of voices, as it is kept in a data folder."""
    return VoiceList(
        folders.voice_list, lister=RenderChild(), clock=SystemClock(), proxy=_proxy(), ca_file=_ca_file() or None
    )


def _proxy() -> str | None:
    return os.environ.get("HTTPS_PROXY") or os.environ.get("https_proxy") or None


def _ca_file() -> str:
    return os.environ.get("SSL_CERT_FILE", "")


def takes_at(folders: Folders, audio: Audio, clock: Clock) -> Takes:
    """Return the recordings of a data folder."""
    return Takes(
        folder=folders.recordings,
        library=ClipLibrary(folders.clips),
        cleaner=RenderChild(),
        clock=clock,
        loudspeaker=audio.loudspeaker,
    )
