"""``install``: the two services, their users and their folders, on this machine or in an image being built."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import tomllib
from pathlib import Path

from box.addresses import urls
from box.durable import replace_file
from box.folders import Folders, checkout
from box.sentences import Sentence
from cli import terminal
from cli.installation import (
    GROUP,
    PANEL_USER,
    SPEAKER_GROUPS,
    SPEAKER_USER,
    TARGET,
    UNITS,
    InstallFailed,
    Machine,
    Places,
    ThisMachine,
)
from cli.starter_settings import TEXT
from cli.wrong import InputWrong

SUMMARY = Sentence("装到这台机器上，开机自动运行（要 root）", "install the services on this machine (as root)")

_PIP = ("-I", "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--no-deps")
_HAVE_WHEELS = ("x86_64", "aarch64")
_NOT_CODE = shutil.ignore_patterns(
    ".*", "var", "build", "dist", "tests", "bench", "docs", "*.egg-info", "__pycache__", "node_modules"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take nothing."""


def run(arguments: argparse.Namespace, folders: Folders) -> int:
    """Install from this checkout; run again, it brings the installation up to date and keeps settings and data."""
    source = checkout()
    if source is None:
        raise InputWrong(
            "要在源码文件夹里运行：sudo ./xiaolaba install", "run it in a checkout: sudo ./xiaolaba install"
        )
    places, machine = Places(), ThisMachine()
    install(source, places, machine)
    _tell_what_next(places, machine)
    return 0


def install(source: Path, places: Places, machine: Machine) -> None:
    """Put everything in place, from the users up to the running services. Raises InstallFailed."""
    if not machine.is_root():
        raise InstallFailed("安装要管理员权限：sudo ./xiaolaba install", "this needs root: sudo ./xiaolaba install")
    terminal.tell("建立用户……", "making the users …")
    make_users(machine)
    terminal.tell(
        f"安装程序到 {places.venv}（要一两分钟）……", f"installing the code into {places.venv} (a minute or two) …"
    )
    install_code(source, places, machine)
    terminal.tell("放好设置、数据文件夹和服务……", "putting settings, data folders and services in place …")
    put_settings(places, machine)
    put_data(source, places, machine)
    put_units(source, places)
    if machine.systemd_runs():
        machine.run(("systemctl", "daemon-reload"))
        machine.run(("systemctl", "restart", TARGET))
    remove_old_code(places)


def make_users(machine: Machine) -> None:
    """Make the group that both share and the two users, where they are not there."""
    if not machine.has_group(GROUP):
        machine.run(("groupadd", "--system", GROUP))
    more = ",".join(group for group in SPEAKER_GROUPS if machine.has_group(group))
    for user, groups in ((SPEAKER_USER, more), (PANEL_USER, "")):
        if not machine.has_user(user):
            words = ("--system", "--gid", GROUP, "--no-create-home", "--home-dir", "/var/lib/xiaolaba")
            machine.run(("useradd", *words, "--shell", "/usr/sbin/nologin", user))
        if groups:
            machine.run(("usermod", "--append", "--groups", groups, user))


def install_code(source: Path, places: Places, machine: Machine) -> None:
    """Make the virtual environment, the locked packages in it, then the project, and the command on the path."""
    places.prefix.mkdir(mode=0o755, parents=True, exist_ok=True)
    # Beside the one that runs, which goes on if this one fails; a link says which of the two counts.
    now = places.venv.resolve().name
    fresh = places.prefix / ("venv-b" if now == "venv-a" else "venv-a")
    python = str(fresh / "bin/python")
    # lgpio, which moves the pins, has no wheel for Python 3.13: there it is Debian's.
    site = ("--system-site-packages",) if sys.version_info >= (3, 13) and _is_raspberry_pi() else ()
    machine.run((sys.executable, "-I", "-m", "venv", "--clear", *site, str(fresh)))
    binary = ("--only-binary", ":all:") if _has_wheels() else ()
    lock = source / "requirements" / ("neural.txt" if _has_neural_engine(places) else "run.txt")
    machine.run((python, *_PIP, "--require-hashes", *binary, "-r", str(lock)))
    with tempfile.TemporaryDirectory(prefix="xiaolaba-") as name:
        # A build leaves folders beside the code: it is done on a copy.
        copy = Path(name) / "xiaolaba"
        shutil.copytree(source, copy, ignore=_NOT_CODE)
        machine.run((python, *_PIP, "--no-build-isolation", "--no-index", str(copy)))
    _link(places.venv, fresh.name)
    _link(places.command, str(Path("/") / (places.venv / "bin/xiaolaba").relative_to(places.root)))


