"""The panel's copy of the as-run log knows one log from another, and takes another copy in."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

from speaker.protocol import Records
from speaker.record import Airing
from tests.web.fakes import airing
from tests.web.house import NOON
from web.records.copy import RecordsCopy

DAY = date(2026, 6, 3)


def speaker_with(log: str, *rows: Airing) -> Callable[[int], Records]:
    """Return what a speaker answers whose log has that identity and those rows."""
    return lambda after: Records(airings=tuple(row for row in rows if row.change > after), more=False, log=log)


def titles(copy: RecordsCopy) -> list[str]:
    """Return the titles of the day's rows."""
    return [row.said[0].title for row in copy.on(DAY)]


def test_a_log_of_another_box_is_another_log_though_its_numbers_fit(tmp_path: Path) -> None:
    """After a restore the copy is of the old box's log; the new box's rows come beside them, in no old row's place."""
    copy = RecordsCopy(tmp_path / "copy.sqlite")
    copy.fetch(speaker_with("old", airing(1, NOON, title="旧一"), airing(2, NOON, title="旧二")))
    new = [airing(number, NOON, title=f"新{number}") for number in (1, 2, 3)]
    copy.fetch(speaker_with("new", *new))
    copy.fetch(speaker_with("new", *new))
    assert titles(copy) == ["旧一", "旧二", "新1", "新2", "新3"]


def test_a_copy_of_before_the_identity_goes_on(tmp_path: Path) -> None:
    """A speaker that is updated tells its identity for the first time: it is the same log."""
    copy = RecordsCopy(tmp_path / "copy.sqlite")
    copy.fetch(speaker_with("", airing(1, NOON, title="一")))
    copy.fetch(speaker_with("it", airing(1, NOON, title="一")))
    copy.fetch(speaker_with("it", airing(1, NOON, title="一"), airing(2, NOON, title="二")))
    copy.fetch(speaker_with("another", airing(1, NOON, title="别的")))
    assert titles(copy) == ["一", "二", "别的"]


def test_a_backups_rows_are_added_and_the_newer_change_counts(tmp_path: Path) -> None:
    """The same log, once older and once newer: each row once, as it was last; done twice it is the same."""
    here, backup = RecordsCopy(tmp_path / "here.sqlite"), RecordsCopy(tmp_path / "backup.sqlite")
    backup.fetch(speaker_with("mine", airing(1, NOON, outcome=None), airing(2, NOON, title="备份里的")))
    here.fetch(speaker_with("mine", airing(2, NOON, title="备份里的"), airing(1, NOON, change=3, title="完了")))
    for _ in range(2):
        here.take_in(tmp_path / "backup.sqlite")
        assert [(row.id, row.outcome) for row in here.on(DAY)] == [(1, "aired"), (2, "aired")]
    backup.take_in(tmp_path / "here.sqlite")
    assert titles(backup) == ["完了", "备份里的"]


def test_a_row_that_only_a_later_version_can_read_hides_no_other(tmp_path: Path) -> None:
    """That version was taken back: the day is shown without the row, which stays."""
    copy = RecordsCopy(tmp_path / "copy.sqlite")
    copy.fetch(speaker_with("it", airing(1, NOON, title="一"), airing(2, NOON, title="二")))
    with closing(sqlite3.connect(tmp_path / "copy.sqlite")) as store, store:
        later = "UPDATE airing SET row = CAST(replace(row, '\"aired\"', '\"echoed\"') AS BLOB) WHERE id = 1"
        assert store.execute(later).rowcount == 1
    assert titles(copy) == ["二"]
    with closing(sqlite3.connect(tmp_path / "copy.sqlite")) as store:
        assert store.execute("SELECT count(*) FROM airing").fetchone() == (2,)


