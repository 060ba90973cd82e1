"""The clips of what the hub sends, in the agent's room: fetched, held to their hash, decoded once."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Collection
from pathlib import Path
from threading import Lock
from typing import Protocol

from box.durable import sync_folder
from box.sentences import XiaolabaError
from box.storage import free_bytes_in, hash_of
from fleet.flac import ClipNotWhole, decompress
from fleet.wire.documents import Travels

KEPT_FREE_BYTES = 256 * 1024 * 1024  # panel and speaker copy what is here, and must not meet a full disk
_MODE = 0o640


class Audio(Protocol):
    """Where clips come from (``fleet.agent.audio.HttpsAudio``)."""

    def fetch(self, travels: Travels, target: Path, wanted: Callable[[], bool]) -> None:
        """Bring what is missing of it to the end of ``target``. Raises AudioAway, GivenUp, OSError."""
        ...


class ClipForged(XiaolabaError):
    """What came is not what was announced."""


class Clips:
    """``room/clips/<sha256>.wav``, and beside them what is under way. Any thread may ask for any."""

    def __init__(self, room: Path, audio: Audio, free_bytes: Callable[[Path], int] = free_bytes_in) -> None:
        self._folder = room / "clips"
        self._coming = room / "coming"
        self._audio = audio
        self._free_bytes = free_bytes
        self._locks: dict[str, Lock] = {}
        self._guard = Lock()

    def has(self, clip: str) -> bool:
        """Tell whether the clip is here; it was held to its hash when it was put here."""
        return (self._folder / f"{clip}.wav").is_file()

    def forget_if_damaged(self, clip: str) -> None:
        """Remove the clip where storage has damaged it since it was held to its hash. Raises OSError."""
        path = self._folder / f"{clip}.wav"
        with self._lock_of(clip):
            try:
                is_whole = not path.exists() or hash_of(path) == clip
            except OSError:
                is_whole = False  # a bad block
            if not is_whole:
                path.unlink(missing_ok=True)

    def bring(self, clip: str, frames: int, travels: Travels, wanted: Callable[[], bool] = lambda: True) -> None:
        """Have the clip here. Raises AudioAway, ClipForged, GivenUp, OSError.

        What is under way for somebody else already is waited for, not fetched twice.
        """
        with self._lock_of(clip):
            if self.has(clip):
                return
            for folder in (self._folder, self._coming):
                folder.mkdir(parents=True, exist_ok=True, mode=0o750)
            self._require_room(travels.size + 2 * frames)
            flac = self._coming / f"{travels.sha256}.flac"
            self._audio.fetch(travels, flac, wanted)
            if hash_of(flac) != travels.sha256:
                flac.unlink()
                raise _forged()
            self._decode(flac, clip, frames)

    def _decode(self, flac: Path, clip: str, frames: int) -> None:
        decoded = self._coming / f"{clip}.wav"
        try:
            try:
                found = decompress(flac, clip, decoded)
            except ClipNotWhole as error:
                raise _forged() from error
            if found != frames:
                raise _forged()
            decoded.chmod(_MODE)
            decoded.replace(self._folder / f"{clip}.wav")
            sync_folder(self._folder)
        finally:
            decoded.unlink(missing_ok=True)
            flac.unlink(missing_ok=True)

    def keep_only(self, clips: Collection[str], coming: Collection[str] = ()) -> None:
        """Remove every other clip, and what came of others than the FLACs named in ``coming``."""
        for folder, kept in ((self._folder, clips), (self._coming, coming)):
            for path in folder.iterdir() if folder.is_dir() else ():
                if path.stem not in kept:
                    path.unlink(missing_ok=True)

    def _lock_of(self, clip: str) -> Lock:
        with self._guard:
            if len(self._locks) > 2000:
                self._locks = {name: lock for name, lock in self._locks.items() if lock.locked()}
            return self._locks.setdefault(clip, Lock())

    def _require_room(self, size: int) -> None:
        if self._free_bytes(self._folder) - size < KEPT_FREE_BYTES:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self._folder))


def _forged() -> ClipForged:
    return ClipForged(
        "收到的声音和总站说好的不一样，没有采用", "a clip that came is not what the hub announced, and was refused"
    )
