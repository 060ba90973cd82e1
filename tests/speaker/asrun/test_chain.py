"""Whatever is changed in the as-run log afterwards shows, and names the first row that does not fit."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from box.sentences import XiaolabaError
from speaker.airing import Outcome, Priority, Reason, Result
from speaker.asrun.log import AsRunLog, Entry
from speaker.asrun.stored import RowUnreadable
from speaker.chain import Head, RowDoesNotFit, beginning, follow
from speaker.protocol import AskRecords
from speaker.record import Airing, Said
from speaker.trust.states import Trust
from tests.fakes import SetClock
from tests.thorough import examples

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
SAID = Said(message="a", title="甲", text="守好门。", clip="0" * 64, voice="v", engine="e", stand_in=False)
OTHERS = {
    "id": "99",
    "change": "99",
    "begun": "'2026-03-02T05:00:00.000000+00:00'",
    "noted": "'2026-03-02T05:00:00.000000+00:00'",
    "priority": "'emergency'",
    "origin": "'panel'",
    "who": "'别人'",
    "broadcast": "'other'",
    "day": "'2026-03-01'",
    "attempt": "7",
    "due": "NULL",
    "started": "'2026-03-02T04:00:01.000000+00:00'",
    "ended": "NULL",
    "outcome": "'refused'",
    "reason": "'stopped'",
    "frames": "101",
    "frames_played": "99",
    "lateness_ms": "0.3",
    "volume_percent": "79",
    "revision": "'r2'",
    "said": "replace(said, '守好门', '不用守')",
    "occasion": "'没有'",
    "clock": "'untrusted'",
    "link": "77",
    "hash": "'0'",
    "parts": """'[{"started":null,"ended":"2026-03-02T04:00:00Z","frames_played":1,"cut_by":2}]'""",
    "heard": """'{"verdict": "not-heard"}'""",
    "beyond": """'{"echo": "loud"}'""",
}


def entry(broadcast: str = "morning", day: int = 2) -> Entry:
    """Return what is known before it sounds."""
    return Entry(
        Priority.PROGRAMME,
        "schedule",
        "",
        broadcast,
        date(2026, 3, day),
        1,
        NOON,
        100,
        80,
        "r1",
        (SAID,),
        "",
        Trust.KEPT,
    )


def aired() -> Result:
    """Return an end."""
    return Result(Outcome.AIRED, Reason.NONE, 100, NOON, NOON, 0.25)


def rows_of(log: AsRunLog) -> list[Airing]:
    """Return the rows in the order of change, as a copy of the log asks for them."""
    return list(log.records(AskRecords(changed_after=0)).airings)


def head_of(log: AsRunLog, known: dict[int, str] | None = None) -> Head:
    """Return the head of the log's chain."""
    return follow(rows_of(log), identity(log), known or {})


def identity(log: AsRunLog) -> str:
    """Return which log it is."""
    return log.records(AskRecords()).log


def tampered(path: Path, *statements: str) -> AsRunLog:
    """Change the database as somebody with the card in hand would, and open it."""
    with closing(sqlite3.connect(path)) as other, other:
        for statement in statements:
            other.execute(statement)
    other.close()
    return AsRunLog(path, SetClock(NOON))


def changing(column: str, link: int) -> str:
    """Return the statement that changes a column of a row to something else; both are of this file."""
    return f"UPDATE airings SET {column} = {OTHERS[column]} WHERE link = {link}"  # noqa: S608 - see above


