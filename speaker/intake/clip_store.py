"""The speaker's own clips: copied from the panel whole or not at all, each under the sha256 of its bytes."""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
import wave
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from box.aside import all_aside, put_aside
from box.durable import sync_folder
from programme.foreign import open_foreign
from programme.publication import SAMPLE_RATE_HZ, PublicationInvalid, PublishedMessage

LARGEST_CLIP_BYTES = 120 * 1024 * 1024  # twenty minutes of 48 kHz mono, and room for the header
KEPT_FREE_BYTES = 128 * 1024 * 1024  # for the as-run log: nothing sounds that could not be written before
MOST_ASIDE = 8  # damaged clips: for whoever looks into it, and at most a few minutes of sound
_CHUNK_BYTES = 128 * 1024
_PAUSE_SECONDS = 0.002  # after each chunk, so that copying never stands in the way of what sounds


class ClipStore:
    """Clips in ``folder``, taken from ``room/clips``: the panel's room, or the fleet's.

    ``pause`` waits that many seconds; it may raise to give up. ``free_bytes`` tells how much of the storage is free.
    """

    def __init__(
        self, folder: Path, room: Path, *, pause: Callable[[float], None], free_bytes: Callable[[], int]
    ) -> None:
        self._folder = folder
        self._room = room
        self._pause = pause
        self._free_bytes = free_bytes

    def path(self, sha256: str) -> Path:
        """Return where the clip ``sha256`` is or would be."""
        return self._folder / f"{sha256}.wav"

    def has(self, message: PublishedMessage) -> bool:
        """Tell whether the clip of ``message`` is there in its length; its content was checked when it came."""
        try:
            with self.path(message.clip).open("rb") as file:
                return _fault(file, message.frames) is None
        except OSError:
            return False

    def is_whole(self, message: PublishedMessage) -> bool:
        """Tell whether the clip of ``message`` is there, to the last byte. Reads it all."""
        try:
            with self.path(message.clip).open("rb") as file:
                return self._digest(file, None) == message.clip and self.has(message)
        except OSError:
            return False

    def take(self, message: PublishedMessage) -> None:
        """Copy the clip of ``message`` from the panel, durably but for the folder's name (``sync``).

        Raises PublicationInvalid where it is not there, not what its name says, not as long as it is said to
        be, or can't be written without filling the storage.
        """
        descriptor, name = tempfile.mkstemp(dir=self._folder, prefix=".taking-")
        temporary = Path(name)
        try:
            with os.fdopen(descriptor, "w+b") as copy:
                with open_foreign(
                    self._room, "clips", f"{message.clip}.wav", most_bytes=LARGEST_CLIP_BYTES
                ) as original:
                    self._require_room(os.fstat(original.fileno()).st_size)
                    digest = self._digest(original, copy)
                if digest != message.clip:
                    raise _not_whole(message, "内容与名称不符", "its content is not what its name says")
                copy.flush()
                fault = _fault(copy, message.frames)
                if fault is not None:
                    raise _not_whole(message, fault, fault)
                os.fchmod(copy.fileno(), 0o640)
                os.fsync(copy.fileno())
            temporary.replace(self.path(message.clip))
        except FileNotFoundError as error:
            raise _not_whole(message, "找不到录音文件", "there is no such clip") from error
        except OSError as error:
            raise PublicationInvalid(
                f"新节目存不进来，请检查存储卡是否已满（{error.strerror}）",
                f"the new programme can't be stored; check whether the storage is full ({error.strerror})",
            ) from error
        finally:
            temporary.unlink(missing_ok=True)

    def sync(self) -> None:
        """Make the names of what was taken durable."""
        sync_folder(self._folder)

    def put_aside(self, message: PublishedMessage, now: datetime) -> None:
        """Put the clip of ``message`` aside, if there is one; the newest few of all that are aside stay."""
        with suppress(OSError):  # on storage that is read-only it stays where it is
            if self.path(message.clip).exists():
                put_aside(self.path(message.clip), now)
            for surplus in all_aside(self._folder)[MOST_ASIDE:]:
                surplus.path.unlink()

    def keep_only(self, clips: Collection[str]) -> None:
        """Remove every clip but ``clips``, and copies that were never finished; what lies aside stays."""
        aside = {one.path for one in all_aside(self._folder)}
        for path in self._folder.iterdir():
            if path.stem not in clips and path not in aside:
                path.unlink(missing_ok=True)

    def _require_room(self, size: int) -> None:
        if self._free_bytes() - size < KEPT_FREE_BYTES:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _digest(self, original: BinaryIO, copy: BinaryIO | None) -> str:
        digest = hashlib.sha256()
        left = LARGEST_CLIP_BYTES
        while left > 0 and (chunk := original.read(min(_CHUNK_BYTES, left))):
            digest.update(chunk)
            if copy is not None:
                copy.write(chunk)
            left -= len(chunk)
            self._pause(_PAUSE_SECONDS)
        return digest.hexdigest()


def _fault(file: BinaryIO, frames: int) -> str | None:
    """Return what is wrong with the WAV in ``file``, None if it is as the speaker plays it."""
    try:
        file.seek(0)
        with wave.open(file, "rb") as clip:
            if (clip.getnchannels(), clip.getsampwidth(), clip.getframerate()) != (1, 2, SAMPLE_RATE_HZ):
                return "48 kHz mono 16 bit"
            if clip.getnframes() != frames:
                return f"{clip.getnframes()} ≠ {frames}"
            if os.fstat(file.fileno()).st_size < file.tell() + 2 * frames:
                return f"< {frames}"
    except (EOFError, wave.Error) as error:
        return str(error) or "WAV"
    return None


def _not_whole(message: PublishedMessage, zh: str, en: str) -> PublicationInvalid:
    return PublicationInvalid(
        f"播出文件不完整，没有采用：稿件“{message.title}”的录音有问题（{zh}），请重新保存这条稿件",
        f"the publication is not whole and was refused: the clip of “{message.title}” is wrong ({en}); save it again",
    )
