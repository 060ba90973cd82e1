"""``quiet``: asked for until a time of today, and ended."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from box.folders import Folders
from cli.quiet import add_arguments, run, until_in
from cli.wrong import InputWrong
from speaker.socket.server import SocketServer
from tests.fakes import SetClock
from tests.speaker.fakes import Box, a_publication

NOON = datetime.fromisoformat("2026-03-02T12:00:00+08:00")
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """Return a box's folders."""
    return Folders(tmp_path / "data", tmp_path / "run")


@pytest.fixture
def box(folders: Folders, tmp_path: Path) -> Iterator[Box]:
    """Give a speaker at noon that serves its socket."""
    folders.runtime.mkdir()
    clock = SetClock(NOON)
    with Box(clock, tmp_path, publication=a_publication()) as one:
        server = SocketServer(folders.socket, one.station.ask, group="xiaolaba", clock=clock)
        server.start()
        yield one
        server.close()


def said(folders: Folders, *words: str) -> int:
    """Give the verb those words."""
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return run(parser.parse_args(words), folders)


def test_it_is_quiet_until_then_and_sounds_again_when_it_is_ended(box: Box, folders: Folders) -> None:
    """With the reason, and by the name of who is at the terminal."""
    assert said(folders, "14:30", "--why", "三号楼  办丧事") == 0
    asked = box.status().quiet_request
    assert asked is not None
    assert (asked.until, asked.occasion) == (NOON.replace(hour=14, minute=30), "三号楼 办丧事")
    assert asked.who
    assert said(folders, "--end") == 0
    assert box.status().quiet_request is None


def test_a_time_that_has_passed_is_refused(box: Box, folders: Folders) -> None:
    """In the speaker's words; nothing is quiet."""
    assert said(folders, "08:00") == 1
    assert box.status().quiet_request is None


@pytest.mark.parametrize("text", ["25:00", "14.30", "14:60", "soon", "", "24:30"])
def test_what_is_no_time_is_told(text: str) -> None:
    """With how it is written."""
    with pytest.raises(InputWrong, match="14:30"):
        until_in(text, NOON, SHANGHAI)


@pytest.mark.parametrize(
    ("text", "instant"), [("9:05", "2026-03-02T09:05:00+08:00"), ("24:00", "2026-03-03T00:00:00+08:00")]
)
def test_it_is_the_time_of_the_courtyard(text: str, instant: str) -> None:
    """Wherever the terminal thinks it is."""
    assert until_in(text, NOON.astimezone(ZoneInfo("America/New_York")), SHANGHAI) == datetime.fromisoformat(instant)


@pytest.mark.parametrize("words", [(), ("14:30", "--end")])
def test_it_is_one_or_the_other(folders: Folders, words: tuple[str, ...]) -> None:
    """A time, or its end."""
    with pytest.raises(SystemExit):
        said(folders, *words)