def taking_out(link: int) -> str:
    """Return the statement that takes a row out."""
    return f"DELETE FROM airings WHERE link = {link}"  # noqa: S608 - a number of this file


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give a log of five rows: three aired, one missed, one cut."""
    log = AsRunLog(tmp_path / "log.db", SetClock(NOON))
    first, second = log.begin(entry("a")), log.begin(entry("b"))
    log.not_sounded(entry("c"), Outcome.MISSED, Reason.TOO_LATE)
    log.end(second, aired())
    log.end(first, aired())
    log.end(log.begin(entry("d")), Result(Outcome.CUT, Reason.STOPPED, 10, NOON, NOON))
    log.end(log.begin(entry("e")), aired())
    log.close()
    return tmp_path / "log.db"


def test_rows_are_chained_in_the_order_of_their_finishing(path: Path) -> None:
    """Also those that never sounded; a row that is open has no place yet, and one that is left open gets one."""
    log = AsRunLog(path, SetClock(NOON))
    log.begin(entry("open"))
    assert [(row.broadcast, row.link) for row in rows_of(log)] == [
        ("c", 1), ("b", 2), ("a", 3), ("d", 4), ("e", 5), ("open", None),
    ]  # fmt: skip
    assert head_of(log).link == 5
    log.close()
    log = AsRunLog(path, SetClock(NOON + timedelta(hours=1)))
    assert head_of(log).link == 6
    log.close()


def test_every_column_is_among_what_is_tried() -> None:
    """A column that is added later must be added to the table above."""
    assert set(OTHERS) == set(Airing.__struct_fields__)


@pytest.mark.parametrize("column", OTHERS)
@pytest.mark.parametrize("row", [1, 3, 5])
def test_a_change_of_any_column_shows(path: Path, column: str, row: int) -> None:
    """The first, one in the midst, and the last."""
    log = tampered(path, changing(column, row))
    with pytest.raises((RowDoesNotFit, RowUnreadable)):
        head_of(log)
    log.close()


@pytest.mark.parametrize("row", [1, 3, 4])
def test_a_row_that_is_taken_out_shows(path: Path, row: int) -> None:
    """The sentence tells before which one it is missing."""
    log = tampered(path, taking_out(row))
    after = next(one.id for one in rows_of(log) if one.link == row + 1)
    with pytest.raises(RowDoesNotFit, match=rf"before row {after} .* 1 rows are missing"):
        head_of(log)
    log.close()


def test_a_row_that_is_put_in_shows(path: Path) -> None:
    """With a hash or without: one copied from another row is not in its place."""
    columns = ", ".join(name for name in Airing.__struct_fields__ if name not in {"id", "broadcast", "link", "hash"})
    # The columns are the struct's.
    put_in = f"INSERT INTO airings ({columns}, broadcast) SELECT {columns}, 'new' FROM airings WHERE link = 3"  # noqa: S608 - see above
    log = tampered(path, put_in)
    with pytest.raises(RowDoesNotFit, match=r"row 6 .*added"):
        head_of(log)
    log.close()
    log = tampered(path, "UPDATE airings SET link = 6, hash = (SELECT hash FROM airings WHERE link = 3) WHERE id = 6")
    with pytest.raises(RowDoesNotFit, match="row 6"):
        head_of(log)
    log.close()


def test_rows_that_change_places_show(path: Path) -> None:
    """Though each still has the hash that it had."""
    log = tampered(
        path,
        "UPDATE airings SET link = 30 WHERE link = 2",
        "UPDATE airings SET link = 2 WHERE link = 3",
        "UPDATE airings SET link = 3 WHERE link = 30",
    )
    with pytest.raises(RowDoesNotFit):
        head_of(log)
    log.close()


def test_a_log_that_was_cut_shows_by_the_hashes_kept_elsewhere(path: Path) -> None:
    """By itself it would be whole; also where new rows have come in the place of the old."""
    log = AsRunLog(path, SetClock(NOON))
    known = {row.link: row.hash for row in rows_of(log) if row.link is not None}
    log.close()
    log = tampered(path, "DELETE FROM airings WHERE link > 3")
    assert head_of(log).link == 3
    with pytest.raises(RowDoesNotFit, match="2 rows are missing"):
        head_of(log, known)
    log.end(log.begin(entry("new")), aired())
    with pytest.raises(RowDoesNotFit, match="written anew"):
        head_of(log, known)
    log.close()


def test_a_log_of_before_the_chain_begins_at_a_marked_place(tmp_path: Path) -> None:
    """Its rows have links up to 0, from then on a change of theirs shows too, and the copy is told of them anew."""
    path = tmp_path / "log.db"
    with closing(sqlite3.connect(path)) as old, old:
        old.executescript((Path(__file__).parent / "version-1.sql").read_text(encoding="utf-8"))
    old.close()
    log = AsRunLog(path, SetClock(NOON))
    log.end(log.begin(entry("evening")), aired())
    assert [(row.id, row.link) for row in rows_of(log)] == [(7, -1), (8, 0), (9, 1)]
    assert head_of(log).link == 1
    assert [row.id for row in log.records(AskRecords(changed_after=10)).airings] == [7, 8, 9]
    log.close()
    log = tampered(path, "UPDATE airings SET who = '李四' WHERE id = 8")
    with pytest.raises(RowDoesNotFit, match="row 8"):
        head_of(log)
    log.close()
    log = tampered(path, "DELETE FROM airings WHERE id = 7")
    with pytest.raises(RowDoesNotFit):
        head_of(log)
    log.close()


def test_an_old_row_that_can_not_be_read_keeps_no_box_from_sounding(tmp_path: Path) -> None:
    """The log opens, goes on, and every check of it tells."""
    path = tmp_path / "log.db"
    with closing(sqlite3.connect(path)) as old, old:
        old.executescript((Path(__file__).parent / "version-1.sql").read_text(encoding="utf-8"))
        old.execute("UPDATE airings SET said = 'nonsense' WHERE id = 7")
    old.close()
    log = AsRunLog(path, SetClock(NOON))
    log.end(log.begin(entry("evening")), aired())
    with pytest.raises(RowUnreadable, match="row 7"):
        head_of(log)
    log.close()


def test_another_log_is_another_chain(path: Path) -> None:
    """Rows of one box are none of another's."""
    log = AsRunLog(path, SetClock(NOON))
    with pytest.raises(RowDoesNotFit):
        follow(rows_of(log), "another")
    assert beginning("one") != beginning("another")
    log.close()


