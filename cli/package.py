"""``package``: a Debian package of this checkout, for the Debian and the processor that it is made on."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import sysconfig
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from box.folders import Folders, checkout
from box.sentences import Sentence
from cli import terminal
from cli.installation import UNITS, Machine, ThisMachine
from cli.wrong import InputWrong

SUMMARY = Sentence("做成一个 Debian 安装包", "make a Debian package of this checkout")

_PYTHON = "/usr/bin/python3"  # the one that the package will find where it is installed
_PIP = ("-I", "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--no-deps")
_NOT_CODE = shutil.ignore_patterns(
    ".*", "var", "build", "dist", "tests", "bench", "docs", "*.egg-info", "__pycache__", "node_modules"
)
_VENV = "opt/xiaolaba/venv"
_SCRIPTS = ("preinst", "postinst", "prerm", "postrm")


@dataclass(frozen=True, slots=True)
class Target:
    """What a package is made for. ``python`` is the version of Debian's Python, such as (3, 11)."""

    version: str
    debian: str
    architecture: str
    python: tuple[int, int]

    @property
    def file_name(self) -> str:
        """What the package's file is called."""
        return f"xiaolaba_{self.package_version}_{self.architecture}.deb"

    @property
    def package_version(self) -> str:
        """The version, and after it for which Debian: 13's is the later one, so that a Debian upgrade brings it."""
        return f"{self.version}-1~deb{self.debian}"

    @property
    def lgpio_is_the_systems(self) -> bool:
        """Whether the library that moves the pins is not in the package: it has wheels for arm64 up to 3.12 only."""
        return self.architecture == "armhf" or (self.architecture == "arm64" and self.python >= (3, 13))

    def control(self, installed_kib: int) -> str:
        """Return the package's control file."""
        major, minor = self.python
        depends = [
            f"python3 (>= {major}.{minor})",
            f"python3 (<< {major}.{minor + 1})",
            "libasound2t64 | libasound2",
            "libasound2-data",
            "espeak-ng",
            "ffmpeg",
            "openssl",
            "passwd",
        ]
        # Raspberry Pi OS has python3-lgpio, Debian 13 not. Without it all sounds, and a pin that is named is an alarm.
        recommends = [*(["python3-lgpio"] if self.lgpio_is_the_systems else []), "alsa-utils", "systemd-timesyncd"]
        return (
            "Package: xiaolaba\n"
            f"Version: {self.package_version}\n"
            f"Architecture: {self.architecture}\n"
            "Maintainer: the xiaolaba maintainers <maintainers@xiaolaba.invalid>\n"
            f"Installed-Size: {installed_kib}\n"
            f"Depends: {', '.join(depends)}\n"
            f"Recommends: {', '.join(recommends)}\n"
            "Suggests: mosquitto\n"
            "Section: sound\n"
            "Priority: optional\n"
            "Description: 小喇叭, announcements for a courtyard\n"
            " A courtyard loudspeaker that says what the community's secretary has written,\n"
            " four times a day, and a panel on the LAN to change the words from a phone.\n"
        )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take where the package goes."""
    parser.add_argument(
        "folder", type=Path, nargs="?", metavar="DIR", help=terminal.text("放到哪里（默认 dist）", "default: dist")
    )


def run(arguments: argparse.Namespace, folders: Folders) -> int:
    """Build it and print its path. It runs on a bare Python, and installs nothing here."""
    source = checkout()
    if source is None:
        raise InputWrong("要在源码文件夹里运行：./xiaolaba package", "run it in a checkout: ./xiaolaba package")
    folder: Path = (arguments.folder or source / "dist").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    os.umask(0o022)
    print(build(source, folder, target_here(source), ThisMachine()))
    return 0


def target_here(source: Path) -> Target:
    """Return what a package made on this machine is for. Raises InputWrong where it is no Debian."""
    release = platform.freedesktop_os_release()
    python = sys.version_info[:2]
    if not {"debian", "raspbian"} & {release.get("ID", ""), *release.get("ID_LIKE", "").split()} or (
        Path(sys.executable).resolve() != Path(_PYTHON).resolve()
    ):
        raise InputWrong(
            "安装包要在 Debian 或 Raspberry Pi OS 上，用它自带的 Python 来做",
            "a package is made on Debian or Raspberry Pi OS, by the Python that comes with it",
        )
    version = tomllib.loads((source / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    architecture = architecture_of(str(sysconfig.get_config_var("MULTIARCH")))
    return Target(version, release.get("VERSION_ID", "0"), architecture, python)


def architecture_of(multiarch: str) -> str:
    """Return Debian's name for what a Python of that triplet runs on. Raises InputWrong for one that nobody tried.

    The kernel's word for it will not do: Raspberry Pi OS of 32 bits has a kernel of 64.
    """
    if multiarch not in _ARCHITECTURES:
        raise InputWrong(
            f"还不能为这种处理器做安装包：{multiarch}", f"no package is made for this processor: {multiarch}"
        )
    return _ARCHITECTURES[multiarch]


_ARCHITECTURES: Mapping[str, str] = {
    "x86_64-linux-gnu": "amd64",
    "aarch64-linux-gnu": "arm64",
    "arm-linux-gnueabihf": "armhf",
}


def build(source: Path, folder: Path, target: Target, machine: Machine) -> Path:
    """Lay the package out in a folder of its own, and make it. Raises InstallFailed where a step fails.

    It has its name when it is whole: an interrupted build leaves nothing that could be taken for a package.
    """
    with tempfile.TemporaryDirectory(prefix="xiaolaba-package-") as name:
        root = Path(name) / "root"
        root.mkdir(mode=0o755)
        terminal.tell("准备 Python 环境（要一两分钟）……", "making the Python environment (a minute or two) …")
        put_environment(source, root, target, machine)
        put_files(source, root, target)
        put_control(source, root, target)
        package = folder / target.file_name
        unfinished = folder / f".{target.file_name}.part"
        terminal.tell("打包……", "packing …")
        try:
            machine.run(("dpkg-deb", "--root-owner-group", "-Zzstd", "-z9", "--build", str(root), str(unfinished)))
            with unfinished.open("rb") as file:
                os.fsync(file.fileno())
            unfinished.replace(package)
        finally:
            unfinished.unlink(missing_ok=True)
    return package


def put_environment(source: Path, root: Path, target: Target, machine: Machine) -> None:
    """Make the virtual environment with the locked packages and the project, and tell it where it will be."""
    venv = root / _VENV
    python = str(venv / "bin/python")
    site = ("--system-site-packages",) if target.lgpio_is_the_systems else ()
    machine.run((_PYTHON, "-I", "-m", "venv", *site, str(venv)))
    binary = ("--only-binary", ":all:") if target.architecture in {"amd64", "arm64"} else ()
    lock = str(source / "requirements/run.txt")
    machine.run((python, *_PIP, "--no-compile", "--require-hashes", *binary, "-r", lock))
    with tempfile.TemporaryDirectory(prefix="xiaolaba-") as name:
        # A build leaves folders beside the code: it is done on a copy.
        copy = Path(name) / "xiaolaba"
        shutil.copytree(source, copy, ignore=_NOT_CODE)
        machine.run((python, *_PIP, "--no-compile", "--no-build-isolation", "--no-index", str(copy)))
    for file in [venv / "pyvenv.cfg", *(venv / "bin").iterdir()]:
        if file.is_file() and not file.is_symlink():
            file.write_bytes(file.read_bytes().replace(str(root).encode() + b"/", b"/"))
    # With the paths that they will have, and never looked at again: nobody changes them there.
    where = ("-s", str(root), "-p", "/", str(venv / "lib"))
    machine.run(
        (python, "-I", "-W", "ignore", "-m", "compileall", "-q", "-f", "--invalidation-mode", "unchecked-hash", *where)
    )


def put_files(source: Path, root: Path, target: Target) -> None:
    """Put the units, what they need of the system, the command and the licence in place."""
    library = root / "usr/lib"
    for unit in UNITS:
        _put(source / "systemd" / unit, library / "systemd/system" / unit, 0o644)
    watchdog = "watchdog-amd64.conf" if target.architecture == "amd64" else "watchdog.conf"
    for name, folder in (("journald.conf", "journald.conf.d"), (watchdog, "system.conf.d")):
        _put(source / "packaging" / name, library / "systemd" / folder / "60-xiaolaba.conf", 0o644)
    _put(source / "packaging/stick.rules", library / "udev/rules.d/90-xiaolaba-stick.rules", 0o644)
    _put(source / "packaging/rollback", library / "xiaolaba/rollback", 0o755)
    _put(source / "speaker/pins/relay_off.py", library / "xiaolaba/relay-off", 0o644)
    _put(source / "LICENSE", root / "usr/share/doc/xiaolaba/copyright", 0o644)
    command = root / "usr/bin/xiaolaba"
    command.parent.mkdir(parents=True)
    command.symlink_to(f"/{_VENV}/bin/xiaolaba")


def put_control(source: Path, root: Path, target: Target) -> None:
    """Write what the package says of itself, and its scripts."""
    size = sum(path.lstat().st_size for path in root.rglob("*") if path.is_file() or path.is_symlink())
    control = root / "DEBIAN"
    control.mkdir(mode=0o755)
    (control / "control").write_text(target.control(size // 1024), encoding="utf-8")
    for script in _SCRIPTS:
        _put(source / "packaging" / script, control / script, 0o755)


def _put(source: Path, target: Path, mode: int) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    target.chmod(mode)
