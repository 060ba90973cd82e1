"""A shelf of takes: each file as it came, under the hash of its bytes, with a note beside it."""

from __future__ import annotations

import os
import re
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from box.durable import replace_file, sync_folder
from tts.recordings_take import Take

_ID = re.compile(r"[0-9a-f]{16}")
_MODE = 0o640


class Shelf:
    """One folder of takes. Every change is durable when it returns; a note that is damaged counts as not there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, take: Take) -> Path:
        """Return where the take's file is, or would be."""
        return self._folder / f"{take.sha256}.{take.ending}"

    def find(self, take_id: str) -> Take | None:
        """Return the take of that id, or None. Whatever else is asked for is no take."""
        if not _ID.fullmatch(take_id):
            return None
        found = (self._read(note) for note in self._folder.glob(f"{take_id}*.json"))
        return next((take for take in found if take is not None), None)

    def all(self) -> tuple[Take, ...]:
        """Return the takes, the newest first."""
        found = [take for note in self._folder.glob("*.json") if (take := self._read(note)) is not None]
        return tuple(sorted(found, key=lambda take: (take.made, take.sha256), reverse=True))

    def put(self, file: Path, take: Take) -> None:
        """Put ``file``, which must be on the same disk, here as the take's: first the sound, then the note."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with file.open("rb") as opened:
            os.fchmod(opened.fileno(), _MODE)
            os.fsync(opened.fileno())
        file.replace(self.path(take))
        sync_folder(self._folder)
        self.write(take)

    def write(self, take: Take) -> None:
        """Write the note of a take whose file is here."""
        content = msgspec.json.format(msgspec.json.encode(take), indent=1)
        replace_file(self._folder / f"{take.sha256}.json", content, _MODE)

    def remove(self, take: Take) -> None:
        """Take a take away: its note first, so that no note is without a sound."""
        (self._folder / f"{take.sha256}.json").unlink(missing_ok=True)
        self.path(take).unlink(missing_ok=True)
        sync_folder(self._folder)

    def hand_to(self, other: Shelf, take: Take) -> None:
        """Move a take to another shelf of the same disk."""
        other.put(self.path(take), take)
        self.remove(take)

    def forget_older_than(self, age: timedelta, now: datetime) -> None:
        """Remove the takes that were made longer ago than ``age``."""
        for take in self.all():
            if now - take.made > age:
                self.remove(take)

    def _read(self, note: Path) -> Take | None:
        try:
            take = msgspec.json.decode(note.read_bytes(), type=Take)
        except (OSError, ValueError):
            return None
        return take if note.stem == take.sha256 and self.path(take).is_file() else None
