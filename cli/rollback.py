"""``rollback``: the version before the last upgrade, with its data."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from box.folders import INSTALLED_DATA, Folders
from box.sentences import Sentence
from cli import terminal
from cli.installation import InstallFailed, ThisMachine
from cli.wrong import InputWrong

SUMMARY = Sentence(
    "退回升级之前的版本和数据（要 root）", "go back to the version before the last upgrade, with its data (as root)"
)

SAVED = INSTALLED_DATA / "rollback"
_SCRIPT = "/usr/lib/xiaolaba/rollback"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take ``--keep-data``."""
    parser.add_argument(
        "--keep-data",
        action="store_true",
        help=terminal.text("只退版本，数据不动", "the version alone; the data stays as it is"),
    )


def run(arguments: argparse.Namespace, folders: Folders) -> int:
    """Become the script that does it: this program is replaced on the way."""
    if not ThisMachine().is_root():
        raise InstallFailed("要管理员权限：sudo xiaolaba rollback", "this needs root: sudo xiaolaba rollback")
    version = saved_version(SAVED)
    terminal.tell(f"退回 {version}……", f"going back to {version} …")
    os.execv("/bin/sh", ["/bin/sh", _SCRIPT, "code" if arguments.keep_data else "data"])  # noqa: S606 - our own script


def saved_version(saved: Path) -> str:
    """Return which version lies in ``saved``. Raises InputWrong where none does, or its data was put back already."""
    if not (saved / "xiaolaba.deb").is_file():
        raise InputWrong("没有可以退回的版本：还没有升级过", "there is nothing to go back to: no upgrade was made yet")
    if (saved / "done").exists():
        raise InputWrong(
            "上一次升级已经退回过了。要找回退回之前的内容：sudo xiaolaba restore --undo",
            "the last upgrade was taken back already. For what was here before that: sudo xiaolaba restore --undo",
        )
    return (saved / "version").read_text(encoding="utf-8").strip()