def test_the_rows_of_two_boxes_stay_apart(tmp_path: Path) -> None:
    """What the old box had aired is read beside what this one has, and this one's go on being copied."""
    here, backup = RecordsCopy(tmp_path / "here.sqlite"), RecordsCopy(tmp_path / "backup.sqlite")
    backup.fetch(speaker_with("theirs", airing(1, NOON, title="那边")))
    here.fetch(speaker_with("mine", airing(1, NOON, title="这边")))
    here.take_in(tmp_path / "backup.sqlite")
    here.fetch(speaker_with("mine", airing(1, NOON, title="这边"), airing(2, NOON, title="这边又")))
    assert sorted(titles(here)) == ["这边", "这边又", "那边"]


def test_a_box_without_a_copy_takes_the_backups(tmp_path: Path) -> None:
    """A new box whose panel has not asked its speaker yet."""
    RecordsCopy(tmp_path / "backup.sqlite").fetch(speaker_with("theirs", airing(1, NOON, title="那边")))
    here = RecordsCopy(tmp_path / "here.sqlite")
    here.take_in(tmp_path / "backup.sqlite")
    here.fetch(speaker_with("mine", airing(1, NOON, title="这边")))
    assert titles(here) == ["那边", "这边"]


def test_the_copy_knows_since_when_there_are_records(tmp_path: Path) -> None:
    """The oldest row's day; none while nothing was ever on record."""
    copy = RecordsCopy(tmp_path / "copy.sqlite")
    assert copy.first_day() is None
    copy.fetch(speaker_with("it", airing(1, NOON), airing(2, NOON.replace(day=1))))
    assert copy.first_day() == NOON.date().replace(day=1)


def test_an_idle_box_writes_nothing(tmp_path: Path) -> None:
    """With nothing new the file is not opened (its journals would come and go); what is new is copied then."""
    copy = RecordsCopy(tmp_path / "copy.sqlite")
    copy.fetch(speaker_with("it"))
    copy.fetch(speaker_with("it", airing(1, NOON, title="一")))
    touched = tmp_path.stat().st_mtime_ns
    for _ in range(3):
        copy.fetch(speaker_with("it", airing(1, NOON, title="一")))
    assert tmp_path.stat().st_mtime_ns == touched
    copy.fetch(speaker_with("it", airing(1, NOON, title="一"), airing(2, NOON, title="二")))
    assert titles(copy) == ["一", "二"]


def test_a_copy_that_was_begun_anew_is_filled_again(tmp_path: Path) -> None:
    """Storage damaged it and a page put it aside: the speaker has nothing new, and tells all of it."""
    copy = RecordsCopy(tmp_path / "copy.sqlite")
    speaker = speaker_with("it", airing(1, NOON, title="一"))
    copy.fetch(speaker)
    (tmp_path / "copy.sqlite").write_bytes(b"no database at all, and long enough to be taken for one" * 100)
    assert titles(copy) == []
    copy.fetch(speaker)
    assert titles(copy) == ["一"]


def test_another_log_at_the_same_change_is_news(tmp_path: Path) -> None:
    """The numbers agree, the identity does not."""
    copy = RecordsCopy(tmp_path / "copy.sqlite")
    copy.fetch(speaker_with("it", airing(1, NOON, title="一")))
    copy.fetch(speaker_with("other", airing(1, NOON, title="别的")))
    assert titles(copy) == ["一", "别的"]


def test_the_last_change_of_another_log_is_not_taken_for_this_ones(tmp_path: Path) -> None:
    """The log that is told is not the one copied last, and comes to the very number at which that one ended."""
    copy = RecordsCopy(tmp_path / "copy.sqlite")
    copy.fetch(speaker_with("it", airing(1, NOON, title="一")))
    copy.fetch(speaker_with("other", airing(1, NOON, title="别的"), airing(2, NOON, title="别的二")))
    copy.fetch(speaker_with("it", airing(1, NOON, title="一")))
    copy.fetch(speaker_with("it", airing(1, NOON, title="一"), airing(2, NOON, title="二")))
    assert titles(copy) == ["一", "二", "别的", "别的二"]
