"""``copy``: a backup on the USB stick with the right label, the last seven kept; a timer does it every night."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from pathlib import Path

from box.durable import sync_folder
from box.folders import Folders
from box.sentences import Sentence
from cli import terminal
from cli.backup import NoRoomThere, fresh_name, make_backup
from cli.installation import InstallFailed, ThisMachine
from cli.mounting import mounted

SUMMARY = Sentence("备份到名叫 XIAOLABA 的优盘（每晚自动做）", "a backup on the stick labelled XIAOLABA (every night)")

LABEL = "XIAOLABA"
DEVICE = Path("/dev/disk/by-label") / LABEL
MOST_KEPT = 7
_OURS = re.compile(r"xiaolaba-[0-9]{8}-[0-9]{6}\.tar")
_UNFINISHED = re.compile(rf"\.{_OURS.pattern}\..+")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take nothing."""


def run(arguments: argparse.Namespace, folders: Folders) -> int:
    """Write the backup, and take away the oldest of those that were written before."""
    machine = ThisMachine()
    if not DEVICE.exists():
        terminal.tell(f"没有插名叫 {LABEL} 的优盘", f"there is no stick labelled {LABEL}")
        return 0
    if not machine.is_root():
        raise InstallFailed("要管理员权限：sudo xiaolaba copy", "this needs root: sudo xiaolaba copy")
    with mounted(DEVICE, machine) as stick:
        return put_copy(stick, lambda target: make_backup(folders, target))


def put_copy(stick: Path, back_up: Callable[[Path], int]) -> int:
    """Have ``back_up`` write a backup to the ``stick``; return its exit code.

    What is left of one that the stick was pulled out of goes first. On a stick that is full the oldest makes room, but
    for the last one; raises NoRoomThere where that is not enough.
    """
    for unfinished in stick.iterdir():
        if _UNFINISHED.fullmatch(unfinished.name) and not unfinished.is_dir():
            unfinished.unlink()
    while True:
        target = stick / fresh_name()
        try:
            code = back_up(target)
        except NoRoomThere:
            ours = _backups_on(stick)
            if len(ours) <= 1:
                raise
            terminal.tell(f"优盘满了，删掉最旧的：{ours[0].name}", f"the stick is full: {ours[0].name} makes room")
            ours[0].unlink()
            sync_folder(stick)
        else:
            if code == 0:
                forget_the_oldest(stick, but=target)
            return code


def forget_the_oldest(stick: Path, *, but: Path) -> None:
    """Keep the newest seven backups, ``but`` among them whatever the clock said when it was named; all else stays."""
    ours = [path for path in _backups_on(stick) if path != but]
    for old in ours[: max(0, len(ours) - MOST_KEPT + 1)]:
        old.unlink()
    sync_folder(stick)


def _backups_on(stick: Path) -> list[Path]:
    """Return the backups there, the oldest first, by their names: a stick's own times are worth less."""
    return sorted(path for path in stick.iterdir() if _OURS.fullmatch(path.name))
