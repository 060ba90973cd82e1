"""A forgotten password: a stick, the button, and a fresh code on the stick."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from box.clock import SystemClock
from box.folders import Folders
from cli import stick as verb
from cli.held import Hold
from cli.installation import InstallFailed, ThisMachine
from cli.places import child_environment
from cli.stick import ANSWER, REQUESTS, Box, answer, request_on
from cli.stick_words import invitation, refusal
from speaker.protocol import Status
from tests.another_user import needs_another_user
from tests.cli.a_machine import FakeMachine
from tests.cli.test_held import telling
from tests.fakes import SetClock
from web.audit.log import Act, Audit
from web.people.setup_code import SetupCode

NOW = datetime(2026, 1, 17, 4, 0, tzinfo=UTC)
CODE = re.compile(r"\b[0-9]{4}-[0-9]{4}\b(?!-)")


class MountsFolders(FakeMachine):
    """A machine on which a folder is the device: mounting leads to it."""

    def run(self, words: Sequence[str]) -> None:
        """Record it, and lead the mount point to the folder or back to nothing."""
        super().run(words)
        point = Path(words[-1])
        if words[0] == "mount":
            point.rmdir()
            point.symlink_to(words[-2])
        else:
            point.unlink()
            point.mkdir()


@pytest.fixture
def machine() -> MountsFolders:
    """Give a machine that mounts folders."""
    return MountsFolders()


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """Give a data folder with a panel's room."""
    (tmp_path / "data/panel").mkdir(parents=True)
    return Folders(tmp_path / "data", tmp_path / "run")


@pytest.fixture
def device(tmp_path: Path) -> Path:
    """Give an empty stick."""
    (tmp_path / "sda1").mkdir()
    return tmp_path / "sda1"


Make = Callable[..., Box]


@pytest.fixture
def box(tmp_path: Path, folders: Folders, machine: MountsFolders) -> Make:
    """Return how to make a box whose button does what is listed."""

    def make(*buttons: str, ask: Callable[[], Status] | None = None) -> Box:
        clock = SetClock(NOW)
        return Box(folders, machine, clock, ask or telling(buttons), clock.advance, tmp_path / "lock")

    return make


def never() -> Status:
    """Fail the test: nobody had to be asked."""
    raise AssertionError("the speaker was asked")


def told(device: Path) -> str:
    """Return what the stick's owner reads."""
    return (device / ANSWER).read_bytes().decode("utf-8-sig")


def acts(folders: Folders) -> tuple[Act, ...]:
    """Return what the audit log holds of that day."""
    return Audit(folders.panel / "audit", SetClock(NOW)).day(date(2026, 1, 17), UTC).acts


@pytest.mark.parametrize("name", REQUESTS)
def test_a_held_button_gives_a_code_that_works_once(box: Make, device: Path, folders: Folders, name: str) -> None:
    """It tells when it ends, the request is gone, and the act is on record."""
    (device / name).touch()
    assert answer(device, box("up", "held")) == 0
    text = told(device)
    code = CODE.findall(text)[0]
    assert "first-visit" in text
    assert "2026-01-18 12:0" in text
    assert sorted(path.name for path in device.iterdir()) == [ANSWER]
    kept = SetupCode(folders.panel / "setup-code.json", SystemClock())
    assert (kept.redeem(code), kept.redeem(code)) == (True, False)
    assert [(act.what, act.target, act.outcome) for act in acts(folders)] == [("stick.code", "sda1", 200)]


def test_the_code_is_on_the_stick_and_nowhere_else(
    box: Make, device: Path, folders: Folders, machine: MountsFolders, capfd: pytest.CaptureFixture[str]
) -> None:
    """In no log and no file of the box; and the stick is off while the button is waited for."""
    (device / "xiaolaba-reset").touch()
    mounts = list[str]()
    ask = telling(["up", "held"])

    def look() -> Status:
        mounts[:] = [words[0] for words in machine.ran]
        return ask()

    assert answer(device, box(ask=look)) == 0
    code = CODE.findall(told(device))[0]
    said = capfd.readouterr()
    assert code not in said.out + said.err
    everything = b"".join(path.read_bytes() for path in folders.data.rglob("*") if path.is_file())
    assert code.encode() not in everything
    assert mounts == ["mount", "umount"]
    assert [words[0] for words in machine.ran] == ["mount", "umount", "mount", "umount"]


@pytest.mark.parametrize(
    ("button", "why"),
    [("up", "没有看到有人按住"), ("held", "没有看到有人按住"), ("none", "没有接按键"), ("away", "没有回答")],
)
def test_without_a_hand_on_the_button_there_is_no_code(
    box: Make, device: Path, folders: Folders, button: str, why: str
) -> None:
    """The stick says why, asks again when it is put in again, and a code from before still counts."""
    earlier = SetupCode(folders.panel / "setup-code.json", SystemClock())
    code = earlier.issue()
    (device / "xiaolaba-reset").touch()
    assert answer(device, box(button)) == 0
    assert why in told(device)
    assert CODE.search(told(device)) is None
    assert (device / "xiaolaba-reset").exists()
    assert [(act.what, act.outcome) for act in acts(folders)] == [("stick.code", 403)]
    assert earlier.redeem(code)