def remove_old_code(places: Places) -> None:
    """Take away the environment that the link no longer names."""
    for old in places.prefix.glob("venv-?"):
        if old.name != places.venv.resolve().name:
            shutil.rmtree(old)


def put_settings(places: Places, machine: Machine) -> None:
    """Put the commented starter in place, root's and for all to read; settings that are there stay."""
    places.settings.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    if not places.settings.exists():
        replace_file(places.settings, TEXT.encode(), mode=0o644)
    machine.own(places.settings, "root", "root", 0o644)


def put_data(source: Path, places: Places, machine: Machine) -> None:
    """Make the two rooms; each user writes its own and reads the other's. The starter programme is a draft.

    Nothing is published: the programme tells nobody anything until the secretary has heard it and put it on air.
    """
    places.data.mkdir(mode=0o755, parents=True, exist_ok=True)
    machine.own(places.data, "root", GROUP, 0o755)
    for name, user in (("speaker", SPEAKER_USER), ("panel", PANEL_USER)):
        room = places.data / name
        room.mkdir(exist_ok=True)
        machine.own(room, user, GROUP, 0o2750)
    programme = places.data / "panel/schedule.yaml"
    if not programme.exists():
        replace_file(programme, (source / "schedule.yaml").read_bytes())
        machine.own(programme, PANEL_USER, GROUP, 0o640)


def put_units(source: Path, places: Places) -> None:
    """Copy the units and enable them by the links that systemctl would make: also where no systemd is running."""
    places.units.mkdir(parents=True, exist_ok=True)
    for unit in UNITS:
        replace_file(places.units / unit, (source / "systemd" / unit).read_bytes(), mode=0o644)
    for link, target in places.enabling_links().items():
        _link(link, target)


def _link(link: Path, target: str) -> None:
    link.parent.mkdir(parents=True, exist_ok=True)
    fresh = link.with_name(f".{link.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    fresh.replace(link)  # there is no moment without it


def _has_neural_engine(places: Places) -> bool:
    """Tell whether the installation that is there has the optional engine: the fresh one gets it too."""
    return any(places.venv.glob("lib/python3*/site-packages/sherpa_onnx"))


def _is_raspberry_pi() -> bool:
    try:
        return b"Raspberry Pi" in Path("/proc/device-tree/model").read_bytes()
    except OSError:
        return False


def _has_wheels() -> bool:
    from platform import machine  # noqa: PLC0415 - the name is taken by ours

    return machine() in _HAVE_WHEELS


def _tell_what_next(places: Places, machine: Machine) -> None:
    if not machine.systemd_runs():
        terminal.tell("装好了；下次开机自动运行", "installed; it starts at the next boot")
        return
    panel = tomllib.loads(places.settings.read_text(encoding="utf-8")).get("panel", {})
    for url in urls(panel.get("host", "0.0.0.0"), panel.get("port", 8080)):  # noqa: S104 - the default
        print(url)
    terminal.tell(
        "装好了，正在运行。取开通码：sudo xiaolaba setup-code；检查：xiaolaba doctor",
        "installed and running. A set-up code: sudo xiaolaba setup-code; a check: xiaolaba doctor",
    )
