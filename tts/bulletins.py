"""The bulletin board: what was prepared to be said once, put where the speaker takes it."""

from __future__ import annotations

import secrets
from pathlib import Path

import msgspec

from box.durable import replace_file
from programme.bulletins import MOST_BULLETINS, Bulletins, decode_bulletins, encode_bulletins
from programme.publication import PublicationInvalid, PublishedMessage
from tts.clip import Clip
from tts.exclusive import exclusive

_MODE = 0o640  # the speaker reads it through the shared group
_LONGEST_TITLE = 24  # characters; it is only what the log and the page of today call it


class BulletinBoard:
    """Bulletins at ``path``, the newest few. One that has made way is to be prepared again."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def put(self, clip: Clip, text: str, title: str = "", wrote: str = "") -> PublishedMessage:
        """Put up what ``clip`` says, in the place of the oldest if there are many. What is up already is up once.

        ``text`` may be empty for a recording; without a title the first words are one. ``wrote`` is whose words they
        are. Raises OSError where the disk refuses.
        """
        bulletin = PublishedMessage(
            id=f"b-{secrets.token_hex(8)}",
            title=title or title_of(text),
            text=text,
            clip=clip.sha256,
            frames=clip.frames,
            voice=clip.voice,
            engine=clip.engine,
            stand_in=clip.stand_in,
            wrote=wrote,
        )
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with exclusive(self._path.with_name(".bulletins")):
            there = self._all().messages
            same = next((one for one in there if msgspec.structs.replace(one, id=bulletin.id) == bulletin), None)
            bulletin = same or bulletin
            kept = [one for one in there if one is not same][-(MOST_BULLETINS - 1) :]
            replace_file(self._path, encode_bulletins(Bulletins(messages=(*kept, bulletin))), _MODE)
        return bulletin

    def find(self, bulletin_id: str) -> PublishedMessage | None:
        """Return the bulletin with that id, or None if it was never there or has made way."""
        return self._all().find(bulletin_id)

    def _all(self) -> Bulletins:
        try:
            return decode_bulletins(self._path.read_bytes())
        except (FileNotFoundError, PublicationInvalid):  # what is damaged counts as not there
            return Bulletins(messages=())


def title_of(text: str) -> str:
    """Return what a text is called that has no title: its first words."""
    first = " ".join(text.split("\n", 1)[0].split())
    if not first:
        return "录音"
    return first if len(first) <= _LONGEST_TITLE else first[: _LONGEST_TITLE - 1] + "…"
