"""A file of the panel's, taken when it is new, and tried again for a while where it was refused."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from box.clock import Clock
from box.sentences import Sentence
from programme.foreign import read_foreign
from programme.publication import PublicationInvalid

logger = logging.getLogger(__name__)

RETRY_SECONDS = 30.0  # for a file that was refused: its clip may come after it

_Signature = tuple[int, int, int]


class Watched:
    """Looks at ``panel/name``. ``take`` is handed each new content, and raises PublicationInvalid to refuse it.

    ``refused`` is told the sentence of a refusal, and None when that is over. Files of more than ``most_bytes`` are
    refused unread.
    """

    def __init__(
        self,
        panel: Path,
        name: str,
        *,
        most_bytes: int,
        clock: Clock,
        take: Callable[[bytes], None],
        refused: Callable[[Sentence | None], None],
    ) -> None:
        self._panel = panel
        self._name = name
        self._most_bytes = most_bytes
        self._clock = clock
        self._take = take
        self._refused = refused
        self._seen: _Signature | None = None
        self._retry_at: float | None = None
        self._refusal: Sentence | None = None

    def look(self) -> None:
        """Take what lies there, if it is new or was refused long enough ago."""
        signature = self._signature()
        is_time = self._retry_at is not None and self._clock.monotonic() >= self._retry_at
        if signature == self._seen and not is_time:
            return
        self._seen = signature
        self._retry_at = None
        if signature is None:
            return
        try:
            self._take_content()
        except PublicationInvalid as error:
            self.refuse(error)
            self._retry_at = self._clock.monotonic() + RETRY_SECONDS
        else:
            self._refusal = None
            self._refused(None)

    def refuse(self, error: PublicationInvalid) -> None:
        """Tell why something is not taken; the log is told once."""
        if error.sentence != self._refusal:
            self._refusal = error.sentence
            logger.error("%s", error)
        self._refused(error.sentence)

    def _take_content(self) -> None:
        try:
            content = read_foreign(self._panel, self._name, most_bytes=self._most_bytes)
        except FileNotFoundError:
            return
        self._take(content)

    def _signature(self) -> _Signature | None:
        try:
            status = (self._panel / self._name).lstat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns, status.st_size
