"""The bulletins of the agent's room: what is urgent, where the speaker's intake looks for it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from threading import Lock

from box.durable import replace_file
from fleet.wire.documents import Announcement
from programme.bulletins import MOST_BULLETINS, Bulletins, decode_bulletins, encode_bulletins
from programme.model import Programme
from programme.publication import PublicationInvalid, PublishedMessage
from programme.rules import as_messages, hold_to_proper_names, hold_to_the_rules, labels_of

BULLETINS = "bulletins.json"
_PREFIX = "u-"  # no bulletin of the panel's begins so
_LONGEST_ID = 40


class Board:
    """``room/bulletins.json``, the newest few. What lies there from before is gone on with."""

    def __init__(self, room: Path) -> None:
        self._path = room / BULLETINS
        self._lock = Lock()
        self._messages = self._kept()

    @property
    def clips(self) -> frozenset[str]:
        """The clips that the speaker may still ask for."""
        return frozenset(message.clip for message in self._messages)

    def put(self, urgent: str, announcement: Announcement) -> str:
        """Put ``announcement`` there and return its bulletin's id. Raises PublicationInvalid, OSError."""
        message = PublishedMessage(
            id=bulletin_id(urgent),
            title=announcement.title,
            text=announcement.text,
            clip=announcement.clip,
            frames=announcement.frames,
            voice=announcement.voice,
            engine=announcement.engine,
            stand_in=announcement.stand_in,
        )
        hold_to_the_rules(Programme(zone="-", messages=as_messages([message])))
        hold_to_proper_names(labels_of([message]))
        with self._lock:
            if message not in self._messages:
                others = [one for one in self._messages if one.id != message.id]
                messages = (*others[-(MOST_BULLETINS - 1) :], message)
                replace_file(self._path, encode_bulletins(Bulletins(messages=messages)))
                self._messages = messages
        return message.id

    def _kept(self) -> tuple[PublishedMessage, ...]:
        try:
            return decode_bulletins(self._path.read_bytes()).messages
        except (OSError, PublicationInvalid):
            return ()


def bulletin_id(urgent: str) -> str:
    """Return the bulletin's id of an urgent announcement: its own where that is short enough for one."""
    name = _PREFIX + urgent
    return name if len(name) <= _LONGEST_ID else _PREFIX + hashlib.sha256(urgent.encode()).hexdigest()[:32]
