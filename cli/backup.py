"""``backup``: what people made on this box, in one file."""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

from box.clock import SystemClock
from box.durable import sync_folder
from box.folders import Folders
from box.sentences import Sentence, XiaolabaError
from box.storage import free_bytes_in
from cli import terminal, wire
from cli.owner import as_owner_of
from cli.wrong import InputWrong

_FULL_BYTES = 1 << 20  # less is left where a piece did not fit any more

SUMMARY = Sentence("把节目、录音、用户和记录备份成一个文件", "one file with programme, recordings, users and records")


class NoRoomThere(XiaolabaError):
    """The storage that a backup was to go to is too small for it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take where the backup goes."""
    parser.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help=terminal.text(
            "写到哪里：新文件，或者一个文件夹", "where it goes: a new file, or a folder for one named by the time"
        ),
    )


def run(arguments: argparse.Namespace, folders: Folders) -> int:
    """Write it where it was asked for."""
    return make_backup(folders, _target(arguments.file))


def make_backup(folders: Folders, target: Path) -> int:
    """Write a backup to ``target`` and print its name; return the exit code.

    It is there when it is whole, and readable by its owner alone: it has the hashes of passwords in it. Raises
    NoRoomThere, and nothing is left of it then.
    """
    # Before root becomes the panel's user, who need not be able to read where the code is.
    from web.backup.making import pieces_of  # noqa: PLC0415 - as late as it is needed

    if not folders.panel.is_dir():
        raise InputWrong(f"这里没有可以备份的：{folders.data}", f"there is nothing here to back up: {folders.data}")
    client = wire.client_of(folders)

    def write() -> int:
        with os.fdopen(os.dup(descriptor), "wb") as file:
            for piece in pieces_of(
                folders.panel,
                ask=lambda after: client.records(changed_after=after),
                clock=SystemClock(),
                tell=lambda sentence: terminal.tell(*sentence),
            ):
                file.write(piece)
        return 0

    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    temporary = Path(name)
    try:
        code = as_owner_of(folders.panel, write)
        if code == 0:
            os.fsync(descriptor)
            temporary.replace(target)
            sync_folder(target.parent)
        elif free_bytes_in(target.parent) < _FULL_BYTES:
            raise NoRoomThere(
                f"{target.parent} 放不下备份，请腾出空间或换一个大的",
                f"there is no room for the backup in {target.parent}: make room, or take a larger one",
            )
    finally:
        os.close(descriptor)
        temporary.unlink(missing_ok=True)
    if code == 0:
        print(target)
        megabytes = target.stat().st_size / 1_000_000
        terminal.tell(
            f"备份好了（{megabytes:.1f} MB）。里面有密码的加密形式，请收好",
            f"done ({megabytes:.1f} MB). It holds the hashes of passwords: keep it safe",
        )
    return code


def fresh_name() -> str:
    """Return what a backup made now is called."""
    return f"xiaolaba-{SystemClock().now().astimezone():%Y%m%d-%H%M%S}.tar"


def _target(named: Path) -> Path:
    if named.is_dir():
        return named / fresh_name()
    if not named.parent.is_dir():
        raise InputWrong(f"没有这个文件夹：{named.parent}", f"there is no such folder: {named.parent}")
    return named
