"""What ``run`` does before anything sounds: the data folder made and locked, the starter programme in it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from box.durable import replace_file
from box.folders import Folders
from box.sentences import XiaolabaError


class AlreadyRuns(XiaolabaError):
    """A second ``run`` on the same data: two speakers would both say what is due."""


class NoRoom(XiaolabaError):
    """The data folder can't be made or written."""


@contextmanager
def sole_user(folders: Folders) -> Iterator[None]:
    """Make the data folder with its rooms, and hold it for this process alone.

    The folder itself is locked: no file stays behind, and the lock goes with the process however it dies.
    Raises AlreadyRuns, or NoRoom.
    """
    try:
        for room in (folders.data, folders.panel, folders.speaker):
            room.mkdir(mode=0o750, parents=True, exist_ok=True)
        descriptor = os.open(folders.data, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise NoRoom(
            f"数据文件夹 {folders.data} 用不了（{error.strerror}），请换一个：--data 文件夹",
            f"the data folder {folders.data} can't be used ({error.strerror}); take another: --data DIR",
        ) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRuns(
                f"这份数据已经有一个小喇叭在用：{folders.data}。先把那一个停掉，或用 --data 另选文件夹",
                f"a xiaolaba already runs on this data: {folders.data}. End that one first, or take --data DIR",
            ) from error
        yield
    finally:
        os.close(descriptor)


def copy_starter(folders: Folders, share: Path) -> bool:
    """Put the starter programme where there is none yet; tell whether that was so."""
    if folders.programme.exists():
        return False
    replace_file(folders.programme, (share / "schedule.yaml").read_bytes())
    return True
