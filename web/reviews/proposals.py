"""待审: words that wait for a publisher, one file a message, with what the message was when they were written."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

import msgspec

from box.durable import replace_file
from programme.hotlines import say_numbers_twice
from programme.model import Message
from web.drafts import file_of, fingerprint_of


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """A message as ``author`` wants it. ``was`` is the mark of the message they had before them.

    ``returned_by`` has given it back, with the reason; until then it waits.
    """

    message_id: str
    title: str
    text: str
    twice: bool = False
    recording: str | None = None
    was: str
    author: str
    typed: datetime
    returned_by: str = ""
    reason: str = ""

    @property
    def mark(self) -> str:
        """What tells it from every other: who approves, approves exactly what they were shown."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()[:16]

    @property
    def waits(self) -> bool:
        """Tell whether it waits for a publisher (else it was given back to its author)."""
        return not self.returned_by

    @property
    def said(self) -> str:
        """The words as they are to be said."""
        return say_numbers_twice(self.text) if self.twice else self.text

    def is_stale(self, message: Message) -> bool:
        """Tell whether the message was changed since this was written."""
        return self.was != mark_of(message)

    def applied_to(self, message: Message) -> Message:
        """Return the message as it is to be."""
        return msgspec.structs.replace(
            message, title=self.title, text=self.text, say_numbers_twice=self.twice, recording=self.recording
        )


def mark_of(message: Message) -> str:
    """Return what tells one state of a message from another: its words, and what says them."""
    return f"{fingerprint_of(message)}-{message.recording or ''}"


class Proposals:
    """One proposal a message; a later one takes the place of the one before."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, message_id: str) -> Proposal | None:
        """Return the proposal for that message, waiting or given back, or None."""
        return _read(file_of(self._folder, message_id))

    def waiting(self) -> tuple[Proposal, ...]:
        """Return all that wait, the oldest first."""
        found = [_read(path) for path in sorted(self._folder.glob("*.json"))]
        return tuple(sorted((one for one in found if one and one.waits), key=lambda one: one.typed))

    def keep(self, proposal: Proposal) -> None:
        """Keep it in place of the one before."""
        self._folder.mkdir(parents=True, exist_ok=True)
        replace_file(file_of(self._folder, proposal.message_id), msgspec.json.encode(proposal), mode=0o600)

    def drop(self, proposal: Proposal) -> None:
        """Forget it, unless another has taken its place meanwhile."""
        kept = self.find(proposal.message_id)
        if kept is not None and kept.mark == proposal.mark:
            file_of(self._folder, proposal.message_id).unlink(missing_ok=True)


def _read(path: Path) -> Proposal | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Proposal)
    except (FileNotFoundError, ValueError):  # what is damaged counts as not there
        return None
