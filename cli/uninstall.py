"""``uninstall``: takes the services and the code away, and leaves what people made."""

from __future__ import annotations

import argparse
import shutil

from box.folders import Folders
from box.sentences import Sentence
from cli import terminal
from cli.installation import TARGET, UNITS, InstallFailed, Machine, Places, ThisMachine

SUMMARY = Sentence("卸载程序和服务，留下数据（要 root）", "remove the services and the code, keep the data (as root)")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take nothing."""


def run(arguments: argparse.Namespace, folders: Folders) -> int:
    """Remove the installation from this machine."""
    places = Places()
    uninstall(places, ThisMachine())
    terminal.tell(
        f"卸载了。数据还在 {places.data}，设置还在 {places.settings}；两个用户也留着，因为数据归他们",
        f"removed. The data is still in {places.data} and the settings in {places.settings};"
        " the two users stay too, because the data is theirs",
    )
    return 0


def uninstall(places: Places, machine: Machine) -> None:
    """Stop and take away the units, the command and the code. The data, the settings and the users stay."""
    if not machine.is_root():
        raise InstallFailed("卸载要管理员权限：sudo xiaolaba uninstall", "this needs root: sudo xiaolaba uninstall")
    if machine.systemd_runs() and (places.units / TARGET).exists():
        machine.run(("systemctl", "stop", *UNITS))
    for link in places.enabling_links():
        link.unlink(missing_ok=True)
    for unit in UNITS:
        (places.units / unit).unlink(missing_ok=True)
    wants = places.units / f"{TARGET}.wants"
    if wants.is_dir() and not any(wants.iterdir()):
        wants.rmdir()
    if machine.systemd_runs():
        machine.run(("systemctl", "daemon-reload"))
    if places.command.is_symlink():
        places.command.unlink()
    # Last: this very program may be running from there.
    if places.prefix.exists():
        shutil.rmtree(places.prefix)
