"""A small file with a copy of its last good content beside it, for the day on which storage damages it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar

from box.aside import put_aside
from box.clock import Clock, SystemClock
from box.durable import replace_file

logger = logging.getLogger(__name__)

T = TypeVar("T")


def copy_of(path: Path) -> Path:
    """Return where the copy of the last good content of ``path`` lies."""
    return path.with_name(f"{path.stem}.good{path.suffix}")


class Guarded(Generic[T]):
    """The file ``path``, read by ``decode``, which raises ValueError for what is damaged (msgspec's errors are such).

    A damaged file is put aside with its time and the last good copy takes its place; so does a file that is gone
    while its copy is there. Without a copy there is nothing.
    """

    def __init__(
        self, path: Path, decode: Callable[[bytes], T], *, mode: int = 0o600, clock: Clock | None = None
    ) -> None:
        self._path = path
        self._good = copy_of(path)
        self._decode = decode
        self._mode = mode
        self._clock = clock or SystemClock()
        self._mending = Lock()

    def read(self) -> T | None:
        """Return what the file holds, or held when it was last good; None if nothing was written. Raises OSError."""
        try:
            return self._decode(self._path.read_bytes())
        except (FileNotFoundError, ValueError, RecursionError):
            with self._mending:
                return self._mended()

    def write(self, content: bytes) -> None:
        """Put ``content`` in the place of what is there, durably, then beside it. Raises OSError."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(self._path, content, self._mode)
        try:
            replace_file(self._good, content, self._mode)
        except OSError as error:  # what was asked for is done; an older copy would bring back what was taken away
            logger.warning("%s has no copy of its last content: %s", self._path, error)
            with suppress(OSError):
                self._good.unlink(missing_ok=True)

    def copy_again(self) -> None:
        """See that beside the file, which is good, lies a copy of just that. Raises OSError."""
        content = self._path.read_bytes()
        if not self._good.exists() or self._good.read_bytes() != content:
            replace_file(self._good, content, self._mode)

    def remove(self) -> None:
        """Let nothing be there, and no copy that would bring it back. Raises OSError."""
        for path in (self._good, self._path):
            path.unlink(missing_ok=True)

    def _mended(self) -> T | None:
        try:
            return self._decode(self._path.read_bytes())  # another thread may have mended it meanwhile
        except FileNotFoundError:
            return self._restored("gone")
        except (ValueError, RecursionError) as error:
            with suppress(OSError):  # also where the storage takes nothing any more, what was last good counts
                put_aside(self._path, self._clock.now())
            return self._restored(str(error))

    def _restored(self, why: str) -> T | None:
        try:
            content = self._good.read_bytes()
            value = self._decode(content)
        except FileNotFoundError:
            return None
        except (ValueError, RecursionError):
            put_aside(self._good, self._clock.now())
            return None
        logger.error("%s was damaged (%s); its last good copy counts", self._path, why)
        with suppress(OSError):  # it counts all the same, and is put back when the storage takes it
            replace_file(self._path, content, self._mode)
        return value
