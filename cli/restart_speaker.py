"""``restart-speaker``: an upgrade takes effect when nothing sounds and no broadcast is near."""

from __future__ import annotations

import argparse

from box.folders import Folders
from box.sentences import Sentence
from cli import terminal
from cli.installation import Machine, ThisMachine
from cli.quiet_moment import Standing, is_quiet, standing_of

SUMMARY = Sentence("没有声音时重新启动播音程序（升级以后自动做）", "restart the speaker when it is quiet (upgrades do)")

SPEAKER, WAITS = "xiaolaba-speaker.service", "xiaolaba-restart.timer"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take nothing."""


def run(arguments: argparse.Namespace, folders: Folders) -> int:
    """Restart it now, or let a timer try again every minute."""
    machine = ThisMachine()
    if machine.systemd_runs():
        restart(machine, standing_of(folders.socket))
    return 0


def restart(machine: Machine, standing: Standing | None) -> None:
    """Restart the speaker if ``standing`` allows it; one that does not answer is restarted at once."""
    if standing is None or is_quiet(standing):
        machine.run(("systemctl", "stop", WAITS))
        machine.run(("systemctl", "restart", SPEAKER))
        return
    machine.run(("systemctl", "start", WAITS))
    terminal.tell(
        "正在播，或者十分钟之内要播：播音程序先不动，一有空就换成新的",
        "something sounds or is due within ten minutes: the speaker goes on, and its new version starts after that",
    )
