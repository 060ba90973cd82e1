"""What ``doctor`` and ``status`` say of the contacts."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from box.folders import Folders
from cli.checkup_contacts import check_up_contacts
from cli.status import lines_of
from programme.publication import encode_publication
from speaker.condition import ContactStatus
from tests.cli.test_checkup import WELL, away
from tests.cli.test_words import PUBLICATION

AT_REST = ContactStatus(name="消防主机", message="fire", title="火警", priority="emergency", line="rest")


@pytest.mark.parametrize(
    ("changes", "state", "said"),
    [
        ({}, "good", "平时状态"),
        ({"line": "active", "call": "calling", "said": 3}, "note", "播过 3 遍"),
        ({"line": "cut"}, "note", "断线"),
        ({"wants_testing": True}, "note", "请试一次"),
        ({"title": ""}, "wrong", "没有稿件 fire"),
    ],
)
def test_each_contact_is_a_finding(tmp_path: Path, changes: dict[str, object], state: str, said: str) -> None:
    """What needs a person says how to mend it."""
    contact = msgspec.structs.replace(AT_REST, **changes)
    status = msgspec.structs.replace(WELL, contacts=(contact,))
    (finding,) = check_up_contacts(Folders(tmp_path, tmp_path), lambda: status)
    assert (finding.state, said in finding.what.zh) == (state, True)
    assert (finding.mend is None) == (state == "good")


def test_a_message_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    """The installer need not look for their names."""
    folders = Folders(tmp_path, tmp_path)
    folders.publication.parent.mkdir(parents=True)
    folders.publication.write_bytes(encode_publication(PUBLICATION))
    status = msgspec.structs.replace(WELL, contacts=(msgspec.structs.replace(AT_REST, title=""),))
    (finding,) = check_up_contacts(folders, lambda: status)
    assert finding.mend is not None
    assert "hello（你好）" in finding.mend.zh


def test_a_speaker_that_is_away_is_told_elsewhere(tmp_path: Path) -> None:
    """Once is enough."""
    assert check_up_contacts(Folders(tmp_path, tmp_path), away) == []


def test_status_has_a_line_for_each_contact() -> None:
    """Its name, its message, how it stands."""
    (line,) = [line for line in lines_of(msgspec.structs.replace(WELL, contacts=(AT_REST,))) if "外接开关" in line]
    assert line.startswith("外接开关“消防主机”（火警）：平时状态")
