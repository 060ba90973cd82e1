"""The Debian package: what it holds, and what its scripts promise."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from box.folders import share
from cli.installation import UNITS, InstallFailed
from cli.package import Target, architecture_of, build, put_control, put_files
from cli.rollback import saved_version
from cli.wrong import InputWrong
from tests.cli.a_machine import FakeMachine

BOOKWORM = Target("0.1.0", "12", "amd64", (3, 11))
TRIXIE_ON_A_PI = Target("0.1.0", "13", "arm64", (3, 13))
SCRIPTS = ("preinst", "postinst", "prerm", "postrm", "rollback")


@pytest.mark.parametrize(
    ("target", "name", "there", "not_there"),
    [
        (BOOKWORM, "xiaolaba_0.1.0-1~deb12_amd64.deb", "python3 (<< 3.12)", "python3-lgpio"),
        (TRIXIE_ON_A_PI, "xiaolaba_0.1.0-1~deb13_arm64.deb", "python3-lgpio", "3.11"),
    ],
)
def test_a_package_is_for_one_debian(target: Target, name: str, there: str, not_there: str) -> None:
    """Its name says for which, and it needs exactly the Python that its environment was made with."""
    assert target.file_name == name
    assert there in target.control(1)
    assert not_there not in target.control(1)


def test_what_only_raspberry_pi_os_has_is_no_condition() -> None:
    """Debian 13 has no python3-lgpio: the package can be installed there, and moves pins where the system has it."""
    lines = TRIXIE_ON_A_PI.control(1).splitlines()
    assert [line.partition(":")[0] for line in lines if "python3-lgpio" in line] == ["Recommends"]


@pytest.mark.parametrize(
    ("multiarch", "architecture"),
    [("x86_64-linux-gnu", "amd64"), ("aarch64-linux-gnu", "arm64"), ("arm-linux-gnueabihf", "armhf")],
)
def test_a_package_is_for_the_processor_that_its_python_was_built_for(multiarch: str, architecture: str) -> None:
    """Whatever the kernel is: a system of 32 bits may run on one of 64."""
    assert architecture_of(multiarch) == architecture


def test_no_package_is_made_for_a_processor_that_nobody_tried() -> None:
    """Rather than one that says that it fits all."""
    with pytest.raises(InputWrong, match="mips"):
        architecture_of("mips64el-linux-gnuabi64")


@pytest.mark.skipif(shutil.which("dpkg") is None, reason="dpkg is not installed here")
@pytest.mark.parametrize(("older", "newer"), [("0.1.0-1~deb12", "0.1.0-1~deb13"), ("0.9.0-1~deb13", "0.10.0-1~deb12")])
def test_a_later_one_is_an_upgrade(older: str, newer: str) -> None:
    """As dpkg compares versions."""
    assert subprocess.run(["dpkg", "--compare-versions", older, "lt", newer], check=False).returncode == 0


def test_the_units_the_command_and_the_caps_are_in_it(tmp_path: Path) -> None:
    """Every unit of the table is in the package, the journal is capped, and the board's watchdog is on at 14 s."""
    put_files(share(), tmp_path, TRIXIE_ON_A_PI)
    for unit in UNITS:
        assert (tmp_path / "usr/lib/systemd/system" / unit).is_file()
    assert sorted(unit.name for unit in (share() / "systemd").iterdir()) == sorted(UNITS)
    assert str((tmp_path / "usr/bin/xiaolaba").readlink()) == "/opt/xiaolaba/venv/bin/xiaolaba"
    relay_off = (tmp_path / "usr/lib/xiaolaba/relay-off").read_bytes()
    assert relay_off == (share() / "speaker/pins/relay_off.py").read_bytes()
    rules = (tmp_path / "usr/lib/udev/rules.d/90-xiaolaba-stick.rules").read_text(encoding="utf-8")
    assert 'ENV{SYSTEMD_WANTS}+="xiaolaba-stick@%k.service"' in rules
    conf = tmp_path / "usr/lib/systemd"
    assert "SystemMaxUse=64M" in (conf / "journald.conf.d/60-xiaolaba.conf").read_text(encoding="utf-8")
    assert "RuntimeWatchdogSec=14\n" in (conf / "system.conf.d/60-xiaolaba.conf").read_text(encoding="utf-8")


