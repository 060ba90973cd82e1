"""Words to be said once that name the yard: as they were typed; the bulletin says this yard's name."""

from __future__ import annotations

from pathlib import Path

import msgspec

from box.durable import replace_file
from programme.bulletins import MOST_BULLETINS

_LARGEST_BYTES = 1024 * 1024


class NamedWords(msgspec.Struct, frozen=True, kw_only=True):
    """The text with ``{zone}`` in it, and how many seconds it took to make sound of it for one yard."""

    text: str
    seconds: float


class NamedWordsFile:
    """The newest few at ``path``. What is damaged or gone is as if it had not named the yard: typed again, it does."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def keep(self, bulletin: str, words: NamedWords) -> None:
        """Keep what was typed for ``bulletin``. Raises OSError."""
        others = [(name, one) for name, one in self._all().items() if name != bulletin]
        kept = dict([*others[-(MOST_BULLETINS - 1) :], (bulletin, words)])
        replace_file(self._path, msgspec.json.encode(kept))

    def find(self, bulletin: str) -> NamedWords | None:
        """Return what was typed for ``bulletin``, None where it names no yard."""
        return self._all().get(bulletin)

    def _all(self) -> dict[str, NamedWords]:
        try:
            with self._path.open("rb") as file:
                return msgspec.json.decode(file.read(_LARGEST_BYTES), type=dict[str, NamedWords])
        except (FileNotFoundError, msgspec.DecodeError, RecursionError):
            return {}


def named_words(folder: Path) -> NamedWordsFile:
    """Return the panel's, in its own ``folder``."""
    return NamedWordsFile(folder / "urgent-words.json")
