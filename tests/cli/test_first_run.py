"""What ``run`` does before anything sounds."""

from __future__ import annotations

from pathlib import Path

import pytest

from box.folders import Folders
from cli.first_run import AlreadyRuns, NoRoom, copy_starter, sole_user


def folders_in(path: Path) -> Folders:
    """Return the folders of a data folder."""
    return Folders(path / "data", path / "run")


def test_a_second_run_on_the_same_data_is_refused(tmp_path: Path) -> None:
    """It gets one sentence; when the first has ended, the data is free."""
    with sole_user(folders_in(tmp_path)), pytest.raises(AlreadyRuns), sole_user(folders_in(tmp_path)):
        pass
    with sole_user(folders_in(tmp_path)):
        pass


def test_the_rooms_are_made_for_the_owner_and_the_group(tmp_path: Path) -> None:
    """Nobody else reads what is in them."""
    folders = folders_in(tmp_path)
    with sole_user(folders):
        assert folders.panel.is_dir()
        assert folders.speaker.stat().st_mode & 0o007 == 0


def test_a_data_folder_that_can_not_be_made_is_a_sentence(tmp_path: Path) -> None:
    """A file where the folder should be is told with what to do."""
    (tmp_path / "data").write_text("", encoding="utf-8")
    with pytest.raises(NoRoom, match="--data"), sole_user(folders_in(tmp_path)):
        pass


def test_the_starter_programme_is_copied_once(tmp_path: Path) -> None:
    """What the secretary has edited is never replaced."""
    folders = folders_in(tmp_path)
    (tmp_path / "schedule.yaml").write_text("version: 1\n", encoding="utf-8")
    with sole_user(folders):
        assert copy_starter(folders, tmp_path)
        folders.programme.write_text("hers", encoding="utf-8")
        assert not copy_starter(folders, tmp_path)
    assert folders.programme.read_text(encoding="utf-8") == "hers"
