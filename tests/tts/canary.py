"""What must not be touched: a local file and a local port that notice anybody who comes near."""

from __future__ import annotations

import ctypes
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_IN_OPEN, _IN_ACCESS = 0x20, 0x01  # <sys/inotify.h>


class Canary:
    """A file watched by the kernel (inotify) and a port of this machine that listens."""

    def __init__(self, path: Path, watch: int, listener: socket.socket) -> None:
        self.path = path
        self.port: int = listener.getsockname()[1]
        self._watch = watch
        self._listener = listener

    def touched(self) -> list[str]:
        """Return what was touched since it was asked last."""
        found = []
        try:
            os.read(self._watch, 1 << 16)
            found.append("file")
        except BlockingIOError:
            pass
        try:
            self._listener.accept()[0].close()
            found.append("port")
        except BlockingIOError:
            pass
        return found


@contextmanager
def watching(path: Path) -> Iterator[Canary]:
    """Watch the file at ``path``, which is there already, and a port of its own."""
    libc = ctypes.CDLL(None, use_errno=True)
    watch = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
    if watch < 0 or libc.inotify_add_watch(watch, os.fsencode(path), _IN_OPEN | _IN_ACCESS) < 0:
        raise OSError(ctypes.get_errno(), "inotify")
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        listener.setblocking(False)
        try:
            yield Canary(path, watch, listener)
        finally:
            os.close(watch)
