"""The programme file on disk."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from msgspec.structs import replace

from programme.faults import ProgrammeInvalid
from programme.file import Edition, ProgrammeFile, ProgrammeUnreadable, StaleRevision
from programme.writing import fresh
from tests.programme.samples import SMALL


@pytest.fixture
def file(tmp_path: Path) -> ProgrammeFile:
    """Return a file that holds the small programme."""
    path = tmp_path / "schedule.yaml"
    path.write_bytes(fresh(SMALL))
    return ProgrammeFile(path)


def test_what_is_saved_is_read(file: ProgrammeFile) -> None:
    """The edition that is returned is the one that is on disk, and the speaker's user's group may read it."""
    before = file.read()
    after = file.save(replace(SMALL, zone="别处"), before.revision)
    assert file.read() == after
    assert after.programme.zone == "别处"
    assert after.revision != before.revision
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o640
    assert os.listdir(file.path.parent) == ["schedule.yaml"]  # noqa: PTH208 - nothing temporary is left


def test_a_save_over_a_file_that_was_changed_meanwhile_is_refused(file: ProgrammeFile) -> None:
    """She sees what is there now, and it stays."""
    before = file.read()
    by_hand = file.path.read_bytes() + "# 手改\n".encode()
    file.path.write_bytes(by_hand)
    with pytest.raises(StaleRevision) as caught:
        file.save(replace(SMALL, zone="别处"), before.revision)
    assert caught.value.current == file.read()
    assert file.path.read_bytes() == by_hand


def test_of_many_saves_over_the_same_revision_one_wins(file: ProgrammeFile) -> None:
    """Two phones at once: nothing is overwritten unseen."""
    before = file.read()

    def save(volume: int) -> Edition | StaleRevision:
        try:
            return ProgrammeFile(file.path).save(replace(SMALL, volume_percent=volume), before.revision)
        except StaleRevision as stale:
            return stale

    with ThreadPoolExecutor(8) as threads:
        done = list(threads.map(save, range(8)))
    (won,) = [edition for edition in done if isinstance(edition, Edition)]
    assert file.read() == won


def test_a_programme_that_is_not_allowed_leaves_the_file(file: ProgrammeFile) -> None:
    """Every fault is named and nothing is written."""
    before = file.read()
    with pytest.raises(ProgrammeInvalid):
        file.save(replace(SMALL, zone=""), before.revision)
    assert file.read() == before


def test_a_missing_file_is_one_clear_sentence(tmp_path: Path) -> None:
    """It is an OSError too, for those who ask for any trouble with the disk."""
    file = ProgrammeFile(tmp_path / "none" / "schedule.yaml")
    with pytest.raises(ProgrammeUnreadable, match="xiaolaba run"):
        file.read()
    with pytest.raises(OSError, match="no folder"):
        file.save(SMALL, "0" * 16)


def test_a_folder_in_the_place_of_the_file_is_one_clear_sentence(tmp_path: Path) -> None:
    """Not a traceback."""
    with pytest.raises(ProgrammeUnreadable, match="can't be opened"):
        ProgrammeFile(tmp_path).read()


def test_a_huge_file_is_refused_without_reading_it_whole(tmp_path: Path) -> None:
    """A sparse gigabyte costs nothing."""
    path = tmp_path / "schedule.yaml"
    with path.open("wb") as made:
        made.truncate(1 << 30)
    with pytest.raises(ProgrammeInvalid, match="64 KiB"):
        ProgrammeFile(path).read()
