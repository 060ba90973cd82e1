"""A backup on its way in: piece by piece from a phone, checked, and waiting for somebody to say yes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import IO

from box.sentences import Sentence, XiaolabaError
from box.storage import free_bytes_in
from keeping.staging import Report, Staged
from keeping.swap import can_be_undone, commit, discard_staged, undo
from web.backup.restoring import finish_begun, lay_out

UPLOAD = ".restore-upload"
_LEFT_BYTES = 50 << 20  # of the storage, for what the box writes meanwhile

_INTERRUPTED = Sentence("上传断开过，请重新选文件。", "The upload was interrupted; choose the file again.")
_NO_ROOM = Sentence("存储卡放不下这个备份。", "The storage has no room for this backup.")
_NOTHING_WAITS = Sentence("没有等着恢复的备份，请重新选文件。", "No backup waits; choose the file again.")


class UploadFailed(XiaolabaError):
    """A piece that does not follow the one before, or that the storage can't hold."""


class NothingWaits(XiaolabaError):
    """No backup waits to be restored: the panel was started anew, or somebody else has decided."""


class Arriving:
    """One backup at a time for the whole panel. ``end`` ends the process, so that the next reads the restored room."""

    def __init__(self, room: Path, end: Callable[[], None]) -> None:
        self.room = room
        self._upload = room / UPLOAD
        self._end = end
        self._lock = Lock()
        self._upload.unlink(missing_ok=True)
        self.staged: Staged | None = None

    @property
    def can_be_undone(self) -> bool:
        """Whether what was here before the last restore is still kept."""
        return can_be_undone(self.room)

    def add(self, piece: IO[bytes], offset: int) -> int:
        """Add a piece that begins at ``offset``; return where the next does. At 0 another upload begins.

        A piece that came twice, because its answer was lost, is taken as once. Raises UploadFailed.
        """
        with self._lock:
            had = self._upload.stat().st_size if offset and self._upload.exists() else 0
            if offset > had:
                raise UploadFailed(*_INTERRUPTED)
            if free_bytes_in(self.room) < _LEFT_BYTES:
                raise UploadFailed(*_NO_ROOM)
            with self._upload.open("r+b" if had else "wb") as file:
                file.truncate(offset)
                file.seek(offset)
                shutil.copyfileobj(piece, file)
                return file.tell()

    def check(self, report: Report) -> Staged:
        """Lay out what was uploaded. Raises as ``lay_out`` does; the upload is gone afterwards."""
        with self._lock:
            self.staged = None
            try:
                with self._upload.open("rb") as file:
                    self.staged = lay_out(file, self.room, report)
            finally:
                self._upload.unlink(missing_ok=True)
            return self.staged

    def discard(self) -> None:
        """Forget what waits."""
        with self._lock:
            self.staged = None
            discard_staged(self.room)

    def restore(self, now: datetime) -> str:
        """Put what waits in place; return where what was here is kept. Then the process is to ``end``.

        Raises NothingWaits.
        """
        with self._lock:
            if self.staged is None:
                raise NothingWaits(*_NOTHING_WAITS)
            kept_in = commit(self.room, now)
            self.staged = None
            finish_begun(self.room)
            return kept_in

    def undo(self, now: datetime) -> str:
        """Put back what was here before the last restore. Raises NothingToUndo. Then the process is to ``end``."""
        with self._lock:
            self.staged = None
            kept_in = undo(self.room, now)
            finish_begun(self.room)
            return kept_in

    def end(self) -> None:
        """End the process; whoever watches over it starts it again."""
        self._end()
