"""A disk for a test: ext4 on a loop device, that can be full, turn read-only under whoever uses it, and heal."""

from __future__ import annotations

import errno
import os
import subprocess
import time
from pathlib import Path

SIZE_MB = 320  # the speaker leaves 128 MB free for its log
_PATIENCE_SECONDS = 60


class NoLoop(Exception):
    """This kernel gives no loop device."""


class Disk:
    """The image ``image``, mounted at ``folder``."""

    def __init__(self, image: Path, folder: Path) -> None:
        self.image = image
        self.folder = folder

    def make(self) -> None:
        """Make the file system and mount it. Raises NoLoop or CalledProcessError where it can't be."""
        self.folder.mkdir()
        with self.image.open("wb") as file:
            file.truncate(SIZE_MB * 1024 * 1024)
        _run("mkfs.ext4", "-q", "-m", "0", "-E", "lazy_itable_init=1", str(self.image))
        self.mount()

    def mount(self) -> None:
        """Mount it; an error of the disk turns it read-only, as Debian has it on a card."""
        _run("mount", "-o", "loop,errors=remount-ro", str(self.image), str(self.folder))

    def unmount(self) -> None:
        """Take it away; who still has something open on it keeps that."""
        subprocess.run(["umount", "-l", str(self.folder)], check=False, capture_output=True)

    def fill(self) -> None:
        """Leave not one block."""
        left = os.statvfs(self.folder)
        (self.folder / "filler").touch()
        _run("fallocate", "-l", str(max(left.f_bavail - 64, 1) * left.f_frsize), str(self.folder / "filler"))
        with (self.folder / "filler.rest").open("wb", buffering=0) as rest:
            try:
                while True:
                    rest.write(bytes(4096))
                    os.fsync(rest.fileno())
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise

    def free(self) -> None:
        """Give the room back."""
        for name in ("filler", "filler.rest"):
            (self.folder / name).unlink(missing_ok=True)

    def break_down(self) -> None:
        """Have the kernel find an error on it: from now on it is read-only, whoever has what open."""
        source = _run("findmnt", "-no", "SOURCE", str(self.folder)).strip()
        Path(f"/sys/fs/ext4/{Path(source).name}/trigger_fs_error").write_text("made by a test", encoding="ascii")

    def mend(self) -> None:
        """Unmount it, have it checked as at a boot, and mount it again."""
        _run("umount", str(self.folder))
        self._await_release()
        subprocess.run(["e2fsck", "-fy", str(self.image)], check=False, capture_output=True)
        self.mount()

    def _await_release(self) -> None:
        """Wait until the kernel has let go of it: a sandbox that started meanwhile has a copy of every mount."""
        end = time.monotonic() + _PATIENCE_SECONDS
        while _run("losetup", "-j", str(self.image)):
            assert time.monotonic() < end, "somebody keeps the disk"
            time.sleep(0.05)


def _run(*words: str) -> str:
    return subprocess.run(words, check=True, capture_output=True, text=True, timeout=60).stdout
