"""``log --verify`` and ``doctor`` tell whether the speaker's log and the panel's copy are as they were."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from box.folders import Folders
from box.sentences import XiaolabaError
from box.store import StoreDamaged
from cli.checkup_log import FITS, FITS_NOT, NOT_ASKED, NOT_COMPARED, check_up_log, compared
from cli.log_verify import copy_findings, ends_well, log_finding
from speaker.asrun.log import AsRunLog
from speaker.client import SpeakerAway
from speaker.protocol import AskRecords, Records
from tests.fakes import SetClock
from tests.speaker.asrun.test_chain import NOON, aired, entry
from web.records.copy import RecordsCopy

Ask = Callable[[int], Records]


def asking(log: AsRunLog) -> Ask:
    """Return how the speaker of that log is asked, two rows at a time."""
    return lambda after: log.records(AskRecords(changed_after=after, most=2))


@pytest.fixture
def log(tmp_path: Path) -> Iterator[AsRunLog]:
    """Give a log of seven rows."""
    with closing(AsRunLog(tmp_path / "log.db", SetClock(NOON))) as log:
        for number in range(7):
            log.end(log.begin(entry(f"b{number}")), aired())
        yield log


@pytest.fixture
def copy(tmp_path: Path, log: AsRunLog) -> RecordsCopy:
    """Give the panel's copy of it."""
    copy = RecordsCopy(tmp_path / "records.sqlite")
    copy.fetch(asking(log))
    return copy


def change(path: Path, *statements: str) -> None:
    """Change a database behind everybody's back."""
    with closing(sqlite3.connect(path)) as other, other:
        for statement in statements:
            other.execute(statement)


def test_a_log_and_its_copy_are_whole(log: AsRunLog, copy: RecordsCopy) -> None:
    """With the hash of the head, to be noted elsewhere; also while a row is open, and before anything is copied."""
    log.begin(entry("open"))
    copy.fetch(asking(log))
    (fits, sentence), copied = log_finding(asking(log), copy), copy_findings(copy)
    assert fits
    head = log.records(AskRecords()).airings[6].hash
    assert sentence.en == f"the speaker's log: whole, up to link 7, hash {head}"
    assert [(whole, one.zh.endswith(head)) for whole, one in copied] == [(True, True)]
    assert log_finding(asking(log), None)[0]
    assert ends_well(asking(log), copy)
    assert ends_well(asking(log), None)


def test_a_row_changed_in_the_speakers_log_is_named(tmp_path: Path, log: AsRunLog, copy: RecordsCopy) -> None:
    """The copy is still whole; what the copy fetches of it afterwards does not take the true row away for ever."""
    change(tmp_path / "log.db", "UPDATE airings SET said = replace(said, '守好门', '别守'), change = 99 WHERE id = 4")
    fits, sentence = log_finding(asking(log), copy)
    assert not fits
    assert "row 5" in sentence.en or "row 4" in sentence.en
    assert not ends_well(asking(log), copy)
    assert all(whole for whole, _ in copy_findings(copy))
    copy.fetch(asking(log))
    assert not all(whole for whole, _ in copy_findings(copy))


def test_a_log_written_anew_shows_by_the_copy(tmp_path: Path, log: AsRunLog, copy: RecordsCopy) -> None:
    """Cut and gone on with: whole by itself, but not what the panel had copied, whose rows are all kept."""
    change(tmp_path / "log.db", "DELETE FROM airings WHERE id > 5")
    fits, sentence = log_finding(asking(log), copy)
    assert (fits, "2 rows are missing" in sentence.en) == (False, True)
    for number in range(4):
        log.end(log.begin(entry(f"new{number}")), aired())
    fits, sentence = log_finding(asking(log), copy)
    assert (fits, "written anew" in sentence.en) == (False, True)
    copy.fetch(asking(log))
    assert not log_finding(asking(log), copy)[0]
    with closing(sqlite3.connect(tmp_path / "records.sqlite")) as store, store:
        links = store.execute("SELECT count(*) FROM link").fetchone()
    store.close()
    assert links == (9,)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE airing SET row = replace(row, '守好门', '别守') WHERE id = 4",
        "UPDATE airing SET row = 'nonsense' WHERE id = 4",
        "DELETE FROM airing WHERE id = 4",
        "DELETE FROM airing WHERE id = 7",
        "UPDATE airing SET change = 99 WHERE id = 4",
    ],
)
def test_a_change_of_the_copy_shows(tmp_path: Path, copy: RecordsCopy, statement: str) -> None:
    """A word, a row that is gone, the last one too, another order."""
    change(tmp_path / "records.sqlite", statement)
    assert [whole for whole, _ in copy_findings(copy)] == [False]


def test_a_speaker_that_is_away_is_told(copy: RecordsCopy) -> None:
    """The copy is checked nevertheless; doctor says nothing of it, since it tells that the speaker is away."""

    def away(_after: int) -> Records:
        raise SpeakerAway("没有运行", "not running")

    assert log_finding(away, copy) == (False, ("播音程序的记录：没有运行", "the speaker's log: not running"))
    assert [whole for whole, _ in copy_findings(copy)] == [True]
    with pytest.raises(SpeakerAway):
        ends_well(away, copy)


def test_a_backups_copy_brings_its_hashes(tmp_path: Path, log: AsRunLog, copy: RecordsCopy) -> None:
    """Restored beside what is there, it is held to the same chain."""
    here = RecordsCopy(tmp_path / "here.sqlite")
    here.take_in(tmp_path / "records.sqlite")
    assert here.on(date(2026, 3, 2)) == copy.on(date(2026, 3, 2))
    assert [whole for whole, _ in copy_findings(here)] == [True]
    change(tmp_path / "log.db", "DELETE FROM airings WHERE id > 5")
    assert not log_finding(asking(log), here)[0]


def test_doctor_names_what_lies_aside_of_a_later_version(tmp_path: Path) -> None:
    """With its place; it is no fault."""
    folders = Folders(tmp_path, tmp_path / "run")
    folders.speaker.mkdir()
    folders.panel.mkdir()
    aside = folders.speaker / "as-run.db.later-20260302T100000Z"
    aside.touch()
    [finding] = check_up_log(folders)
    assert (finding.code, finding.state) == ("later-version", "note")
    assert str(aside) in finding.what.zh
    assert str(aside) in finding.what.en


def test_what_can_not_be_compared_accuses_nobody(tmp_path: Path, log: AsRunLog, copy: RecordsCopy) -> None:
    """A storage that fails, a speaker that is away, and a row that was changed are three things."""

    def answers(error: XiaolabaError) -> Ask:
        def ask(_after: int) -> Records:
            raise error

        return ask

    here = tmp_path / "records.sqlite"
    assert here.exists()
    assert compared(asking(log), here) == FITS
    assert compared(answers(SpeakerAway("没有运行", "not running")), here) == NOT_ASKED
    assert compared(answers(StoreDamaged("坏了", "damaged")), here) == NOT_COMPARED
    change(tmp_path / "log.db", "UPDATE airings SET said = replace(said, '守好门', '别守'), change = 99 WHERE id = 4")
    assert compared(asking(log), here) == FITS_NOT
    assert copy.logs()
