"""The speaker's own copy of what is on air, over an upgrade that changes its form, and back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from box.folders import Folders
from programme.publication import encode_publication
from speaker.intake.kept import has_kept_one, kept_copy
from tests.fakes import SetClock
from tests.speaker.fakes import a_publication

CLOCK = SetClock(datetime(2026, 3, 2, 4, 0, tzinfo=UTC))
OURS = encode_publication(a_publication())
LATER = OURS.replace(b'"version": 1,', b'"version": 1,\n "echo": true,')


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """Give a speaker's room in which 0.1.0 has kept a copy."""
    folders = Folders(tmp_path, tmp_path / "run")
    folders.speaker.mkdir()
    (folders.speaker / "on-air.json").write_bytes(OURS)
    assert kept_copy(folders, CLOCK, "0.1.0") is not None
    return folders


def test_the_version_before_has_its_own_copy_again(folders: Folders) -> None:
    """The later one's lies aside with its time; the next start finds all as it is."""
    assert kept_copy(folders, CLOCK, "0.2.0") is not None  # reads the earlier form
    (folders.speaker / "on-air.json").write_bytes(LATER)
    for _ in range(2):
        kept = kept_copy(folders, CLOCK, "0.1.0")
        assert kept is not None
        assert kept.content == OURS
    aside = folders.speaker / "on-air.json.later-20260302T040000Z"
    assert aside.read_bytes() == LATER
    assert has_kept_one(folders)


def test_a_copy_that_is_damaged_is_never_replaced_by_an_old_one(folders: Folders) -> None:
    """What was saved is gone once the version runs again: it would be months old by then."""
    assert kept_copy(folders, CLOCK, "0.2.0") is not None
    assert kept_copy(folders, CLOCK, "0.1.0") is not None
    (folders.speaker / "on-air.json").write_bytes(OURS[:100])
    assert kept_copy(folders, CLOCK, "0.1.0") is None
    assert [path.name for path in folders.speaker.glob("*.damaged-*")] == ["on-air.json.damaged-20260302T040000Z"]


def test_a_room_that_takes_nothing_more_is_read_all_the_same(folders: Folders) -> None:
    """What is on air is worth more than what would be saved of it."""
    (folders.speaker / "version").unlink()
    (folders.speaker / "version").mkdir()
    assert kept_copy(folders, CLOCK, "0.2.0") is not None
