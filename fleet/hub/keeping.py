"""The hub in one file, and all of it back: who belongs to it, its keys, its authority. Nothing that can be made again.

The file is as secret as the hub itself: whoever has it has the programme key, and the urgent one but for its PIN.
"""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path

from box.durable import sync_folder
from box.sentences import XiaolabaError
from fleet.hub.database import Database
from fleet.hub.founding import ROOT_PUBLIC, trusted_by
from fleet.hub.room import HubRoom, read_settings

_REGISTRY = "fleet.sqlite"
# The root key is not among them: it belongs on a stick of its own.
_FILES = {
    "hub.json": 1 << 16,
    ROOT_PUBLIC: 1 << 10,
    "programme.key": 1 << 10,
    "urgent.key": 1 << 14,
    "keys.envelope": 1 << 16,
    "certificate.pem": 1 << 16,
    "key.pem": 1 << 16,
    "authority/certificate.pem": 1 << 16,
    "authority/key.pem": 1 << 16,
    _REGISTRY: 4 << 30,
}


class HubBackupInvalid(XiaolabaError):
    """The file is no backup of a hub, or not a whole one."""


class HubHere(XiaolabaError):
    """This box is a hub: a backup is put back only where there is none."""


def back_up(room: HubRoom, target: Path) -> None:
    """Write the hub in ``room`` to ``target``, its owner's alone; it may run. Raises HubNotFounded, OSError."""
    read_settings(room)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as name:
        copy, made = Path(name) / _REGISTRY, Path(name) / "made.tar"
        with (
            closing(sqlite3.connect(f"file:{room.registry}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(copy)) as destination,
        ):
            source.backup(destination)  # whole, also while the hub writes
        descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                for member in _FILES:
                    path = copy if member == _REGISTRY else room.folder / member
                    _put(tar, member, path)
            file.flush()
            os.fsync(file.fileno())
        made.replace(target)
    sync_folder(target.parent)


def put_back(source: Path, room: HubRoom) -> None:
    """Make this box the hub that is in ``source``: all of it, or nothing.

    Boxes follow it: it goes on above the counters that they have taken, and asks them for the records since.

    Raises HubHere, HubBackupInvalid, OSError.
    """
    if room.settings.exists():
        raise HubHere("这台小喇叭已经是总站了，不能再恢复一个", "this box is a hub already: no other is put back here")
    room.folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=room.folder.parent, prefix=f".{room.folder.name}.") as name:
        fresh = HubRoom(Path(name) / "hub")
        for folder in (fresh.folder, fresh.authority, fresh.broker, fresh.audio):
            folder.mkdir(mode=0o700)
        try:
            with tarfile.open(source, mode="r:") as tar:
                _take(tar, fresh.folder)
            read_settings(fresh)
            trusted_by(fresh)
            with closing(Database(fresh.registry)) as database, database.transaction() as connection:
                connection.execute("DELETE FROM clip")  # what travelled is made again from the panel's library
        except (tarfile.TarError, EOFError, ValueError, XiaolabaError) as error:
            raise HubBackupInvalid(
                f"这个文件不是完整的总站备份：{error}", f"this file is no whole backup of a hub: {error}"
            ) from error
        for path in fresh.folder.rglob("*"):
            if path.is_file():
                with path.open("rb") as file:
                    os.fsync(file.fileno())
        if room.folder.exists():
            shutil.copystat(room.folder, fresh.folder)
            shutil.rmtree(room.folder)
        fresh.folder.replace(room.folder)
    sync_folder(room.folder.parent)


def _put(tar: tarfile.TarFile, member: str, path: Path) -> None:
    info = tarfile.TarInfo(member)
    info.mode = 0o600
    info.size = path.stat().st_size
    with path.open("rb") as file:
        tar.addfile(info, file)


def _take(tar: tarfile.TarFile, folder: Path) -> None:
    """Take the files that a backup has, each once, by name and size, and nothing else."""
    seen = set[str]()
    for info in tar:
        if not info.isreg() or info.name not in _FILES or info.name in seen or info.size > _FILES[info.name]:
            raise ValueError(info.name[:60])
        seen.add(info.name)
        content = tar.extractfile(info) or io.BytesIO()
        descriptor = os.open(folder / info.name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            shutil.copyfileobj(content, file)
    if seen != set(_FILES):
        raise ValueError(", ".join(sorted(set(_FILES) - seen)))