def test_where_no_pi_can_be_the_watchdog_waits_longer(tmp_path: Path) -> None:
    """An emulated machine that had much to do was reset at 14 s while it only stood still."""
    put_files(share(), tmp_path, BOOKWORM)
    conf = tmp_path / "usr/lib/systemd/system.conf.d/60-xiaolaba.conf"
    assert "RuntimeWatchdogSec=60\n" in conf.read_text(encoding="utf-8")


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="dpkg is not installed here")
def test_dpkg_takes_it(tmp_path: Path) -> None:
    """The control file and the scripts are what dpkg-deb wants."""
    root = tmp_path / "root"
    put_files(share(), root, BOOKWORM)
    put_control(share(), root, BOOKWORM)
    package = tmp_path / "x.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "--build", str(root), str(package)], check=True)
    told = subprocess.run(["dpkg-deb", "-f", str(package)], check=True, capture_output=True, text=True).stdout
    assert "Version: 0.1.0-1~deb12\n" in told


def test_the_locked_packages_come_with_hashes_and_the_project_with_nothing(tmp_path: Path) -> None:
    """The project itself is built from the checkout, with no index and no package beside the lock's."""
    machine = FakeMachine()
    build(share(), tmp_path, BOOKWORM, machine)
    locked, project = [words for words in machine.ran if "pip" in words]
    assert {"--require-hashes", "--no-deps", "--only-binary", "-r"} <= set(locked)
    assert {"--no-index", "--no-build-isolation", "--no-deps"} <= set(project)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(BOOKWORM.file_name, "a package")]


def test_a_step_that_fails_makes_no_package(tmp_path: Path) -> None:
    """No network in the middle of it."""
    machine = FakeMachine()
    machine.fails_at = "--require-hashes"
    with pytest.raises(InstallFailed):
        build(share(), tmp_path, BOOKWORM, machine)
    assert list(tmp_path.iterdir()) == []
    assert machine.words("dpkg-deb") == []


def test_an_interrupted_build_leaves_no_half_package(tmp_path: Path) -> None:
    """And one that was made before stays as it was."""
    build(share(), tmp_path, BOOKWORM, FakeMachine())
    machine = FakeMachine()
    machine.is_interrupted = True
    with pytest.raises(KeyboardInterrupt):
        build(share(), tmp_path, BOOKWORM, machine)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(BOOKWORM.file_name, "a package")]


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_is_one_that_a_shell_reads(name: str) -> None:
    """By dash, which is what Debian runs them with, and ended by the first step that fails."""
    script = share() / "packaging" / name
    subprocess.run(["sh", "-n", str(script)], check=True)
    assert "set -eu" in script.read_text(encoding="utf-8")


def test_an_upgrade_never_stops_the_speaker() -> None:
    """Only removing does; after an upgrade it is ``restart-speaker`` that decides when."""
    prerm = (share() / "packaging/prerm").read_text(encoding="utf-8")
    assert prerm.count("systemctl stop") == 1
    assert 'if [ "$1" = remove ]' in prerm
    postinst = (share() / "packaging/postinst").read_text(encoding="utf-8")
    assert "restart xiaolaba-speaker" not in postinst
    assert "xiaolaba restart-speaker" in postinst


def test_going_back_restarts_the_speaker_when_its_data_is_back() -> None:
    """Not from the package's own script, which comes before: the panel's room would still be the later version's."""
    postinst = (share() / "packaging/postinst").read_text(encoding="utf-8")
    unless_back = postinst[postinst.index('if [ -z "${XIAOLABA_ROLLBACK:-}" ]') :]
    assert "restart-speaker" in unless_back
    rollback = (share() / "packaging/rollback").read_text(encoding="utf-8")
    main = rollback[rollback.index("main()") :]
    assert main.index("trap") < main.index("dpkg --force-downgrade") < main.index("xiaolaba restore")
    assert "xiaolaba restart-speaker" not in main
    assert "xiaolaba restart-speaker" in rollback  # in the trap: whatever became of the rest


