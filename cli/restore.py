"""``restore``: all of a backup, or nothing; and back again."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from box.clock import SystemClock
from box.folders import INSTALLED_DATA, Folders
from box.sentences import Sentence, XiaolabaError
from cli import terminal, wire
from cli.first_run import sole_user
from cli.installation import Machine, ThisMachine
from cli.owner import as_owner_of
from cli.wrong import InputWrong
from keeping.staging import Staged
from keeping.swap import commit, undo

SUMMARY = Sentence("从备份恢复，全部恢复或者什么都不动", "bring back a backup, all of it or nothing")

PANEL_UNIT = "xiaolaba-panel.service"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the backup, or ``--undo``."""
    parser.add_argument("file", type=Path, nargs="?", metavar="FILE", help=terminal.text("备份文件", "the backup"))
    parser.add_argument(
        "--undo",
        action="store_true",
        help=terminal.text("撤销上一次恢复", "put back what was here before the last restore"),
    )


def run(arguments: argparse.Namespace, folders: Folders) -> int:
    """Check all of the backup while everything goes on, then stop the panel for a moment and swap.

    The speaker goes on: what sounds is not cut, and its own record of what was aired stays, so that nothing is aired
    twice. It takes the restored programme when the panel's room has it.
    """
    if (arguments.file is None) == (not arguments.undo):
        raise InputWrong("要么给一个备份文件，要么 --undo", "name a backup, or say --undo")
    # Before root becomes the panel's user, who need not be able to read where the code is.
    from web.audit.log import Audit  # noqa: PLC0415 - as late as they are needed
    from web.backup.restoring import finish_begun, lay_out  # noqa: PLC0415

    room, who, clock = folders.panel, wire.who(), SystemClock()

    def check(file: BinaryIO) -> int:
        finish_begun(room)
        tell(lay_out(file, room))
        return 0

    def swap() -> int:
        if arguments.undo:
            finish_begun(room)
        kept_in = undo(room, clock.now()) if arguments.undo else commit(room, clock.now())
        finish_begun(room)
        what = "backup.undo" if arguments.undo else "backup.restore"
        Audit(room / "audit", clock).record(who=who, address="", what=what, target=kept_in)
        terminal.tell(
            f"恢复好了。原来的内容留在 {room / kept_in}；要撤销：xiaolaba restore --undo。所有人都要重新登录",
            f"done. What was here is kept in {room / kept_in}; to go back: xiaolaba restore --undo."
            " Everybody has to log in again",
        )
        return 0

    with _alone(folders):
        code = 0
        if not arguments.undo:
            with arguments.file.open("rb") as file:  # as who asks: root may read a file that the panel's user may not
                code = as_owner_of(room, lambda: check(file))
        if code != 0:
            return code
        with _panel_stopped(folders, ThisMachine()):
            return as_owner_of(room, swap)


def tell(staged: Staged) -> None:
    """Say what is in a backup that was found whole."""
    about, made = staged.about, f"{staged.about.made.astimezone():%Y-%m-%d %H:%M}"
    former, takes = staged.counts.get("history", 0), staged.counts.get("recordings", 0)
    terminal.tell(
        f"备份完好：{about.zone}，{made}，{about.version} 版，节目历史 {former} 个，录音 {takes} 段",
        f"the backup is whole: {about.zone}, {made}, version {about.version}, "
        f"{former} former programmes, {takes} recordings",
    )


def finish_restore(folders: Folders) -> None:
    """Finish a restore that a power cut interrupted. It is asked before a verb writes in the panel's room."""
    if (folders.panel / ".restore-ready").is_dir():
        from web.backup.restoring import finish_begun  # noqa: PLC0415 - hardly ever needed

        finish_begun(folders.panel)


@contextmanager
def _alone(folders: Folders) -> Iterator[None]:
    if folders.data == INSTALLED_DATA:
        if not folders.panel.is_dir():
            raise InputWrong("先安装小喇叭，再恢复", "install xiaolaba first, then restore")
        yield
    else:
        with sole_user(folders):  # ``run`` holds it
            yield


@contextmanager
def _panel_stopped(folders: Folders, machine: Machine) -> Iterator[None]:
    """Stop the installed panel for as long as its files change places, and start it again whatever happens."""
    stops = folders.data == INSTALLED_DATA and machine.systemd_runs()
    if stops and not machine.is_root():
        raise NotRoot("恢复要管理员权限：sudo xiaolaba restore", "this needs root: sudo xiaolaba restore")
    if stops:
        machine.run(("systemctl", "stop", PANEL_UNIT))
    try:
        yield
    finally:
        if stops:
            machine.run(("systemctl", "start", PANEL_UNIT))


class NotRoot(XiaolabaError):
    """Only root may stop the panel and write in its room."""
