"""``copy``: a backup on the USB stick with the right label, the last seven kept; a timer does it every night."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from box.durable import sync_folder
from box.folders import Folders
from box.sentences import Sentence
from cli import terminal
from cli.backup import fresh_name, make_backup
from cli.installation import InstallFailed, ThisMachine
from cli.mounting import mounted

SUMMARY = Sentence("备份到名叫 XIAOLABA 的优盘（每晚自动做）", "a backup on the stick labelled XIAOLABA (every night)")

LABEL = "XIAOLABA"
DEVICE = Path("/dev/disk/by-label") / LABEL
MOST_KEPT = 7
_OURS = re.compile(r"xiaolaba-[0-9]{8}-[0-9]{6}\.tar")


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
        target = stick / fresh_name()
        code = make_backup(folders, target)
        if code == 0:
            forget_the_oldest(stick, but=target)
    return code


def forget_the_oldest(stick: Path, *, but: Path) -> None:
    """Keep the newest seven backups, ``but`` among them whatever the clock said when it was named; all else stays."""
    ours = sorted(path for path in stick.iterdir() if _OURS.fullmatch(path.name) and path != but)
    for old in ours[: max(0, len(ours) - MOST_KEPT + 1)]:
        old.unlink()
    sync_folder(stick)
