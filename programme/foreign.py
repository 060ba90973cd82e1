"""Files of another process's room, read without trusting what lies there."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from programme.publication import LARGEST_BYTES, Publication, PublicationInvalid, decode_publication

_NO_LINK = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK  # not blocked by a pipe put in the way


@contextmanager
def open_foreign(folder: Path, *names: str, most_bytes: int) -> Iterator[BinaryIO]:
    """Open the regular file ``folder/names…`` of at most ``most_bytes``, following no link below ``folder``.

    Raises FileNotFoundError where it is not there, and PublicationInvalid for a link, a pipe, a folder or a file
    that is larger.
    """
    shown = "/".join(names)
    held = _opened(str(folder), os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, None, shown)
    try:
        for name in names[:-1]:
            deeper = _opened(name, os.O_DIRECTORY | _NO_LINK, held, shown)
            os.close(held)
            held = deeper
        descriptor = _opened(names[-1], _NO_LINK, held, shown)
    finally:
        os.close(held)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise PublicationInvalid(f"播出文件不完整：{shown} 不是普通文件", f"{shown} is not a plain file")
        if status.st_size > most_bytes:
            raise PublicationInvalid(f"播出文件太大，没有采用：{shown}", f"{shown} is too large and was refused")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            yield file
    finally:
        os.close(descriptor)


def read_foreign(folder: Path, *names: str, most_bytes: int) -> bytes:
    """Return all of a file that ``open_foreign`` would open. Raises as it does."""
    with open_foreign(folder, *names, most_bytes=most_bytes) as file:
        return file.read(most_bytes)


def read_publication(path: Path) -> Publication:
    """Return what the panel has put on air in ``path``. Raises as ``open_foreign``, and where it is not whole."""
    return decode_publication(read_foreign(path.parent, path.name, most_bytes=LARGEST_BYTES))


def _opened(name: str, flags: int, folder: int | None, shown: str) -> int:
    try:
        return os.open(name, flags, dir_fd=folder)
    except FileNotFoundError:
        raise
    except OSError as error:  # a link (ELOOP), a file where a folder should be, or one that may not be read
        raise PublicationInvalid(
            f"播出文件读不出来：{shown}（{error.strerror}）", f"{shown} can't be read: {error.strerror}"
        ) from error
