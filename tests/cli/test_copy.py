"""The nightly copy on a stick."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cli.backup import NoRoomThere
from cli.copy import forget_the_oldest, put_copy
from cli.installation import InstallFailed, ThisMachine
from cli.mounting import mounted
from cli.places import child_environment


def names(folder: Path) -> list[str]:
    """Return what is in a folder."""
    return sorted(path.name for path in folder.iterdir())


def test_the_last_seven_are_kept_and_nothing_else_is_touched(tmp_path: Path) -> None:
    """What else is on the stick, also of a like name, is somebody's."""
    for day in range(1, 10):
        (tmp_path / f"xiaolaba-2026010{day}-032000.tar").touch()
    for name in ("photos.tar", "xiaolaba-old.tar", "xiaolaba-20260101-032000.tar.txt"):
        (tmp_path / name).touch()
    newest = tmp_path / "xiaolaba-20260109-032000.tar"
    forget_the_oldest(tmp_path, but=newest)
    assert names(tmp_path) == [
        "photos.tar",
        "xiaolaba-20260101-032000.tar.txt",
        *(f"xiaolaba-2026010{day}-032000.tar" for day in range(3, 10)),
        "xiaolaba-old.tar",
    ]


def test_what_was_just_written_stays_though_the_clock_was_wrong(tmp_path: Path) -> None:
    """A box that believes it is 1970 names its backup so; it is still the newest."""
    for day in range(1, 9):
        (tmp_path / f"xiaolaba-2026010{day}-032000.tar").touch()
    now = tmp_path / "xiaolaba-19700101-000100.tar"
    now.touch()
    forget_the_oldest(tmp_path, but=now)
    assert len(names(tmp_path)) == 7
    assert now.exists()


@pytest.mark.parametrize(("holds", "left"), [(8, 7), (7, 7), (3, 3), (2, 2)])
def test_on_a_stick_that_is_full_the_oldest_make_room(tmp_path: Path, holds: int, left: int) -> None:
    """Night after night, and not only until it is full for the first time; one old backup at least stays."""
    for day in range(1, holds + 1):
        (tmp_path / f"xiaolaba-2026010{day}-032000.tar").touch()
    (tmp_path / "photos.tar").touch()

    def back_up(target: Path) -> int:
        """Find no room as long as there are so many others."""
        if sum(path.name.startswith("xiaolaba-") for path in tmp_path.iterdir()) >= min(holds, 7):
            raise NoRoomThere("满了", "full")
        target.touch()
        return 0

    assert put_copy(tmp_path, back_up) == 0
    there = names(tmp_path)
    assert there[0] == "photos.tar"
    assert len(there) == 1 + left
    assert f"xiaolaba-2026010{holds}-032000.tar" in there


def test_the_last_backup_stays_where_a_new_one_finds_no_room(tmp_path: Path) -> None:
    """One that is old is more than none."""
    (tmp_path / "xiaolaba-20260101-032000.tar").touch()

    def back_up(_target: Path) -> int:
        """Find no room."""
        raise NoRoomThere("满了", "full")

    with pytest.raises(NoRoomThere):
        put_copy(tmp_path, back_up)
    assert names(tmp_path) == ["xiaolaba-20260101-032000.tar"]


def test_what_was_left_when_the_stick_was_pulled_out_goes(tmp_path: Path) -> None:
    """Each night's half would fill it; what is not ours stays."""
    (tmp_path / ".xiaolaba-20260101-032000.tar.x7_ab2").write_bytes(b"half")
    (tmp_path / ".xiaolaba-notes.tar.x").touch()
    assert put_copy(tmp_path, lambda _target: 1) == 1
    assert names(tmp_path) == [".xiaolaba-notes.tar.x"]


