"""``prepare``: the users, the settings and the folders of an installation; the package does it."""

from __future__ import annotations

import argparse
from pathlib import Path

from box.addresses import urls
from box.durable import replace_file
from box.folders import Folders, share
from box.sentences import Sentence
from box.settings import read_settings
from cli import terminal
from cli.installation import (
    FLEET_USER,
    GROUP,
    HUB_USER,
    PANEL_USER,
    SPEAKER_GROUPS,
    SPEAKER_USER,
    InstallFailed,
    Machine,
    Places,
    ThisMachine,
)
from cli.starter_settings import TEXT

SUMMARY = Sentence("建好用户、设置和数据文件夹（安装包会做）", "make users, settings and folders (the package does it)")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take ``--again``."""
    parser.add_argument(
        "--again",
        action="store_true",
        help=terminal.text("不是第一次：服务的开关不动", "not the first time: services that are off stay off"),
    )


def run(arguments: argparse.Namespace, folders: Folders) -> int:
    """Prepare this machine; what is there stays."""
    places = Places()
    prepare(share(), places, ThisMachine(), again=arguments.again)
    if not arguments.again:
        panel = read_settings(places.settings).panel
        for url in urls(panel.host, panel.port):
            print(url)
        terminal.tell(
            "装好了。取开通码：sudo xiaolaba setup-code；检查：xiaolaba doctor",
            "installed. A set-up code: sudo xiaolaba setup-code; a check: xiaolaba doctor",
        )
    return 0


def prepare(source: Path, places: Places, machine: Machine, *, again: bool) -> None:
    """Put everything in place that is no file of the package. Raises InstallFailed."""
    if not machine.is_root():
        raise InstallFailed("要管理员权限：sudo xiaolaba prepare", "this needs root: sudo xiaolaba prepare")
    make_users(machine)
    put_settings(places, machine)
    put_data(source, places, machine)
    if not again:
        for link, target in places.enabling_links().items():
            put_link(link, target)


def make_users(machine: Machine) -> None:
    """Make the group that all share and the three users, where they are not there."""
    if not machine.has_group(GROUP):
        machine.run(("groupadd", "--system", GROUP))
    more = ",".join(group for group in SPEAKER_GROUPS if machine.has_group(group))
    for user, groups in ((SPEAKER_USER, more), (PANEL_USER, ""), (FLEET_USER, ""), (HUB_USER, "")):
        if not machine.has_user(user):
            words = ("--system", "--gid", GROUP, "--no-create-home", "--home-dir", "/var/lib/xiaolaba")
            machine.run(("useradd", *words, "--shell", "/usr/sbin/nologin", user))
        if groups:
            machine.run(("usermod", "--append", "--groups", groups, user))


def put_settings(places: Places, machine: Machine) -> None:
    """Put the commented starter in place, root's and for all to read; settings that are there stay."""
    places.settings.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    if not places.settings.exists():
        replace_file(places.settings, TEXT.encode(), mode=0o644)
    machine.own(places.settings, "root", "root", 0o644)


def put_data(source: Path, places: Places, machine: Machine) -> None:
    """Make the three rooms; each user writes its own and reads the other's. The starter programme is a draft.

    Nothing is published: the programme tells nobody anything until the secretary has heard it and put it on air.
    """
    places.data.mkdir(mode=0o755, parents=True, exist_ok=True)
    machine.own(places.data, "root", GROUP, 0o755)
    for name, user in (("speaker", SPEAKER_USER), ("panel", PANEL_USER), ("fleet", FLEET_USER)):
        room = places.data / name
        room.mkdir(exist_ok=True)
        machine.own(room, user, GROUP, 0o2750)
    programme = places.data / "panel/schedule.yaml"
    if not programme.exists():
        replace_file(programme, (source / "schedule.yaml").read_bytes())
        machine.own(programme, PANEL_USER, GROUP, 0o640)


def put_link(link: Path, target: str) -> None:
    """Make ``link`` lead to ``target``; there is no moment without it."""
    link.parent.mkdir(parents=True, exist_ok=True)
    fresh = link.with_name(f".{link.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    fresh.replace(link)