def put_link(stick: Path) -> None:
    """Make the request a link to an empty file."""
    (stick / "empty").touch()
    (stick / "xiaolaba-reset").symlink_to(stick / "empty")


def put_huge(stick: Path) -> None:
    """Make the request a file of a terabyte, all hole."""
    with (stick / "xiaolaba-reset").open("wb") as file:
        file.truncate(1 << 40)


STICKS: dict[str, Callable[[Path], object]] = {
    "empty": lambda stick: None,
    "a link": put_link,
    "a link to nowhere": lambda stick: (stick / "xiaolaba-reset").symlink_to("/nowhere"),
    "a link to itself": lambda stick: (stick / "xiaolaba-reset").symlink_to("xiaolaba-reset"),
    "a folder": lambda stick: (stick / "xiaolaba-reset").mkdir(),
    "a pipe": lambda stick: os.mkfifo(stick / "xiaolaba-reset"),
    "a byte": lambda stick: (stick / "xiaolaba-reset").write_bytes(b"\0"),
    "huge": put_huge,
    "another name": lambda stick: (stick / "xiaolaba-reset.txt.exe").touch(),
    "in a folder": lambda stick: (stick / "folder").mkdir() or (stick / "folder/xiaolaba-reset").touch(),
}


@pytest.mark.parametrize("put", STICKS.values(), ids=STICKS)
def test_a_stick_that_does_not_ask_is_only_looked_at(
    box: Make, device: Path, folders: Folders, machine: MountsFolders, put: Callable[[Path], object]
) -> None:
    """Mounted to be read, and off again at once; nobody is asked and nothing is written."""
    put(device)
    before = sorted(device.rglob("*"))
    assert answer(device, box(ask=never)) == 0
    assert sorted(device.rglob("*")) == before
    assert [words[0] for words in machine.ran] == ["mount", "umount"]
    assert "ro" in machine.ran[0]
    assert acts(folders) == ()


def test_an_answer_that_is_a_link_leads_nowhere(box: Make, device: Path, tmp_path: Path) -> None:
    """What it points to is not touched; a file takes the link's place."""
    (tmp_path / "shadow").write_text("root's")
    (device / ANSWER).symlink_to(tmp_path / "shadow")
    (device / "xiaolaba-reset").touch()
    assert answer(device, box("up", "held")) == 0
    assert (tmp_path / "shadow").read_text() == "root's"
    assert not (device / ANSWER).is_symlink()


def test_where_the_answer_can_not_be_written_the_request_stays(box: Make, device: Path, machine: MountsFolders) -> None:
    """A folder of its name: it fails and is told; the stick is taken off, and may be put in again."""
    (device / ANSWER).mkdir()
    (device / "xiaolaba-reset").touch()
    with pytest.raises(OSError, match="directory"):
        answer(device, box("up", "held"))
    assert sorted(path.name for path in device.iterdir()) == [ANSWER, "xiaolaba-reset"]
    assert machine.ran[-1][0] == "umount"


def test_a_stick_that_is_another_by_then_gets_nothing(box: Make, device: Path, folders: Folders) -> None:
    """What asked must still be there when the button is held."""
    (device / "xiaolaba-reset").touch()
    ask = telling(["up", "held"])

    def exchanged() -> Status:
        (device / "xiaolaba-reset").unlink(missing_ok=True)
        return ask()

    assert answer(device, box(ask=exchanged)) == 0
    assert list(device.iterdir()) == []
    assert not (folders.panel / "setup-code.json").exists()


def test_two_parts_of_a_stick_get_one_code(box: Make, device: Path, tmp_path: Path) -> None:
    """While one waits for the button the other is turned away: one hold is one code."""
    other = tmp_path / "sda2"
    other.mkdir()
    for part in (device, other):
        (part / "xiaolaba-reset").touch()
    ask = telling(["up", "held"])
    turned_away = list[int]()

    def meanwhile() -> Status:
        turned_away.append(answer(other, box(ask=never)))
        return ask()

    assert answer(device, box(ask=meanwhile)) == 0
    assert turned_away == [1, 1]
    assert [path.name for path in other.iterdir()] == ["xiaolaba-reset"]
    assert CODE.search(told(device))


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Give a folder that others can reach, which pytest's own are not."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@needs_another_user
def test_the_code_is_the_panels(open_folder: Path, device: Path, machine: MountsFolders, tmp_path: Path) -> None:
    """Its user can read it, count the tries and take it away."""
    nobody = pwd.getpwnam("nobody")
    room = open_folder / "panel"
    room.mkdir()
    os.chown(room, nobody.pw_uid, nobody.pw_gid)
    (device / "xiaolaba-reset").touch()
    clock = SetClock(NOW)
    box = Box(
        Folders(open_folder, open_folder), machine, clock, telling(["up", "held"]), clock.advance, tmp_path / "lock"
    )
    assert answer(device, box) == 0
    owners = {path.name: path.stat().st_uid for path in room.rglob("*")}
    assert set(owners) >= {"setup-code.json", "audit", "2026-01-17.jsonl"}
    assert set(owners.values()) == {nobody.pw_uid}


