"""Who wrote each message as it is now, and who let it through: for the record of what was aired.

It is kept beside the programme, not in it: there a name would stay when somebody changes the words by hand. Here it
goes with exactly those words, and counts for no others.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from box.durable import replace_file
from programme.model import Message, Programme, Value

_MOST = 2000  # messages; those that are gone from the programme are forgotten first
_MODE = 0o640


class Credit(Value, frozen=True, kw_only=True):
    """``wrote`` is who saved the words that ``mark`` names, ``approved`` who let them through, empty if none had to."""

    mark: str
    wrote: str
    approved: str = ""


class _Kept(msgspec.Struct, frozen=True):
    credits: dict[str, Credit]


class Credits:
    """The file of them. A damaged one counts as empty: then it is not known who wrote what is there."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def of(self, message: Message) -> Credit | None:
        """Return who wrote ``message`` as it is, None where that is not known."""
        found = self._read().get(message.id)
        return found if found is not None and found.mark == mark_of(message) else None

    def note(self, before: Programme, after: Programme, wrote: str, approved: str = "") -> None:
        """Note that ``wrote`` made ``after`` of ``before``: every message that says something else is theirs.

        One that comes back with the words it had keeps who wrote them. Raises OSError where the disk refuses.
        """
        kept = self._read()
        fresh = dict(kept)
        for message in after.messages:
            had, mark = before.message(message.id), mark_of(message)
            credited = kept.get(message.id)
            if (had is None or mark_of(had) != mark) and (credited is None or credited.mark != mark):
                fresh.pop(message.id, None)
                fresh[message.id] = Credit(mark=mark, wrote=wrote, approved=approved)
        if fresh == kept:
            return
        there = {message.id for message in after.messages}
        gone = [name for name in fresh if name not in there]
        for name in gone[: max(0, len(fresh) - _MOST)]:
            del fresh[name]
        self._path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(self._path, msgspec.json.encode(_Kept(fresh)), mode=_MODE)

    def _read(self) -> dict[str, Credit]:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=_Kept).credits
        except (FileNotFoundError, ValueError):
            return {}


def mark_of(message: Message) -> str:
    """Return what tells what a message says from anything else it could say: its words and its recording."""
    said = (message.title, message.text, message.recording, message.say_numbers_twice)
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()[:32]
