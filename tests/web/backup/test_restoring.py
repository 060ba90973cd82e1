"""What this version can't read is not put in place; what a power cut interrupted is finished when the panel starts."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest

from keeping.manifest import BackupUnusable
from keeping.swap import commit
from keeping.writing import backup_of
from tests.web.house import NAME, NOON, PASSWORD, House, new_house
from web.backup.restoring import finish_begun, lay_out
from web.people.users import Users


@pytest.fixture
def other(tmp_path: Path) -> House:
    """Give another box, at which somebody else has written something else."""
    (tmp_path / "other").mkdir()
    return new_house(tmp_path / "other")


def backup(house: House) -> BytesIO:
    """Return a backup of a panel that was used."""
    return BytesIO(b"".join(backup_of(house.folder, version="0.1.0", zone="警苑小区", now=NOON)))


def test_the_panel_of_another_box_goes_on_with_it(house: House, other: House) -> None:
    """Users with their passwords, the words, the history and the acts; what is on air is there with its sound."""
    phone = house.logged_in()
    phone.change("stay", title="备份里的标题")
    house.jobs.run_waiting()
    house.publish()
    staged = lay_out(backup(house), other.folder)
    assert staged.about.zone == "警苑小区"
    commit(other.folder, NOON)
    assert finish_begun(other.folder)
    assert not finish_begun(other.folder)
    restored = new_house(other.folder, schedule=(other.folder / "schedule.yaml").read_text(encoding="utf-8"))
    assert restored.title_of("stay") == "备份里的标题"
    assert Users(other.folder / "users.json").check(NAME, PASSWORD)
    assert restored.history.entries() == house.history.entries()
    assert sorted(act.what for act in restored.acts()) == sorted(act.what for act in house.acts())


@pytest.mark.parametrize("name", ["users.json", "records.sqlite"])
def test_what_would_lock_everybody_out_is_refused(name: str, house: House, other: House) -> None:
    """Damaged before it was backed up, and faithfully kept so: no reason to break another box with it."""
    house.logged_in()
    if name == "users.json":
        (house.folder / name).write_text("[{}]")
        (house.folder / "users.good.json").write_text("[{}]")
    else:
        with closing(sqlite3.connect(house.folder / name)) as store:
            store.execute("CREATE TABLE another (thing)")
    with pytest.raises(BackupUnusable):
        lay_out(backup(house), other.folder)
    assert not list(other.folder.glob(".restor*"))


def test_a_last_good_copy_in_a_backup_counts(house: House, other: House) -> None:
    """Only the users' file was damaged: who could log in there can log in here."""
    house.logged_in()
    (house.folder / "users.json").write_text("[{}]")
    lay_out(backup(house), other.folder)
    commit(other.folder, NOON)
    assert finish_begun(other.folder)
    assert Users(other.folder / "users.json").check(NAME, PASSWORD)
