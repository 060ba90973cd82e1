"""The publication intake: takes what the panel publishes when it is wholly there, and keeps a copy of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

from box.clock import Clock
from box.durable import replace_file
from box.folders import Folders
from box.sentences import Sentence
from box.storage import free_bytes_in
from programme.bulletins import Bulletins
from programme.publication import LARGEST_BYTES, Publication, PublicationInvalid
from speaker.intake.acceptance import accepted
from speaker.intake.bulletins import BulletinIntakes
from speaker.intake.clip_store import ClipStore
from speaker.intake.kept import Kept, kept_path
from speaker.intake.watched import Watched

logger = logging.getLogger(__name__)

POLL_SECONDS = 1.0
SWEEP_SECONDS = 600.0  # an airing of the publication before may still need its clips
MEND_SECONDS = 24 * 3600.0  # storage may damage what was whole when it came
_END_SECONDS = 0.5

FAILED = Sentence(
    "接收新节目时出错，仍播出原来的节目；请检查存储卡，或重新发布",
    "taking the new programme failed, the one before goes on; check the storage, or publish again",
)


class _Ended(Exception):
    """The intake was closed while it copied."""


class Intake:
    """Watches ``panel/on-air.json`` and keeps ``speaker/on-air.json`` and ``speaker/clips``; bulletins beside it.

    ``taken`` is called with each publication that is whole, ``refused`` with the sentence of one that is not and
    with None when that is over; ``bulletins_taken`` and ``bulletins_refused`` likewise. ``clips_in_use`` names clips
    that must stay though no publication has them.
    """

    def __init__(
        self,
        folders: Folders,
        *,
        clock: Clock,
        taken: Callable[[Publication], None],
        refused: Callable[[Sentence | None], None],
        bulletins_taken: Callable[[Bulletins], None],
        bulletins_refused: Callable[[Sentence | None], None],
        clips_in_use: Callable[[], frozenset[str]],
        kept: Kept | None = None,
        poll_seconds: float = POLL_SECONDS,
        free_bytes: Callable[[Path], int] = free_bytes_in,
    ) -> None:
        self._kept_path = kept_path(folders)
        self._clock = clock
        self._taken = taken
        self._refused = refused
        self._clips_in_use = clips_in_use
        self._poll_seconds = poll_seconds
        clips = clips_folder(folders)
        clips.mkdir(mode=0o750, exist_ok=True)

        def store(room: Path) -> ClipStore:
            return ClipStore(clips, room, pause=self._pause, free_bytes=lambda: free_bytes(clips))

        self._store = store(folders.panel)
        self._kept = kept
        self._watched = Watched(
            folders.panel, "on-air.json", most_bytes=LARGEST_BYTES, clock=clock, take=self._take, refused=refused
        )
        self._bulletins = BulletinIntakes(
            {folders.panel: self._store, folders.fleet: store(folders.fleet)},
            clock=clock,
            taken=bulletins_taken,
            refused=bulletins_refused,
        )
        self._sweep_at: float | None = None
        self._mend_at = clock.monotonic() + MEND_SECONDS
        self._ending = Event()
        self._thread = Thread(target=self._watch, name="intake", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def close(self) -> None:
        """Watch no more; a copy that is under way is given up, and storage that hangs is not waited for."""
        self._ending.set()
        if self._thread.ident is not None:
            self._thread.join(_END_SECONDS)

    def look(self) -> None:
        """Take what the panel has published, if it is new and whole; bulletins first, since somebody waits for them."""
        if self._bulletins.look():
            self._sweep_later()
        self._watched.look()

    def go(self) -> None:
        """Go round once: sweep if it is time, then look.

        In this order, so that a publication has been on air for a while before the clips of the one before it go.
        """
        if self._clock.monotonic() >= self._mend_at:
            self._mend_at = self._clock.monotonic() + MEND_SECONDS
            self.mend()
        if self._sweep_at is not None and self._clock.monotonic() >= self._sweep_at:
            self._sweep_at = None
            self.sweep()
        self.look()

    def sweep(self) -> None:
        """Remove the clips that nothing needs."""
        kept = {message.clip for message in self._kept.publication.messages} if self._kept else set()
        self._store.keep_only(kept | self._bulletins.clips | self._clips_in_use())

    def mend(self) -> None:
        """Read the kept clips through, and take damaged ones from the panel again.

        A damaged one is put aside first: if the panel has no better one, it is missing, and does not sound as noise.
        """
        for message in self._kept.publication.messages if self._kept else ():
            if not self._store.is_whole(message):
                self._store.put_aside(message, self._clock.now())
                try:
                    self._store.take(message)
                except PublicationInvalid as error:
                    self._watched.refuse(error)

    def _watch(self) -> None:
        try:
            self._do(self.look)
            self._do(self.mend)
            while not self._ending.wait(self._poll_seconds):
                self._do(self.go)
        except _Ended:
            return

    def _do(self, action: Callable[[], None]) -> None:
        try:
            action()
        except _Ended:
            raise
        except Exception:  # whatever the panel or the storage has come up with, the next publication must be seen
            logger.exception("the intake failed")
            self._refused(FAILED)

    def _take(self, content: bytes) -> None:
        if self._kept is not None and content == self._kept.content:
            return
        publication = accepted(content)
        for message in publication.messages:
            if not self._store.has(message):
                self._store.take(message)
        try:
            self._store.sync()
            replace_file(self._kept_path, content)
        except OSError as error:
            raise PublicationInvalid(
                f"新节目存不进来，请检查存储卡是否已满（{error.strerror}）",
                f"the new programme can't be stored; check whether the storage is full ({error.strerror})",
            ) from error
        self._kept = Kept(publication, content)
        self._sweep_later()
        self._taken(publication)

    def _sweep_later(self) -> None:
        if self._sweep_at is None:  # not put off again: who publishes without end must not fill the storage
            self._sweep_at = self._clock.monotonic() + SWEEP_SECONDS

    def _pause(self, seconds: float) -> None:
        if self._ending.wait(seconds):
            raise _Ended


def clips_folder(folders: Folders) -> Path:
    """Return where the speaker keeps its clips."""
    return folders.speaker / "clips"
