"""An upgrade that changes the log's form, and back again: all that was aired stays on record, word for word."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from programme.cues import Occurrence
from speaker.airing import Outcome, Reason
from speaker.asrun.forms import saved
from speaker.asrun.log import AsRunLog
from speaker.chain import follow
from speaker.protocol import AskRecords
from speaker.record import Airing
from tests.fakes import SetClock
from tests.speaker.asrun.later import air_with, become_later, later_tree
from tests.speaker.asrun.test_chain import aired, entry, head_of, identity
from web.records.copy import RecordsCopy

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
BACK = NOON + timedelta(hours=6)


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the tree of a later version, whose log has another column."""
    return later_tree(tmp_path_factory.mktemp("later"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give a log of this version: two airings, and one that power cut short."""
    path = tmp_path / "as-run.db"
    log = AsRunLog(path, SetClock(NOON))
    log.owe({"b0": "07:30"}, NOON)
    for name in ("b0", "b1"):
        log.end(log.begin(entry(name)), aired())
    log.begin(entry("b2"))
    with closing(log._database):
        pass
    return path


def rows_of(log: AsRunLog) -> dict[str | None, Airing]:
    """Return the rows by their broadcasts."""
    return {row.broadcast: row for row in log.records(AskRecords()).airings}


def raw(path: Path) -> list[tuple[object, ...]]:
    """Return the later log's rows as they are stored."""
    with closing(sqlite3.connect(path)) as log:
        return log.execute("SELECT id, link, hash FROM airings ORDER BY id").fetchall()


def test_back_from_a_later_version_all_is_on_record_word_for_word(path: Path, later: Path) -> None:
    """History and what the later version aired, with the hashes that it gave; its own log lies aside with its time."""
    said = [("b3", "2026-03-02", "loud", True), ("b4", "2026-03-02", "", True), ("b5", "2026-03-02", '{"db": 3}', True)]
    air_with(later, path, "2026-03-02T05:00:00+00:00", said)
    assert saved(path, 7).is_file()
    written = raw(path)
    with closing(AsRunLog(path, SetClock(BACK))) as log:
        assert log.went_back == path.with_name("as-run.db.later-20260302T100000Z")
        assert log.moved_aside is None
        assert not log.lost
        assert raw(log.went_back) == written
        assert [(row.id, row.link, row.hash) for row in log.records(AskRecords()).airings] == written
        assert head_of(log).link == 6
        rows = rows_of(log)
        assert (rows["b2"].outcome, rows["b2"].reason) == (Outcome.CUT, Reason.INTERRUPTED)
        assert rows["b3"].beyond == '{"echo":"loud"}'
        assert rows["b4"].beyond == ""
        log.end(log.begin(entry("b6")), aired())
        assert head_of(log).link == 7
        day = date(2026, 3, 2)
        assert log.ledger([day]).of(Occurrence(day, "b3"))[0].outcome is Outcome.AIRED


def test_the_panels_copy_of_a_later_version_still_fits(path: Path, later: Path, tmp_path: Path) -> None:
    """Rows that it copied from that version say more than this one knows; it is kept, and hashed."""
    air_with(later, path, "2026-03-02T05:00:00+00:00", [("b3", "2026-03-02", "loud", True)])
    copy = RecordsCopy(tmp_path / "records.sqlite")
    with closing(AsRunLog(path, SetClock(BACK))) as log:
        copy.fetch(lambda after: log.records(AskRecords(changed_after=after)))
        with closing(sqlite3.connect(tmp_path / "records.sqlite")) as store, store:
            store.execute(
                "UPDATE airing SET row = CAST(json_set(json_remove(row, '$.beyond'), '$.echo', 'loud', '$.other', NULL)"
                " AS BLOB) WHERE json_extract(row, '$.broadcast') = 'b3'"
            )
        [(number, told)] = copy.logs()
        assert told == identity(log)
        assert follow(copy.in_order_of_change(number), told, copy.links(number)) == head_of(log)


def test_up_again_nothing_is_lost(path: Path, later: Path) -> None:
    """Back and up again, by turns: each time the one before is saved anew."""
    for turn in range(3):
        air_with(later, path, f"2026-03-02T0{5 + turn}:00:00+00:00", [(f"later-{turn}", "2026-03-02", "x", True)])
        with closing(AsRunLog(path, SetClock(BACK + timedelta(minutes=turn)))) as log:
            assert log.went_back is not None
            log.end(log.begin(entry(f"earlier-{turn}")), aired())
            names = [row.broadcast for row in log.records(AskRecords()).airings]
            assert head_of(log).link == len(names)
    assert names == ["b0", "b1", "b2", *(f"{when}-{turn}" for turn in range(3) for when in ("later", "earlier"))]


def test_what_was_under_way_when_it_went_back_is_closed_as_interrupted(path: Path, later: Path) -> None:
    """As after any death."""
    air_with(later, path, "2026-03-02T05:00:00+00:00", [("b3", "2026-03-02", "loud", False)])
    with closing(AsRunLog(path, SetClock(BACK))) as log:
        assert log.went_back is not None
        row = rows_of(log)["b3"]
        assert (row.outcome, row.reason) == (Outcome.CUT, Reason.INTERRUPTED)
        assert head_of(log).link == 4


@pytest.mark.parametrize("stage", ["ready", "aside"])
def test_a_power_cut_on_the_way_back_is_finished(path: Path, later: Path, tmp_path: Path, stage: str) -> None:
    """Before the later one is put aside, or between that and the other in its place."""
    air_with(later, path, "2026-03-02T05:00:00+00:00", [("b3", "2026-03-02", "", True)])
    (tmp_path / "again").mkdir()
    for name in ("as-run.db", "as-run.db.form-7"):
        shutil.copyfile(tmp_path / name, tmp_path / "again" / name)
    AsRunLog(path, SetClock(BACK)).close()
    ready = tmp_path / "again/as-run.db.back"
    again = tmp_path / "again/as-run.db"
    if stage == "ready":
        ready.write_bytes(b"half of it")
    else:
        again.rename(tmp_path / "again/as-run.db.later-20260302T100000Z")
        shutil.copyfile(path, ready)
    with closing(AsRunLog(again, SetClock(BACK))) as log:
        assert set(rows_of(log)) == {"b0", "b1", "b2", "b3"}
        assert head_of(log).link == 4
        assert not ready.exists()


@pytest.mark.parametrize("harm", ["unknown outcome", "not saved", "no database", "damaged page", "another log"])
def test_what_can_not_be_taken_over_begins_anew_and_repeats_nothing(path: Path, harm: str) -> None:
    """A later log whose rows this version can't keep lies aside whole; what was due before is not owed."""
    AsRunLog(path, SetClock(NOON)).close()
    if harm != "not saved":
        shutil.copyfile(path, saved(path, 7))
    log = AsRunLog(path, SetClock(NOON))
    log.end(log.begin(entry("b3")), aired())
    log.close()
    become_later(path, 5, {}, "echoed" if harm == "unknown outcome" else None)
    if harm == "another log":
        with closing(sqlite3.connect(path)) as other, other:
            other.execute("UPDATE meta SET value = 'x' WHERE name = 'identity'")
    if harm == "no database":
        saved(path, 7).write_bytes(b"?" * 8192)
    if harm == "damaged page":
        content = saved(path, 7).read_bytes()
        saved(path, 7).write_bytes(content[:4096] + b"?" * (len(content) - 4096))
    with closing(AsRunLog(path, SetClock(BACK))) as log:
        assert (log.went_back, log.lost, log.created) == (None, True, BACK)
        assert log.moved_aside == path.with_name("as-run.db.later-20260302T100000Z")
        assert rows_of(log) == {}
    assert [path.name for path in path.parent.glob("*.damaged-*")] == []


def test_an_upgrade_saves_the_log_before_it_changes_its_form(path: Path, later: Path) -> None:
    """Row for row as it was, in one file."""
    before = raw(path)
    air_with(later, path, "2026-03-02T05:00:00+00:00", [])
    assert raw(saved(path, 7)) == before
    assert not saved(path, 7).with_name("as-run.db.form-7-wal").exists()


def test_without_room_to_save_it_the_log_goes_on(path: Path) -> None:
    """Storage that has room for a row has not always room for a second log; what is due is heard all the same."""
    with closing(sqlite3.connect(path)) as log, log:
        log.execute("ALTER TABLE airings DROP COLUMN beyond")
        log.execute("PRAGMA user_version = 6")
    saved(path, 6).mkdir()
    with closing(AsRunLog(path, SetClock(BACK))) as log:
        assert not log.lost
        assert set(rows_of(log)) == {"b0", "b1", "b2"}
        assert not list(path.parent.glob(".as-run.db.form-*"))