def go_back(box: Path, what: str) -> subprocess.CompletedProcess[str]:
    """Run what ``xiaolaba rollback`` becomes."""
    return subprocess.run(
        ["sh", str(share() / "packaging/rollback"), what],
        env={"PATH": f"{box}/usr/bin:/usr/bin:/bin", "DPKG_ROOT": str(box)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_upgrade_is_taken_back_once(old_box: Path) -> None:
    """A second time would take away what people have written since; what failed may be tried again."""
    for name in ("dpkg", "systemctl"):
        fake(old_box, name, "exit 0")
    saved = old_box / "var/lib/xiaolaba/rollback"
    with pytest.raises(InputWrong, match="no upgrade was made"):
        saved_version(saved)
    assert upgrade(old_box).returncode == 0
    assert saved_version(saved) == "0.1.0-1~deb12"
    fake(old_box, "xiaolaba", '[ "$1" != restore ]')
    assert go_back(old_box, "data").returncode == 1
    fake(old_box, "xiaolaba", "exit 0")
    assert go_back(old_box, "code").returncode == 0
    assert saved_version(saved) == "0.1.0-1~deb12"
    assert go_back(old_box, "data").returncode == 0
    with pytest.raises(InputWrong, match="restore --undo"):
        saved_version(saved)
    fake(old_box, "xiaolaba", FAKES["xiaolaba"])
    assert upgrade(old_box).returncode == 0
    assert saved_version(saved) == "0.1.0-1~deb12"


FAKES = {
    "xiaolaba": '[ "$1" = backup ] && echo data >"$2"',
    "dpkg-query": (
        'case "$1" in -L) echo /opt; echo /opt/xiaolaba/code;; --control-path) echo "$RECORD/$3";;'
        ' -s) printf "Package: xiaolaba\\nStatus: half\\nVersion: 1\\nConfig-Version: 1\\n";; esac'
    ),
    "dpkg-deb": 'cat "$5/DEBIAN/control" "$5/opt/xiaolaba/code" >"$6"; ls "$5/DEBIAN" >>"$6"',
}


@pytest.fixture
def old_box(tmp_path: Path) -> Path:
    """Give a machine on which an earlier version is installed, with package tools that write down what they pack."""
    for folder in ("usr/bin", "opt/xiaolaba", "var/lib/xiaolaba", "record"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "opt/xiaolaba/code").write_text("old code\n")
    for script in SCRIPTS[:4]:
        (tmp_path / "record" / script).write_text("")
    for name, text in FAKES.items():
        fake(tmp_path, name, text)
    return tmp_path


def fake(box: Path, name: str, text: str) -> None:
    """Put a program on the machine's path."""
    path = box / "usr/bin" / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def upgrade(box: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run what dpkg runs before it unpacks a later version."""
    return subprocess.run(
        ["sh", str(share() / "packaging/preinst"), "upgrade", "0.1.0-1~deb12", "0.1.1-1~deb12"],
        env={"PATH": f"{box}/usr/bin:/usr/bin:/bin", "DPKG_ROOT": str(box), "RECORD": f"{box}/record", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_upgrade_first_saves_the_version_and_the_data(old_box: Path) -> None:
    """Its files, its scripts, what it says of itself without how far it is installed, and a backup by its own code."""
    for _ in range(2):
        assert upgrade(old_box).returncode == 0
    data = old_box / "var/lib/xiaolaba"
    assert sorted(path.name for path in data.iterdir()) == ["rollback"]
    assert (data / "rollback/data.tar").read_text() == "data\n"
    assert (data / "rollback/version").read_text() == "0.1.0-1~deb12\n"
    assert (data / "rollback/xiaolaba.deb").read_text().splitlines() == [
        "Package: xiaolaba", "Version: 1", "old code", "control", "postinst", "postrm", "preinst", "prerm",
    ]  # fmt: skip


@pytest.mark.parametrize("name", FAKES)
def test_what_can_not_be_saved_is_not_upgraded(name: str, old_box: Path) -> None:
    """Whichever step fails, dpkg is told so; what was saved before stays, and nothing half is left."""
    assert upgrade(old_box).returncode == 0
    fake(old_box, name, "exit 1")
    done = upgrade(old_box)
    assert done.returncode == 1
    assert "nothing was upgraded" in done.stderr
    assert [path.name for path in (old_box / "var/lib/xiaolaba").iterdir()] == ["rollback"]
    assert (old_box / "var/lib/xiaolaba/rollback/xiaolaba.deb").exists()


def test_going_back_saves_nothing(old_box: Path) -> None:
    """What is there may be what does not work."""
    fake(old_box, "xiaolaba", "exit 1")
    assert upgrade(old_box, XIAOLABA_ROLLBACK="yes").returncode == 0
