"""A row that was listened to is chained when the verdict is known."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from speaker.asrun.log import AsRunLog
from speaker.chain import RowDoesNotFit
from speaker.heard import Hearing
from speaker.record import Airing
from tests.fakes import SetClock
from tests.speaker.asrun.test_chain import NOON, aired, entry, head_of, rows_of

HEARD = Hearing(verdict="heard", likeness_percent=84, above_noise_db=21.4, delay_ms=140)
INTERRUPTED = Hearing(verdict="not-listened", why="interrupted")


@pytest.fixture
def log(tmp_path: Path):
    """Give an empty log."""
    log = AsRunLog(tmp_path / "log.db", SetClock(NOON))
    yield log
    log.close()


def listened_to(log: AsRunLog, broadcast: str, number: int) -> int:
    """End a row that waits for the verdict of that number."""
    row = log.begin(entry(broadcast))
    log.end(row, replace(aired(), listening=number))
    return row


def row_of(log: AsRunLog, broadcast: str) -> Airing:
    """Return the row of a broadcast."""
    return next(row for row in rows_of(log) if row.broadcast == broadcast)


def test_it_has_ended_at_once_and_is_chained_with_its_verdict(log: AsRunLog) -> None:
    """Power may go in between: that it was aired must not wait for what the microphone says."""
    listened_to(log, "a", 1)
    waiting = row_of(log, "a")
    assert (waiting.outcome, waiting.link, waiting.heard) == ("aired", None, Hearing(verdict="pending"))
    assert head_of(log).link == 0
    assert log.hear(1, HEARD)
    assert (row_of(log, "a").heard, row_of(log, "a").link) == (HEARD, 1)
    assert head_of(log).link == 1


def test_what_is_not_listened_to_is_chained_at_once_and_says_nothing(log: AsRunLog) -> None:
    """Also while another row waits."""
    listened_to(log, "a", 1)
    log.end(log.begin(entry("b")), aired())
    assert (row_of(log, "b").heard, row_of(log, "b").link) == (None, 1)
    log.hear(1, HEARD)
    assert head_of(log).link == 2


def test_a_verdict_that_nobody_awaits_changes_nothing(log: AsRunLog) -> None:
    """It is of a part of an airing that went on afterwards, or came after another row had ended."""
    listened_to(log, "a", 1)
    listened_to(log, "b", 2)
    assert row_of(log, "a").heard == INTERRUPTED
    assert not log.hear(1, HEARD)
    assert log.hear(2, HEARD)
    assert not log.hear(2, INTERRUPTED)
    assert (row_of(log, "a").heard, row_of(log, "b").heard) == (INTERRUPTED, HEARD)
    assert head_of(log).link == 2


def test_an_orderly_end_chains_what_waits(tmp_path: Path) -> None:
    """And so does the next start, after power has gone."""
    log = AsRunLog(tmp_path / "log.db", SetClock(NOON))
    listened_to(log, "a", 1)
    log.close()
    log = AsRunLog(tmp_path / "log.db", SetClock(NOON))
    listened_to(log, "b", 1)
    other = AsRunLog(tmp_path / "log.db", SetClock(NOON))  # as after a power cut: the first was never closed
    assert [row.heard for row in rows_of(other)] == [INTERRUPTED, INTERRUPTED]
    assert head_of(other).link == 2
    other.close()
    log.close()


def test_two_rows_that_wait_are_one_too_many(tmp_path: Path) -> None:
    """Else a row could be added that is in no chain and would never have to be."""
    log = AsRunLog(tmp_path / "log.db", SetClock(NOON))
    listened_to(log, "a", 1)
    log.end(log.begin(entry("b")), aired())
    log.end(log.begin(entry("c")), aired())
    with closing(sqlite3.connect(tmp_path / "log.db")) as other, other:
        (pending,) = other.execute("SELECT heard FROM airings WHERE link IS NULL").fetchone()
        other.execute("UPDATE airings SET heard = ?, link = NULL, hash = '' WHERE link = 1", (pending,))
    with pytest.raises(RowDoesNotFit):
        head_of(log)
    log.close()


def test_the_last_verdicts_come_newest_first(log: AsRunLog) -> None:
    """Rows that nobody listened to are passed over."""
    for number, broadcast in enumerate("abc", start=1):
        listened_to(log, broadcast, number)
        log.hear(number, replace_percent(HEARD, number))
        log.end(log.begin(entry(f"{broadcast}-page")), aired())
    assert [one.likeness_percent for one in log.last_hearings(2)] == [3, 2]


def replace_percent(hearing: Hearing, percent: int) -> Hearing:
    """Return the hearing with another likeness."""
    return Hearing(verdict=hearing.verdict, likeness_percent=percent)


def test_a_verdict_that_comes_before_the_end_is_kept_for_it(log: AsRunLog) -> None:
    """What was cut and did not go on ends long after it was listened to; so does what could not be written."""
    row = log.begin(entry("a"))
    assert not log.hear(7, HEARD)
    log.end(row, replace(aired(), listening=7))
    assert (row_of(log, "a").heard, row_of(log, "a").link) == (HEARD, 1)


def test_not_every_verdict_is_kept_for_ever(log: AsRunLog) -> None:
    """Those of parts that were followed by another are asked for by nobody."""
    for number in range(1, 40):
        log.hear(number, HEARD)
    row = log.begin(entry("a"))
    log.end(row, replace(aired(), listening=1))
    assert row_of(log, "a").heard == Hearing(verdict="pending")
