"""The bulletin intake: what was prepared to be said once is checked and copied before anybody asks for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from box.clock import Clock
from box.sentences import Sentence
from programme.bulletins import LARGEST_BYTES, Bulletins
from speaker.intake.acceptance import accepted_bulletins
from speaker.intake.clip_store import ClipStore
from speaker.intake.watched import Watched


class BulletinIntake:
    """Takes ``panel/bulletins.json`` with its clips, all or none of it, into ``store``.

    ``taken`` is called with what is whole, ``refused`` with the sentence of what is not, and with None afterwards.
    Nothing is kept over a restart but the clips: the panel's file is looked at again.
    """

    def __init__(
        self,
        panel: Path,
        store: ClipStore,
        *,
        clock: Clock,
        taken: Callable[[Bulletins], None],
        refused: Callable[[Sentence | None], None],
    ) -> None:
        self._store = store
        self._taken = taken
        self._watched = Watched(
            panel, "bulletins.json", most_bytes=LARGEST_BYTES, clock=clock, take=self._take, refused=refused
        )
        self.clips: frozenset[str] = frozenset()

    def look(self) -> bool:
        """Take what was prepared, if it is new and whole; tell whether clips that were needed no longer are."""
        before = self.clips
        self._watched.look()
        return bool(before - self.clips)

    def _take(self, content: bytes) -> None:
        bulletins = accepted_bulletins(content)
        for message in bulletins.messages:
            if not self._store.has(message):
                self._store.take(message)
        self._store.sync()
        self.clips = frozenset(message.clip for message in bulletins.messages)
        self._taken(bulletins)
