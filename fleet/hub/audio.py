"""The clips that travel: each compressed once, found again by the hash of the clip and by that of what travels."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from box.storage import hash_of
from fleet.flac import ClipNotWhole, compress
from fleet.hub.database import Database
from fleet.wire.documents import Travels

_NAME = re.compile(r"([0-9a-f]{64})\.flac")


class Audio:
    """The folder of what travels. ``clips`` is the panel's library, which this process reads only."""

    def __init__(self, database: Database, folder: Path, clips: Path) -> None:
        self._database = database
        self._folder = folder
        self._clips = clips

    def travels(self, clip: str) -> Travels:
        """Return how ``clip`` (the hash of its WAV) travels, compressing it where that was not done yet.

        Raises ClipNotWhole where the panel's library has no such clip, or it is not what its name says; OSError.
        """
        known = self.known(clip)
        if known is not None and (self._folder / f"{known.sha256}.flac").exists():
            return known
        source = self._clips / f"{clip}.wav"
        if not source.is_file() or hash_of(source) != clip:
            raise ClipNotWhole("有一段声音不在声音库里，请重新发布", "a clip is not in the library: publish again")
        digest, size = compress(source, self._folder)
        with self._database.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO clip (clip, flac, size) VALUES (?, ?, ?)", (clip, digest, size))
        return Travels(sha256=digest, size=size)

    def known(self, clip: str) -> Travels | None:
        """Return how ``clip`` travels if that was ever found out, else None."""
        with self._database.transaction() as connection:
            row = connection.execute("SELECT flac, size FROM clip WHERE clip = ?", (clip,)).fetchone()
        return Travels(sha256=row["flac"], size=row["size"]) if row is not None else None

    def forget_but(self, wanted: Collection[str], before: float) -> int:
        """Remove what is not ``wanted`` (hashes of what travels) and older than ``before`` (seconds); return how many.

        A box that was away may still ask for what it was sent last, so that is wanted.
        """
        removed = 0
        for path in self._folder.iterdir():
            named = _NAME.fullmatch(path.name)
            if named and named[1] not in wanted and path.stat().st_mtime < before:
                path.unlink()
                with self._database.transaction() as connection:
                    connection.execute("DELETE FROM clip WHERE flac = ?", (named[1],))
                removed += 1
        return removed
