"""What was typed and is not saved yet: kept on the disk, so that an error or a restart loses nothing."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from pathlib import Path

import msgspec

from box.durable import replace_file
from programme.model import Message


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A message as somebody typed it; ``twice``: its numbers are to be said twice.

    ``was`` is the fingerprint of the message they had before them. ``source`` to ``valid_until`` are of a new one.
    ``zones`` are those that it is to be for, None where that is to stay.
    """

    title: str
    text: str
    was: str
    author: str
    typed: datetime
    twice: bool = False
    source: str = ""
    drafted_by: str = ""
    valid_until: str = ""
    zones: tuple[str, ...] | None = None


def fingerprint(title: str, text: str, twice: bool = False) -> str:
    """Return what tells one wording of a message from another; ``twice`` is whether its numbers are said twice."""
    return hashlib.sha256(f"{title}\0{text}{chr(0) * twice}".encode()).hexdigest()[:16]


def fingerprint_of(message: Message) -> str:
    """Return the fingerprint of a message as it is in the programme."""
    return fingerprint(message.title, message.text, message.say_numbers_twice)


class Drafts:
    """One draft a message, the last that was typed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, message_id: str) -> Draft | None:
        """Return the draft of that message, or None."""
        try:
            return msgspec.json.decode(self._path(message_id).read_bytes(), type=Draft)
        except (FileNotFoundError, ValueError):  # what is damaged counts as not there
            return None

    def keep(self, message_id: str, draft: Draft) -> None:
        """Keep ``draft`` in place of the one before."""
        self._folder.mkdir(parents=True, exist_ok=True)
        replace_file(self._path(message_id), msgspec.json.encode(draft), mode=0o600)

    def drop(self, message_id: str) -> None:
        """Forget the draft: it is not wanted."""
        self._path(message_id).unlink(missing_ok=True)

    def saved(self, message_id: str, title: str, text: str, twice: bool) -> None:
        """Forget the draft if it is what was saved; what was typed since stays."""
        draft = self.find(message_id)
        if draft is not None and (draft.title, draft.text, draft.twice) == (title, text, twice):
            self.drop(message_id)

    def _path(self, message_id: str) -> Path:
        return file_of(self._folder, message_id)


def file_of(folder: Path, message_id: str) -> Path:
    """Return the file in ``folder`` that belongs to that message, whatever characters its id has."""
    plain = re.sub(r"[^A-Za-z0-9_-]", "", message_id)[:40]
    return folder / f"{plain}-{hashlib.sha256(message_id.encode()).hexdigest()[:12]}.json"
