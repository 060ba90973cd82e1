"""A person's recordings: received, heard, kept, named, put away, and the clips that are made of them."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import RLock
from typing import IO

import msgspec

from box.clock import Clock
from box.settings import Loudspeaker
from programme.publication import SAMPLE_RATE_HZ
from tts.child import Cleaner
from tts.clip import Clip
from tts.engines import RecordingRefused
from tts.job import CleaningJob
from tts.library import ClipLibrary, Recipe
from tts.recipes import MIXDOWN_VERSION
from tts.recordings_formats import HEAD_BYTES, format_of
from tts.recordings_shelf import Shelf
from tts.recordings_take import Take, TakeMissing
from tts.treatment import USUAL, Treatment

ENGINE = "recording"
CHAIN_VERSION = 1  # of the cleaning: raise it with any change of sound
LARGEST_BYTES = 20 * 1024 * 1024  # five minutes of WAV at 32 kHz mono; an m4a takes a tenth of it
LONGEST_NAME = 40  # characters
CLEANING_SECONDS = 180.0  # five minutes took 9 s on two cores; on a small Pi twenty times that (estimate)
WAITS = timedelta(days=1)


class Takes:
    """The recordings of one data folder. What comes waits until somebody has heard it and keeps it.

    No name that a person or a phone gave is ever part of a path.
    """

    def __init__(
        self,
        *,
        folder: Path,
        library: ClipLibrary,
        cleaner: Cleaner,
        clock: Clock,
        loudspeaker: Loudspeaker = "box",
    ) -> None:
        self._incoming = folder / "incoming"
        self._kept, self._waiting, self._away = Shelf(folder), Shelf(folder / "waiting"), Shelf(folder / "archive")
        self._library = library
        self._cleaner = cleaner
        self._clock = clock
        self._loudspeaker = loudspeaker
        self._lock = RLock()

    def incoming_file(self) -> IO[bytes]:
        """Return a new file on this disk for what is still coming; it is gone when it is closed.

        With this it is also seen to that what nobody kept within a day is forgotten.
        """
        self._waiting.forget_older_than(WAITS, self._clock.now())
        self._incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
        return tempfile.NamedTemporaryFile(dir=self._incoming, prefix="part-")

    def set_down(self, came: IO[bytes]) -> Path:
        """Return a file of our own with all that ``came``, for a job to work on after the request is over.

        Raises RecordingRefused for what is empty or larger than ``LARGEST_BYTES``.
        """
        self._incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, name = tempfile.mkstemp(dir=self._incoming, prefix="came-")
        size = 0
        with os.fdopen(descriptor, "wb") as file:
            while size <= LARGEST_BYTES and (part := came.read(1 << 16)):
                size += file.write(part)
        if 0 < size <= LARGEST_BYTES:
            return Path(name)
        Path(name).unlink()
        if size:
            raise too_large()
        raise RecordingRefused("没有收到录音，请先选好录音文件，再点上传", "nothing came: choose a recording first")

    def receive(self, came: Path, *, who: str, text: str = "", message: str = "", replaces: str = "") -> Take:
        """Clean the file ``came`` and let it wait to be heard. It takes seconds, and the file is gone afterwards.

        Raises EngineError; RecordingRefused is the one that trying again does not cure.
        """
        try:
            with came.open("rb") as file:
                kind = format_of(file.read(HEAD_BYTES))
                file.seek(0)
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            clip = self._clip_of(came, sha256)
            take = Take(
                sha256=sha256,
                ending=kind.ending if kind else "m4a",
                name="",
                who=who,
                made=self._clock.now(),
                seconds=round(clip.frames / SAMPLE_RATE_HZ, 1),
                text=text,
                message=message,
                replaces=replaces,
            )
            self._waiting.put(came, take)
            return take
        finally:
            came.unlink(missing_ok=True)

    def find(self, take_id: str) -> Take | None:
        """Return the take that is kept under that id."""
        return self._kept.find(take_id)

    def waiting(self, take_id: str) -> Take | None:
        """Return the take that waits to be heard under that id."""
        return self._waiting.find(take_id)

    def all(self) -> tuple[Take, ...]:
        """Return the takes that are kept, the newest first."""
        return self._kept.all()

    def put_away(self) -> tuple[Take, ...]:
        """Return those that were put away and can be brought back."""
        return self._away.all()

    def keep(self, take_id: str, name: str) -> Take:
        """Keep what waits, under ``name``; it is to be aired for the text it was made for. Raises TakeMissing."""
        with self._lock:
            waits, had = self.waiting(take_id), self.find(take_id)
            if waits is None:
                if had is None:
                    raise TakeMissing(take_id)
                return had  # a form that was sent twice
            take = msgspec.structs.replace(waits, name=_tidy(name) or waits.name, agreed=had.agreed if had else ())
            take = take.agreed_with(take.text)
            self._waiting.hand_to(self._kept, take)
            return take

    def drop(self, take_id: str) -> None:
        """Forget what waits."""
        waits = self.waiting(take_id)
        if waits is not None:
            self._waiting.remove(waits)

    def rename(self, take_id: str, name: str) -> None:
        """Give a kept take another name; an empty one changes nothing. Raises TakeMissing."""
        with self._lock:
            take = self._must(take_id)
            self._kept.write(msgspec.structs.replace(take, name=_tidy(name) or take.name))

    def agree(self, take_id: str, text: str) -> None:
        """Remember that the take is to be aired for a message with that text. Raises TakeMissing."""
        with self._lock:
            self._kept.write(self._must(take_id).agreed_with(text))

    def archive(self, take_id: str) -> Take:
        """Put a kept take away. Raises TakeMissing."""
        with self._lock:
            take = self._must(take_id)
            self._kept.hand_to(self._away, take)
            return take

    def bring_back(self, take_id: str) -> Take:
        """Keep again what was put away. Raises TakeMissing."""
        with self._lock:
            take = self._away.find(take_id)
            if take is None:
                raise TakeMissing(take_id)
            self._away.hand_to(self._kept, take)
            return take

    def seconds(self, take_id: str) -> float | None:
        """Return how long a kept take sounds, None if there is none of that id."""
        take = self.find(take_id)
        return take.seconds if take else None

    def clip(self, take_id: str) -> Clip:
        """Return the clip of a take, from the library or cleaned anew; a former programme may name one put away.

        Raises TakeMissing, EngineError.
        """
        for shelf in (self._kept, self._waiting, self._away):
            take = shelf.find(take_id)
            if take is not None:
                clip = self._clip_of(shelf.path(take), take.sha256)
                return replace(clip, voice=take.who or take.name, spoken=take.text)
        raise TakeMissing(take_id)

    def _must(self, take_id: str) -> Take:
        take = self.find(take_id)
        if take is None:
            raise TakeMissing(take_id)
        return take

    def _clip_of(self, file: Path, sha256: str) -> Clip:
        recipe = _recipe(sha256, self._loudspeaker)
        found = self._library.find(recipe)
        if found is not None:
            return found
        with self._library.workplace() as work:
            target = work / "clip.wav"
            job = CleaningJob(
                source=str(file),
                work=str(work),
                target=str(target),
                seconds=CLEANING_SECONDS,
                loudspeaker=self._loudspeaker,
            )
            self._cleaner.clean(job)
            return self._library.add(recipe, target)


def too_large() -> RecordingRefused:
    """Return the error for a file that is larger than is taken."""
    most = LARGEST_BYTES // 1024 // 1024
    return RecordingRefused(
        f"录音文件太大，最多 {most} MB，请录短一些，或者分成几段",
        f"the recording is over {most} MB: make it shorter, or several",
    )


def _recipe(sha256: str, loudspeaker: Loudspeaker) -> Recipe:
    """Return what a recording's clip is made from: its bytes, and what shapes its sound. Its pauses are its own."""
    treatment = Treatment(loudspeaker=loudspeaker)
    return Recipe(
        engine=ENGINE,
        voice="",
        spoken=sha256,
        pace="",
        preparation=CHAIN_VERSION,
        mixdown=MIXDOWN_VERSION,
        treatment=None if treatment == USUAL else treatment,
    )


def _tidy(name: str) -> str:
    return " ".join("".join(one if one.isprintable() else " " for one in name).split())[:LONGEST_NAME]