# A file system in a file, mounted for real, in a mount namespace that ends with the test.
STICK = """
set -eu
mount --make-rprivate /
"$1" -P -c "$2" "$3" "$4"
"""
FULL = """
import sys
from pathlib import Path
from box.folders import Folders
from cli.backup import make_backup
from cli.copy import put_copy
from cli.installation import ThisMachine
from cli.mounting import mounted
data, device = map(Path, sys.argv[1:])
with mounted(device, ThisMachine()) as stick:
    for month in (1, 2, 3):
        (stick / f"xiaolaba-2025{month:02}01-032000.tar").write_bytes(bytes(2 << 20))
    code = put_copy(stick, lambda target: make_backup(Folders(data, data), target))
    there = sorted(path.name for path in stick.iterdir() if path.name != "lost+found")
    assert len(there) == 2, there
    assert there[0] == "xiaolaba-20250301-032000.tar", there
sys.exit(code)
"""
COPY = """
import sys
from pathlib import Path
from box.folders import Folders
from cli.backup import make_backup
from cli.installation import ThisMachine
from cli.mounting import mounted
data, device = map(Path, sys.argv[1:])
with mounted(device, ThisMachine()) as stick:
    options = next(line.split()[3] for line in Path("/proc/mounts").read_text().splitlines() if str(stick) in line)
    assert {"nosuid", "nodev", "noexec"} <= set(options.split(",")), options
    code = make_backup(Folders(data, data), stick / "xiaolaba-20260101-032000.tar")
assert not stick.exists()
sys.exit(code)
"""


def can_mount(folder: Path) -> bool:
    """Tell whether this machine lets us mount a file."""
    if os.geteuid() != 0 or not all(map(shutil.which, ("mke2fs", "unshare", "losetup"))):
        return False
    image = folder / "try"
    subprocess.run(["mke2fs", "-q", "-t", "ext2", str(image), "1M"], check=False)
    words = ["unshare", "-m", "sh", "-c", f"mount -o loop {image} /mnt && umount /mnt"]
    return subprocess.run(words, check=False, capture_output=True).returncode == 0


def test_a_real_stick_has_the_backup_when_it_is_taken_out(tmp_path: Path) -> None:
    """Mounted, written, unmounted; what is on the device afterwards is a whole backup."""
    if not can_mount(tmp_path):
        pytest.skip("nothing can be mounted here")

    (tmp_path / "data/panel").mkdir(parents=True)
    (tmp_path / "data/panel/schedule.yaml").write_text("version: 1\n", encoding="utf-8")
    image = tmp_path / "stick.img"
    subprocess.run(["mke2fs", "-q", "-t", "ext2", str(image), "8M"], check=True)
    loop = subprocess.run(["losetup", "-f", "--show", str(image)], check=True, capture_output=True, text=True)
    device = loop.stdout.strip()
    try:
        done = subprocess.run(
            ["unshare", "-m", "sh", "-c", STICK, "sh", sys.executable, COPY, str(tmp_path / "data"), device],
            env=child_environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        told = subprocess.run(["debugfs", "-R", "ls -p", device], check=True, capture_output=True, text=True).stdout
        assert "xiaolaba-20260101-032000.tar" in told
    finally:
        subprocess.run(["losetup", "-d", device], check=True)


def test_a_real_stick_that_is_full_gets_the_new_backup(tmp_path: Path) -> None:
    """Three old ones of 2 MB are on 8 MB, and the new one has 4: two of them go."""
    if not can_mount(tmp_path):
        pytest.skip("nothing can be mounted here")
    (tmp_path / "data/panel/recordings").mkdir(parents=True)
    (tmp_path / f"data/panel/recordings/{'a' * 64}.wav").write_bytes(bytes(4 << 20))
    image = tmp_path / "stick.img"
    subprocess.run(["mke2fs", "-q", "-t", "ext2", "-m", "0", str(image), "8M"], check=True)
    loop = subprocess.run(["losetup", "-f", "--show", str(image)], check=True, capture_output=True, text=True)
    device = loop.stdout.strip()
    try:
        done = subprocess.run(
            ["unshare", "-m", "sh", "-c", STICK, "sh", sys.executable, FULL, str(tmp_path / "data"), device],
            env=child_environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
    finally:
        subprocess.run(["losetup", "-d", device], check=True)


def test_a_stick_that_can_not_be_mounted_is_told(tmp_path: Path) -> None:
    """Damaged, or of a file system that this box does not know."""

    class Refuses(ThisMachine):
        """A machine whose mount fails."""

        def run(self, words: object) -> None:
            """Fail."""
            raise InstallFailed("挂不上", "it can't be mounted")

    with pytest.raises(InstallFailed), mounted(tmp_path / "device", Refuses()):
        pass
