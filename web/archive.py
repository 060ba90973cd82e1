"""What was put aside: messages, broadcasts and exceptions taken out of the programme, kept until they are wanted again.

It is the panel's own folder and not a mark in the programme file: what is in that file is rendered, published, counted
and checked, and what was put aside must be none of that.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from box.durable import replace_file, sync_folder
from programme.aside import Aside, holds
from programme.model import Programme, Value

MOST_SHOWN = 200  # the newest; older ones stay on the disk
_NAME = re.compile(r"[0-9]{8}T[0-9]{12}-[0-9a-f]{8}")


class Archived(Value, frozen=True, kw_only=True):
    """One entry: what was taken out, by whom and when (UTC). ``id`` is its file's name and tells nothing else.

    ``reason`` is why it was withdrawn, empty for what was only put aside. ``correction`` is the message that was then
    written in its place; ``correction_waits``, that another had to approve it.
    """

    id: str
    by: str
    at: datetime
    aside: Aside
    reason: str = ""
    correction: str = ""
    correction_waits: bool = False


class Archive:
    """One file an entry, durable before the programme is saved without it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, entry: Archived) -> None:
        """Keep ``entry``. Raises OSError when the disk is full or read-only."""
        self._folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        replace_file(self._path(entry.id), msgspec.json.encode(entry))

    def find(self, entry_id: str) -> Archived | None:
        """Return the entry, or None if there is none or its file is damaged."""
        if not _NAME.fullmatch(entry_id):
            return None
        try:
            return msgspec.json.decode(self._path(entry_id).read_bytes(), type=Archived)
        except (FileNotFoundError, ValueError):  # what is damaged counts as not there
            return None

    def drop(self, entry_id: str) -> None:
        """Forget an entry: it is in the programme again, or never left it."""
        self._path(entry_id).unlink(missing_ok=True)
        sync_folder(self._folder)

    def entries(self) -> tuple[Archived, ...]:
        """Return the newest 200 entries, the newest first; what is damaged is left out."""
        if not self._folder.is_dir():
            return ()
        names = sorted((path.stem for path in self._folder.glob("*.json")), reverse=True)
        return tuple(entry for entry in map(self.find, names[:MOST_SHOWN]) if entry)

    def changed(self) -> int:
        """Return what is another number after each change: the folder's own time, in nanoseconds."""
        try:
            return self._folder.stat().st_mtime_ns
        except FileNotFoundError:
            return 0

    def _path(self, entry_id: str) -> Path:
        return self._folder / f"{entry_id}.json"


def archived(aside: Aside, by: str, at: datetime, reason: str = "") -> Archived:
    """Return a new entry; two that are put aside in the same microsecond must differ in what they hold."""
    digest = hashlib.sha256(msgspec.json.encode(aside)).hexdigest()[:8]
    return Archived(id=f"{at.astimezone(UTC):%Y%m%dT%H%M%S%f}-{digest}", by=by, at=at, aside=aside, reason=reason)


def waiting(entries: tuple[Archived, ...], programme: Programme) -> tuple[Archived, ...]:
    """Return the entries that are not in the programme: a power cut between the two steps leaves one in both."""
    return tuple(entry for entry in entries if not holds(programme, entry.aside))
