"""The programme file on disk: read, and saved only over the revision that was edited."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from box.aside import put_aside
from box.durable import replace_file
from box.sentences import XiaolabaError
from programme.faults import ProgrammeInvalid
from programme.model import Programme
from programme.nodes import LARGEST_BYTES
from programme.reading import read_programme
from programme.writing import written


class ProgrammeUnreadable(XiaolabaError, OSError):
    """The programme file is not there or can't be opened."""


class StaleRevision(XiaolabaError):
    """The file was changed by somebody else since it was opened; ``current`` is what it holds now."""

    def __init__(self, current: Edition) -> None:
        super().__init__(
            "节目单刚刚被别人改过，没有覆盖。请看一下现在的内容，再改一次。",
            "Somebody else has just changed the programme; nothing was overwritten. Look at it and change it again.",
        )
        self.current = current


@dataclass(frozen=True)
class Edition:
    """A programme as it stood in its file. ``revision`` names the exact bytes: 16 digits of their SHA-256."""

    programme: Programme
    revision: str
    content: bytes


class ProgrammeFile:
    """The programme file at ``path``."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> Edition:
        """Return what the file holds.

        Raises ProgrammeInvalid with every fault, ProgrammeUnreadable when it is not there or can't be opened.
        """
        try:
            with self.path.open("rb") as file:
                content = file.read(LARGEST_BYTES + 1)
        except FileNotFoundError as error:
            zh = f"没有节目文件 {self.path}，请先运行 xiaolaba run，或者指明文件"
            en = f"There is no programme file {self.path}; run xiaolaba run first, or name a file."
            raise ProgrammeUnreadable(zh, en) from error
        except OSError as error:
            why = error.strerror or str(error)
            zh = f"节目文件 {self.path} 打不开（{why}），请检查它的权限"
            raise ProgrammeUnreadable(zh, f"{self.path} can't be opened ({why}); check its permissions.") from error
        return _edition(content)

    def save(self, programme: Programme, base_revision: str) -> Edition:
        """Replace the file by ``programme``, keeping what was written by hand; return what it holds then.

        ``base_revision`` is that of the edition that was changed. Raises StaleRevision when the file is another by
        now, ProgrammeInvalid when the programme is not allowed or the file by now is broken, OSError when the disk
        is full or read-only. The file is untouched then: never half, and never other than ``programme``.
        """
        with self._alone():
            current = self.read()
            if current.revision != base_revision:
                raise StaleRevision(current)
            content = written(programme, current.content)
            if content != current.content:
                replace_file(self.path, content)
            return _edition(content)

    def is_rubble(self) -> bool:
        """Tell whether failing storage has left this, and no person: nothing, no text, or no file any more."""
        try:
            with self.path.open("rb") as file:
                content = file.read(LARGEST_BYTES + 1)
            return not content.strip() or b"\0" in content or not content.decode("utf-8")
        except (FileNotFoundError, UnicodeDecodeError):
            return True
        except OSError:
            return False  # it can't be told

    def bring_back(self, edition: Edition, now: datetime) -> None:
        """Put ``edition`` in the place of rubble, which is put aside with the time. Raises OSError."""
        with self._alone():
            if self.is_rubble():
                with suppress(FileNotFoundError):
                    put_aside(self.path, now)
                replace_file(self.path, edition.content)

    def put_back(self, edition: Edition, now: datetime) -> bool:
        """Put ``edition`` in the place of a file that can't be used, which is put aside with the time.

        Tell whether it was so: a file that was mended meanwhile stays. Raises OSError.
        """
        with self._alone():
            with suppress(ProgrammeInvalid, ProgrammeUnreadable):
                self.read()
                return False
            put_aside(self.path, now)
            replace_file(self.path, edition.content)
            return True

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let one save at a time compare and replace, whichever process it is in."""
        try:
            folder = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY)
        except OSError as error:
            zh = f"没有文件夹 {self.path.parent}"
            raise ProgrammeUnreadable(zh, f"There is no folder {self.path.parent}.") from error
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)


def revision_of(content: bytes) -> str:
    """Return the name of exactly these bytes."""
    return hashlib.sha256(content).hexdigest()[:16]


def _edition(content: bytes) -> Edition:
    return Edition(programme=read_programme(content), revision=revision_of(content), content=content)
