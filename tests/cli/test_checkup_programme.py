"""What ``doctor`` says of the programme's file."""

from __future__ import annotations

from pathlib import Path

import pytest

from box.folders import Folders
from cli.checkup_programme import check_up_programme
from tests.running import write

GOOD = """\
version: 1
zone: 警苑小区
timezone: Asia/Shanghai
messages:
  hello: {title: 你好, text: 你好。}
broadcasts:
  morning: {at: "07:30", messages: [hello]}
"""


def test_a_programme_that_is_well_needs_nobody(tmp_path: Path) -> None:
    """Nor does a box that has none yet."""
    folders = Folders(tmp_path, tmp_path)
    assert check_up_programme(folders) == []
    write(folders.data, GOOD)
    [finding] = check_up_programme(folders)
    assert finding.state == "good"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (GOOD.replace("07:30", "27:30"), "line 7"),
        (GOOD.replace("[hello]", "[hullo]"), "line 7"),
        ("messages: [\n", "fault"),
        ("\0" * 300, "fault"),
        ("", "fault"),
    ],
)
def test_one_that_is_broken_needs_a_person(tmp_path: Path, content: str, said: str) -> None:
    """The first fault is named with its line, and both ways to mend it."""
    folders = Folders(tmp_path, tmp_path)
    write(folders.data, content)
    [finding] = check_up_programme(folders)
    assert (finding.code, finding.state) == ("programme", "wrong")
    assert said in finding.what.en
    assert finding.mend is not None
    assert "xiaolaba check" in finding.mend.zh
    assert str(folders.programme) in finding.mend.en


def test_one_that_can_not_be_read_is_told(tmp_path: Path) -> None:
    """A folder of its name stands for whatever keeps it from being opened."""
    folders = Folders(tmp_path, tmp_path)
    folders.programme.mkdir(parents=True)
    [finding] = check_up_programme(folders)
    assert finding.state == "wrong"
    assert finding.mend is not None