def test_an_end_of_a_log_can_be_checked_alone(path: Path) -> None:
    """The first of its rows is believed, what follows is held to it."""
    log = AsRunLog(path, SetClock(NOON))
    rows = rows_of(log)[2:]
    assert follow(rows, identity(log), from_the_first=False).link == 5
    with pytest.raises(RowDoesNotFit):
        follow([rows[0], rows[2]], identity(log), from_the_first=False)
    with pytest.raises(RowDoesNotFit):
        follow(rows, identity(log))
    log.close()


acts = st.lists(st.sampled_from(["begin", "end", "missed", "note", "die"]), min_size=3, max_size=14)


@settings(max_examples=examples(40, everyday=20), deadline=None)
@given(acts=acts, column=st.sampled_from(sorted(OTHERS)), which=st.integers(0, 100), deleted=st.booleans())
def test_any_life_of_a_log_is_whole_and_any_change_of_it_shows(
    tmp_path_factory: pytest.TempPathFactory, acts: list[str], column: str, which: int, deleted: bool
) -> None:
    """Whatever begins, ends, is missed or interrupted; then one column of one row changes, or the row goes."""
    path = tmp_path_factory.mktemp("log") / "log.db"
    clock = SetClock(NOON)
    log = AsRunLog(path, clock)
    opened: list[int] = []
    for number, act in enumerate(acts):
        clock.advance(60)
        if act == "begin":
            opened.append(log.begin(entry(f"b{number}")))
        elif act == "missed":
            log.not_sounded(entry(f"b{number}"), Outcome.MISSED, Reason.TOO_LATE)
        elif act == "die":
            log.close()
            log, opened = AsRunLog(path, clock), []
        elif opened:
            row = opened.pop() if act == "end" else opened[0]
            log.end(row, replace(aired(), frames_played=number)) if act == "end" else log.note(row, number)
    rows = rows_of(log)
    known = {row.link: row.hash for row in rows if row.link is not None}
    head = head_of(log, known)
    assert head.link == len(known)
    log.close()
    if not known:
        return
    link = 1 + which % len(known)
    before = rows[[row.link for row in rows].index(link)]
    log = tampered(path, taking_out(link) if deleted else changing(column, link))
    after = {row.id: row for row in rows_of_what_can_be_read(log)}.get(before.id)
    if after != before:
        with pytest.raises(XiaolabaError):
            head_of(log, known)
    log.close()


def rows_of_what_can_be_read(log: AsRunLog) -> list[Airing]:
    """Return the rows, none where one can't be read."""
    try:
        return rows_of(log)
    except RowUnreadable:
        return []
