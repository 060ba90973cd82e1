"""``hub walk``: a stick for the yards without network. What it brought back is taken in, then it is filled anew."""

from __future__ import annotations

import shutil
from pathlib import Path

from box.clock import SystemClock
from box.folders import Folders
from box.sentences import XiaolabaError
from cli import terminal
from cli.hub_founding import as_hub
from cli.outcome import DONE, FAILED
from cli.wrong import InputWrong
from fleet.hub.room import HubRoom
from fleet.hub.walk import WalkTable
from fleet.wire.names import is_device_name
from fleet.wire.walk import BACK, FOLDER, LARGEST_BACK_BYTES
from programme.foreign import read_foreign
from programme.publication import PublicationInvalid

PACKED = "walk"


def walk_round(stick: Path, folders: Folders) -> int:
    """Take in what is at ``stick``, and put there what is for the yards. Raises InputWrong, OSError."""
    if not stick.is_dir():
        raise InputWrong(f"没有这个文件夹：{stick}", f"there is no such folder: {stick}")
    brought, packed = _brought(stick / FOLDER), folders.hub / PACKED
    code = as_hub(folders, lambda: _at_the_hub(folders, brought, packed))
    if code == DONE:
        shutil.rmtree(stick / FOLDER, ignore_errors=True)
        shutil.copytree(packed, stick / FOLDER, copy_function=shutil.copyfile)
        shutil.rmtree(packed)
        terminal.tell("优盘好了，可以拿去各小区", "the stick is ready for its round")
    return code


def _at_the_hub(folders: Folders, brought: list[bytes], packed: Path) -> int:
    table = WalkTable(HubRoom(folders.hub), SystemClock())
    try:
        names, refused = table.take_back(brought)
        for name in names:
            terminal.tell(f"收回了“{name}”的记录", f"the records of “{name}” are in")
        for error in refused:
            terminal.tell(*error.sentence)
        shutil.rmtree(packed, ignore_errors=True)
        table.pack(packed)
    except XiaolabaError as error:
        terminal.tell(*error.sentence)
        return FAILED
    return DONE


def _brought(folder: Path) -> list[bytes]:
    """Return what lies on the stick for the way back, as bytes that nobody has looked at."""
    found = []
    for name in sorted(path.name for path in folder.iterdir()) if folder.is_dir() else ():
        if is_device_name(name):
            try:
                found.append(read_foreign(folder, name, BACK, most_bytes=LARGEST_BACK_BYTES))
            except (FileNotFoundError, PublicationInvalid):
                continue
    return found
