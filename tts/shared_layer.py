"""The shared layer: what the fleet's agent has laid ready, taken into the panel's room with its clips, or not at all.

The panel keeps a copy of its own: what is aired does not hang on the agent, nor on what lies in its room tomorrow.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Protocol

from box.guarded import Guarded
from box.sentences import Sentence
from programme.foreign import open_foreign, read_foreign
from programme.publication import PublicationInvalid, PublishedMessage
from programme.shared import LARGEST_BYTES, Shared, decode_shared
from tts.library import ClipLibrary, ClipUnlike

SHARED_FILE = "shared.json"
LARGEST_CLIP_BYTES = 120 * 1024 * 1024  # as the speaker takes: twenty minutes of 48 kHz mono, and a header
_LOG = logging.getLogger(__name__)

_Signature = tuple[int, int, int]


class SharedLayer(Protocol):
    """Gives what is shared now."""

    def current(self) -> Shared | None:
        """Return the shared programme, None where there is none. Its clips are in the library."""
        ...


class TakenLayer:
    """Takes ``room/shared.json`` with ``room/clips`` into ``kept`` and ``library``.

    ``trouble`` is why the newest was not taken, None if it was: the one before goes on. ``revision`` names what was
    taken last (empty: nothing), ``takings`` counts how often something was.
    """

    def __init__(self, room: Path, kept: Path, library: ClipLibrary) -> None:
        self._room = room
        self._kept = kept
        self._file: Guarded[Shared] = Guarded(kept, _decoded, mode=0o640)
        self._library = library
        self._seen: _Signature | None = None
        self.trouble: Sentence | None = None
        self.revision = ""
        self.takings = 0

    def look(self) -> None:
        """Take what lies in the room, if it is new; forget what was taken where the room has none any more."""
        signature = self._signature()
        if signature == self._seen and (signature is None) == (not self._kept.exists()):
            return
        self._seen = signature
        try:
            self._take(signature is not None)
        except (PublicationInvalid, ClipUnlike) as error:
            self._refuse(error.sentence)
        except OSError as error:
            reason = error.strerror or str(error)
            self._seen = None  # the storage may do better the next time
            self._refuse(Sentence(f"社区统一的节目存不进来：{reason}", f"the shared programme can't be kept: {reason}"))
        else:
            self.trouble = None
            self.takings += 1
        kept = self._decoded()
        self.revision = kept.revision if kept else ""

    def current(self) -> Shared | None:
        """Return what was taken last; clips that the library has lost meanwhile are taken again."""
        shared = self._decoded()
        if shared is None:
            return None
        try:
            self._take_clips(shared.messages)
        except (PublicationInvalid, ClipUnlike, OSError) as error:
            _LOG.warning("%s", error)
            return None
        return shared

    def _decoded(self) -> Shared | None:
        """Return what was taken last; where that is damaged its last good copy counts, or it is taken anew."""
        was_there = self._kept.exists()
        shared = self._file.read()
        if shared is None and was_there:
            self._seen = None
        return shared

    def _take(self, there: bool) -> None:
        if not there:
            self._file.remove()
            return
        try:
            content = read_foreign(self._room, SHARED_FILE, most_bytes=2 * LARGEST_BYTES)
        except FileNotFoundError:
            return
        self._take_clips(decode_shared(content).messages)
        self._file.write(content)

    def _take_clips(self, messages: tuple[PublishedMessage, ...]) -> None:
        for message in messages:
            if self._library.asked_for(message.clip, message.frames):
                continue
            try:
                with open_foreign(self._room, "clips", f"{message.clip}.wav", most_bytes=LARGEST_CLIP_BYTES) as clip:
                    self._library.take(clip, message.clip, message.frames)
            except FileNotFoundError as error:
                raise PublicationInvalid(
                    f"社区统一的节目不完整：稿件“{message.title}”没有声音",
                    f"the shared programme is not whole: “{message.title}” has no clip",
                ) from error

    def _refuse(self, sentence: Sentence) -> None:
        if sentence != self.trouble:
            _LOG.warning("%s %s", sentence.zh, sentence.en)
        self.trouble = sentence

    def _signature(self) -> _Signature | None:
        try:
            status = (self._room / SHARED_FILE).lstat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns, status.st_size


def _decoded(content: bytes) -> Shared:
    """Return what is shared in ``content``; raises ValueError where it is damaged."""
    try:
        return decode_shared(content)
    except PublicationInvalid as error:
        raise ValueError(error.sentence.en) from error
