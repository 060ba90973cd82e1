"""Which of a hub's clips could not be fitted to this box's loudspeaker: not tried with every publication, and told."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from box.clock import Clock
from box.durable import replace_file
from box.sentences import Sentence

UNFITTED = "unfitted.json"  # of the panel's room
TRY_AGAIN_AFTER = timedelta(days=1)  # each try may take a minute, and publishing waits for it


class Unfitted(msgspec.Struct, frozen=True, kw_only=True):
    """A clip that is aired as it came, the title of its message, and why.

    ``key`` is that of its recipe: for another loudspeaker, or by another version, it is tried at once.
    """

    key: str
    clip: str
    title: str
    at: datetime
    why: Sentence


class UnfittedFile:
    """The file ``path``. One that is damaged counts as empty: what is in it is found out again."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock

    def rests(self, key: str) -> bool:
        """Tell whether that fitting has failed within a day, by a clock that was not set back since."""
        return any(
            one.key == key and timedelta() <= self._clock.now() - one.at < TRY_AGAIN_AFTER
            for one in unfitted_in(self._path.parent)
        )

    def failed(self, key: str, clip: str, title: str, why: Sentence) -> None:
        """Keep that it has failed now. Raises OSError."""
        failed = Unfitted(key=key, clip=clip, title=title, at=self._clock.now(), why=why)
        others = [one for one in unfitted_in(self._path.parent) if one.key != key]
        self._write([*others, failed])

    def keep_only(self, keys: Collection[str]) -> None:
        """Forget all but these fittings. Raises OSError."""
        found = unfitted_in(self._path.parent)
        kept = [one for one in found if one.key in keys]
        if len(kept) != len(found):
            self._write(kept)

    def _write(self, found: list[Unfitted]) -> None:
        replace_file(self._path, msgspec.json.encode(found), 0o600)


def unfitted_in(room: Path) -> tuple[Unfitted, ...]:
    """Return what is kept in the panel's ``room``; nothing where there is nothing, or it can't be read."""
    try:
        return msgspec.json.decode((room / UNFITTED).read_bytes(), type=tuple[Unfitted, ...])
    except (OSError, ValueError):
        return ()