def test_the_words_are_for_a_phone_and_for_notepad(tmp_path: Path) -> None:
    """Each address leads to the page that takes the code; the file is read right by an old Notepad."""
    text = invitation("1234-5678", NOW, ["http://10.0.0.2:8080/", "http://xiaolaba.local:8080/"])
    assert "打开 http://10.0.0.2:8080/first-visit\n" in text
    assert "打不开就试：http://xiaolaba.local:8080/first-visit\n" in text
    assert "到 2026-01-17 04:00" in text
    assert "试" not in invitation("1234-5678", NOW, ["http://10.0.0.2/"])
    verb.put_answer(tmp_path, refusal(Hold.NOT_HELD))
    assert (tmp_path / ANSWER).read_bytes().startswith("\ufeff没有给开通码".encode())
    assert (tmp_path / ANSWER).read_bytes().count(b"\r\n") == 2


# A file system in a file, mounted for real, in a mount namespace that ends with the test.
ANSWERED = """
import os, sys
from pathlib import Path
import msgspec
from box.folders import Folders
from cli.installation import ThisMachine
from cli.stick import Box, answer
from tests.cli.test_held import telling
from tests.fakes import SetClock
from datetime import UTC, datetime
data, device = map(Path, sys.argv[1:])
clock = SetClock(datetime(2026, 1, 17, 4, 0, tzinfo=UTC))
box = Box(Folders(data, data), ThisMachine(), clock, telling(["up", "held"]), clock.advance, data / "lock")
sys.exit(answer(device, box))
"""
PUT = 'set -eu; mount --make-rprivate /; mount "$1" /mnt; touch /mnt/$2; umount /mnt'
SEE = 'set -eu; mount --make-rprivate /; mount -o ro "$1" /mnt; ls /mnt; cat /mnt/*.txt; umount /mnt'


def run_apart(script: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a shell script in a mount namespace of its own."""
    return subprocess.run(
        ["unshare", "-m", "sh", "-c", script, "sh", *words],
        env=child_environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture(params=["vfat", "ext4"])
def real_stick(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """Give a block device with a file system, where this machine lets us mount one."""
    make = {"vfat": ["mkfs.vfat"], "ext4": ["mke2fs", "-q", "-F", "-t", "ext4"]}[request.param]
    if os.geteuid() != 0 or not all(map(shutil.which, (make[0], "unshare", "losetup"))):
        pytest.skip("nothing can be mounted here")
    image = tmp_path / "stick.img"
    with image.open("wb") as file:
        file.truncate(8 << 20)
    subprocess.run([*make, str(image)], check=True, capture_output=True)
    loop = subprocess.run(["losetup", "-f", "--show", str(image)], check=False, capture_output=True, text=True)
    if loop.returncode != 0:
        pytest.skip("nothing can be mounted here")
    device = loop.stdout.strip()
    try:
        if run_apart(PUT, device, "xiaolaba-reset").returncode != 0:
            pytest.skip("nothing can be mounted here")
        yield Path(device)
    finally:
        subprocess.run(["losetup", "-d", device], check=True)


def test_a_real_stick_has_the_code_when_it_is_taken_out(real_stick: Path, folders: Folders) -> None:
    """Mounted, written, unmounted: what is on the device afterwards is the code, and no request."""
    script = 'set -eu; mount --make-rprivate /; "$1" -c "$2" "$3" "$4"'
    done = run_apart(script, sys.executable, ANSWERED, str(folders.data), str(real_stick))
    assert done.returncode == 0, done.stderr
    seen = run_apart(SEE, str(real_stick))
    assert seen.returncode == 0, seen.stderr
    assert "xiaolaba-reset" not in seen.stdout.split()
    code = CODE.findall(seen.stdout)[0]
    assert SetupCode(folders.panel / "setup-code.json", SystemClock()).redeem(code)


def test_a_stick_of_rubbish_is_refused(tmp_path: Path) -> None:
    """No file system that this box takes: it is told, and nothing is left behind."""
    rubbish = tmp_path / "stick.img"
    rubbish.write_bytes(bytes(range(256)) * 4096)
    clock = SetClock(NOW)

    with pytest.raises(InstallFailed):
        answer(rubbish, Box(Folders(tmp_path, tmp_path), ThisMachine(), clock, never, clock.advance, tmp_path / "lock"))


def test_the_first_name_that_asks_counts(tmp_path: Path) -> None:
    """A folder of the one name does not hide a request by the other."""
    (tmp_path / "xiaolaba-reset").mkdir()
    (tmp_path / "xiaolaba-reset.txt").touch()
    assert request_on(tmp_path) == "xiaolaba-reset.txt"
