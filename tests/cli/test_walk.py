"""A stick on its round: what is for this box is taken whole, and its answer is on the stick afterwards."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from box.folders import Folders
from cli.stick import Box, answer
from cli.walk import LARGEST_ENVELOPE_BYTES, NothingCame, carry, is_for_this_box
from tests.cli.test_stick import NOW, MountsFolders, never
from tests.fakes import SetClock

CLIP, OTHER = "a" * 64, "b" * 64
_NESTED = b'{"x":' + b"[" * 20_000 + b"]" * 20_000 + b',"name":"valley-1"}'
PROGRAMME = f'…{{"travels":{{"sha256":"{CLIP}","size":3}}}}'.encode()


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """Give a box that is called valley-1 in its community."""
    one = Folders(tmp_path / "data", tmp_path / "run")
    one.fleet.mkdir(parents=True)
    (one.fleet / "membership.json").write_text('{"name":"valley-1","zone":"山谷"}', encoding="utf-8")
    return one


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """Give a stick with something for two boxes."""
    root = tmp_path / "sda1" / "xiaolaba-walk"
    for name in ("valley-1", "valley-2"):
        (root / name).mkdir(parents=True)
        (root / name / "keys").write_bytes(f"keys of {name}".encode())
        (root / name / "programme").write_bytes(PROGRAMME)
    (root / "audio").mkdir()
    for name in (CLIP, OTHER):
        (root / "audio" / f"{name}.flac").write_bytes(b"fLa")
    return tmp_path / "sda1"


class Agent:
    """What the agent does while the verb waits: it looks at what came, and lays its answer there."""

    def __init__(self, folders: Folders, clock: SetClock, *, answers: bool = True) -> None:
        self._walk = folders.fleet / "walk"
        self._clock = clock
        self._answers = answers
        self.came: dict[str, bytes] = {}

    def pause(self, seconds: float) -> None:
        """Let time pass."""
        self._clock.advance(seconds)
        coming = self._walk / "in"
        if self._answers and coming.is_dir():
            self.came = {
                str(path.relative_to(coming)): path.read_bytes() for path in coming.rglob("*") if path.is_file()
            }
            (self._walk / "back").write_bytes(b"records")
            shutil.rmtree(coming)


def test_what_is_for_this_box_is_taken_and_its_answer_put_on_the_stick(folders: Folders, stick: Path) -> None:
    """Another's envelopes stay on the stick, and so do clips that its programme does not name."""
    clock = SetClock(NOW)
    agent = Agent(folders, clock)
    assert is_for_this_box(stick, folders)
    carry(stick, folders, clock, agent.pause)
    assert agent.came == {"keys": b"keys of valley-1", "programme": PROGRAMME, f"audio/{CLIP}.flac": b"fLa"}
    assert (stick / "xiaolaba-walk/valley-1/back").read_bytes() == b"records"
    assert not (folders.fleet / "walk/back").exists()


def _link(root: Path) -> None:
    (root / "valley-1/programme").unlink()
    (root / "valley-1/programme").symlink_to("/etc/passwd")


def _large(root: Path) -> None:
    with (root / "valley-1/programme").open("wb") as file:
        file.truncate(LARGEST_ENVELOPE_BYTES + 1)


@pytest.mark.parametrize("damage", [_link, _large])
def test_a_stick_made_to_be_dangerous_brings_nothing(
    folders: Folders, stick: Path, damage: Callable[[Path], None]
) -> None:
    """No link of it is followed and nothing without bounds is copied; what else is on it is taken."""
    damage(stick / "xiaolaba-walk")
    clock = SetClock(NOW)
    agent = Agent(folders, clock)
    carry(stick, folders, clock, agent.pause)
    assert agent.came == {"keys": b"keys of valley-1"}


@pytest.mark.parametrize("linked", ["xiaolaba-walk", "xiaolaba-walk/valley-1"])
def test_nothing_is_written_where_a_link_leads(folders: Folders, stick: Path, tmp_path: Path, linked: str) -> None:
    """Root puts the answer on the stick: a link on it would have root write elsewhere."""
    elsewhere = tmp_path / "elsewhere"
    (stick / linked).rename(elsewhere)
    (stick / linked).symlink_to(elsewhere)
    before = set(elsewhere.rglob("*"))
    assert not is_for_this_box(stick, folders)
    clock = SetClock(NOW)
    with pytest.raises(NothingCame):
        carry(stick, folders, clock, Agent(folders, clock).pause)
    assert set(elsewhere.rglob("*")) == before


def test_an_agent_that_does_not_answer_is_told(folders: Folders, stick: Path) -> None:
    """The stick is not waited with for ever."""
    clock = SetClock(NOW)
    with pytest.raises(NothingCame):
        carry(stick, folders, clock, Agent(folders, clock, answers=False).pause)


@pytest.mark.parametrize(
    "membership", [None, b"{}", b'{"name":"../panel"}', b'{"name":"valley-9"}', pytest.param(_NESTED, id="nested")]
)
def test_a_stick_is_nothing_to_a_box_that_is_not_on_it(folders: Folders, stick: Path, membership: bytes | None) -> None:
    """One that is in no community, or in another."""
    (folders.fleet / "membership.json").unlink()
    if membership is not None:
        (folders.fleet / "membership.json").write_bytes(membership)
    assert not is_for_this_box(stick, folders)


def test_plugged_in_it_is_served_without_a_hand_on_the_button(folders: Folders, stick: Path, tmp_path: Path) -> None:
    """It asks for no code, and nobody asks the speaker."""
    clock = SetClock(NOW)
    agent = Agent(folders, clock)
    box = Box(folders, MountsFolders(), clock, never, agent.pause, tmp_path / "lock")
    assert answer(stick, box) == 0
    assert agent.came["keys"] == b"keys of valley-1"
    assert (stick / "xiaolaba-walk/valley-1/back").read_bytes() == b"records"
