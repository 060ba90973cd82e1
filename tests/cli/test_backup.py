"""Backup and restore at the terminal."""

from __future__ import annotations

import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from box.folders import Folders
from cli.first_run import sole_user
from cli.places import child_environment
from tests.another_user import needs_another_user
from tests.cli.test_main import xiaolaba

# A test's Python may be where only root can read: what the library imports late is imported before.
COMMAND = "import encodings.utf_8_sig, sys; from cli.__main__ import main; sys.exit(main())"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Give a data folder in which somebody wrote something."""
    panel = tmp_path / "data/panel"
    panel.mkdir(parents=True)
    (panel / "schedule.yaml").write_text("version: 1\nzone: 警苑小区\n", encoding="utf-8")
    (panel / "words.tsv").write_text("hers", encoding="utf-8")
    return tmp_path / "data"


def test_it_goes_into_one_file_that_only_its_owner_reads(data: Path, tmp_path: Path) -> None:
    """Its name is the result; a speaker that is away and a programme with faults hinder nothing."""
    done = xiaolaba("--data", str(data), "backup", str(tmp_path / "kept.tar"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(tmp_path / "kept.tar")
    assert stat.S_IMODE((tmp_path / "kept.tar").stat().st_mode) == 0o600
    assert not list(tmp_path.glob(".kept*"))


def test_it_comes_back_elsewhere_and_can_be_undone(data: Path, tmp_path: Path) -> None:
    """Restored into an empty folder, undone, and a folder to write to gets a name with the time."""
    (tmp_path / "stick").mkdir()
    kept = xiaolaba("--data", str(data), "backup", str(tmp_path / "stick")).stdout.strip()
    other = tmp_path / "other"
    done = xiaolaba("--data", str(other), "restore", kept)
    assert done.returncode == 0, done.stderr
    assert "--undo" in done.stderr
    assert (other / "panel/words.tsv").read_text(encoding="utf-8") == "hers"
    assert xiaolaba("--data", str(other), "restore", "--undo").returncode == 0
    assert not (other / "panel/words.tsv").exists()
    acts = "".join(path.read_text(encoding="utf-8") for path in (other / "panel/audit").iterdir())
    assert "backup.restore" in acts
    assert "backup.undo" in acts


def test_a_running_xiaolaba_is_ended_first(data: Path, tmp_path: Path) -> None:
    """Where no systemd can stop the panel, a person does."""
    kept = xiaolaba("--data", str(data), "backup", str(tmp_path / "kept.tar")).stdout.strip()
    with sole_user(Folders(data, tmp_path)):
        done = xiaolaba("--data", str(data), "restore", kept)
    assert done.returncode == 1
    assert "already runs" in done.stderr


@pytest.mark.parametrize("words", [("restore",), ("restore", "x", "--undo"), ("backup", "/nowhere/at/all/x.tar")])
def test_what_can_not_be_meant_is_wrong_input(words: tuple[str, ...], data: Path) -> None:
    """Exit code 2, and a sentence."""
    assert xiaolaba("--data", str(data), *words).returncode == 2


def test_another_file_changes_nothing(data: Path) -> None:
    """Exit code 1, and a sentence."""
    done = xiaolaba("--data", str(data), "restore", "/bin/true")
    assert done.returncode == 1
    assert "no backup of xiaolaba" in done.stderr
    assert (data / "panel/words.tsv").read_text(encoding="utf-8") == "hers"


@pytest.fixture
def anybodys() -> Iterator[Path]:
    """Give a folder that other users may look into: pytest's own are closed to them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@needs_another_user
def test_root_writes_and_reads_as_the_panels_user(anybodys: Path) -> None:
    """What root restores is the panel user's; the backup is root's, though the panel's user can't write there."""
    nobody = pwd.getpwnam("nobody")
    for name in ("old", "new"):
        room = anybodys / name / "panel"
        room.mkdir(parents=True)
        (room / "schedule.yaml").write_text(name, encoding="utf-8")
        for path in (room, room / "schedule.yaml"):
            shutil.chown(path, nobody.pw_uid, nobody.pw_gid)
    closed = anybodys / "root"
    closed.mkdir(mode=0o700)
    for words in (("old", "backup"), ("new", "restore")):
        done = subprocess.run(
            [
                sys.executable,
                "-P",
                "-c",
                COMMAND,
                "--data",
                str(anybodys / words[0]),
                words[1],
                str(closed / "kept.tar"),
            ],
            env=child_environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
    assert (closed / "kept.tar").stat().st_uid == 0
    room = anybodys / "new/panel"
    assert (room / "schedule.yaml").read_text(encoding="utf-8") == "old"
    assert {path.stat().st_uid for path in room.rglob("*")} == {nobody.pw_uid}
