"""The bulletin intake: what was prepared to be said once is checked and copied before anybody asks for it.

The panel prepares bulletins, and so does the fleet's agent where there is one: each in its own room, by the same rules.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from itertools import chain
from pathlib import Path

from box.clock import Clock
from box.sentences import Sentence
from programme.bulletins import LARGEST_BYTES, Bulletins
from programme.publication import PublishedMessage
from speaker.intake.acceptance import accepted_bulletins
from speaker.intake.clip_store import ClipStore
from speaker.intake.watched import Watched


class BulletinIntake:
    """Takes ``room/bulletins.json`` with its clips, all or none of it, into ``store``.

    ``taken`` is called with what is whole, ``refused`` with the sentence of what is not, and with None afterwards.
    Nothing is kept over a restart but the clips: the room's file is looked at again.
    """

    def __init__(
        self,
        room: Path,
        store: ClipStore,
        *,
        clock: Clock,
        taken: Callable[[Bulletins], None],
        refused: Callable[[Sentence | None], None],
    ) -> None:
        self._store = store
        self._taken = taken
        self._watched = Watched(
            room, "bulletins.json", most_bytes=LARGEST_BYTES, clock=clock, take=self._take, refused=refused
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


class BulletinIntakes:
    """Several of them, told of as one: a bulletin of a later room does not take the place of an earlier one's."""

    def __init__(
        self,
        rooms: Mapping[Path, ClipStore],
        *,
        clock: Clock,
        taken: Callable[[Bulletins], None],
        refused: Callable[[Sentence | None], None],
    ) -> None:
        self._taken = taken
        self._refused = refused
        self._by_room: dict[Path, tuple[PublishedMessage, ...]] = dict.fromkeys(rooms, ())
        self._refusals: dict[Path, Sentence | None] = {}
        self._intakes = [
            BulletinIntake(
                room, store, clock=clock, taken=partial(self._take, room), refused=partial(self._refuse, room)
            )
            for room, store in rooms.items()
        ]

    @property
    def clips(self) -> frozenset[str]:
        """The clips that they need."""
        return frozenset[str]().union(*(intake.clips for intake in self._intakes))

    def look(self) -> bool:
        """Take what was prepared, if it is new and whole; tell whether clips that were needed no longer are."""
        gone = [intake.look() for intake in self._intakes]  # each of them, whatever the one before said
        return any(gone)

    def _take(self, room: Path, bulletins: Bulletins) -> None:
        self._by_room[room] = bulletins.messages
        self._taken(Bulletins(messages=tuple(chain.from_iterable(self._by_room.values()))))

    def _refuse(self, room: Path, sentence: Sentence | None) -> None:
        self._refusals[room] = sentence
        self._refused(next(filter(None, self._refusals.values()), None))
