"""The records' way to the hub: nothing is left out, and what was acknowledged is not sent again."""

import sqlite3
from contextlib import closing

import pytest

from fleet.agent.records import COPY_AWAY_SECONDS, COPY_SECONDS, LOOK_SECONDS, PATIENCE_SECONDS, RecordsSending
from fleet.hub.database import Database
from fleet.hub.inbox import Inbox
from fleet.wire.documents import Acknowledged, LogMark
from fleet.wire.rows import MOST_ROWS, Rows
from tests.fakes import SetClock
from tests.fleet.agent.fakes import NOW, FakeSpeaker, a_row


class Yard:
    """A yard's log, and a hub that has heard of it."""

    def __init__(self, room) -> None:
        self.room = room
        self.clock = SetClock(NOW)
        self.speaker = FakeSpeaker(self.clock)
        self.sent: list[Rows] = []
        self.sending = self.a_sending()

    def a_sending(self) -> RecordsSending:
        """Return the sending as a start of the agent makes it."""
        return RecordsSending(self.room, self.speaker, self.clock, self.sent.append)

    def step(self, seconds: float = LOOK_SECONDS) -> list[int]:
        """Let time pass and the next be sent; return the rows' numbers."""
        self.clock.advance(seconds)
        self.sent.clear()
        self.sending.step()
        return [row.id for rows in self.sent for row in rows.airings()]

    def acknowledge(self, change: int, log: str = "log-1") -> None:
        """Let the hub say that it has them."""
        self.sending.acknowledged(Acknowledged(marks=(LogMark(log=log, change=change),)))


@pytest.fixture
def yard(tmp_path):
    """Give a yard with three rows."""
    one = Yard(tmp_path)
    one.speaker.rows = [a_row(number, number) for number in (1, 2, 3)]
    return one


def test_what_was_acknowledged_is_not_sent_again(yard):
    """Also not after a restart: the mark is on the disk."""
    assert yard.step() == [1, 2, 3]
    yard.acknowledge(3)
    assert yard.step() == []
    yard.sending = yard.a_sending()
    assert yard.step() == []
    yard.speaker.rows.append(a_row(4, 4))
    assert yard.step() == [4]
    assert yard.sent[0].after == 3


def test_what_the_hub_does_not_answer_is_sent_again_after_a_while(yard):
    """The broker's word counts for nothing: only the hub's own."""
    assert yard.step() == [1, 2, 3]
    assert yard.step() == []
    assert yard.step(PATIENCE_SECONDS) == [1, 2, 3]


def test_after_a_new_connection_it_is_sent_again_at_once(yard):
    """Nobody knows what was lost with the old one."""
    assert yard.step() == [1, 2, 3]
    yard.sending.reconnected()
    assert yard.step(0) == [1, 2, 3]


def test_a_row_that_changed_goes_again(yard):
    """A row is sent while it sounds and when it has ended."""
    yard.step()
    yard.acknowledge(3)
    yard.speaker.rows[2] = a_row(3, 9)
    assert yard.step() == [3]


def test_a_hub_that_was_restored_gets_what_it_lost(yard):
    """Yesterday's disk knows of one row only: it says so, and the others come again."""
    yard.step()
    yard.acknowledge(3)
    yard.acknowledge(1)
    assert yard.step(0) == [2, 3]


def test_a_hub_that_knows_nothing_of_the_log_gets_all(yard):
    """A hub that was founded anew names no log."""
    yard.step()
    yard.acknowledge(3)
    yard.sending.acknowledged(Acknowledged(marks=()))
    assert yard.step(0) == [1, 2, 3]


def test_a_log_that_was_begun_anew_is_sent_from_its_beginning(yard):
    """Its numbers begin again, and are no rows of the one before."""
    yard.step()
    yard.acknowledge(3)
    yard.speaker.log, yard.speaker.rows = "log-2", [a_row(1, 1)]
    assert yard.step() == [1]
    assert (yard.sent[0].log, yard.sent[0].after) == ("log-2", 0)


def test_many_rows_go_in_turn(yard):
    """A week without network is a few hundred rows: so many at a time, the next when those are acknowledged."""
    yard.speaker.rows = [a_row(number, number) for number in range(1, MOST_ROWS + 51)]
    assert yard.step() == list(range(1, MOST_ROWS + 1))
    yard.acknowledge(MOST_ROWS)
    assert yard.step(0) == list(range(MOST_ROWS + 1, MOST_ROWS + 51))


def test_while_the_speaker_is_away_nothing_is_sent(yard):
    """And nothing is forgotten."""
    yard.speaker.away = True
    assert yard.step() == []
    yard.speaker.away = False
    assert yard.step() == [1, 2, 3]


def set_aside(yard, *, copied: bool = True) -> None:
    """Let the speaker begin another log, with one row, while the hub has none of the three before."""
    if copied:
        yard.clock.advance(COPY_SECONDS)
        yard.sending.keep(is_reached=True)
    yard.speaker.log, yard.speaker.rows = "log-2", [a_row(1, 1)]


@pytest.mark.parametrize("restarted", [False, True])
def test_what_the_hub_lacks_of_a_log_that_was_set_aside_is_sent_first(yard, restarted):
    """Damaged, or of a version that was taken back: its rows go as that log's, once, and the new one's follow."""
    set_aside(yard)
    if restarted:
        yard.sending = yard.a_sending()
    assert yard.step() == [1, 2, 3]
    assert [(rows.log, rows.after) for rows in yard.sent] == [("log-1", 0)]
    yard.acknowledge(3)
    assert yard.step(0) == [1]
    assert yard.sent[0].log == "log-2"
    yard.sending.acknowledged(Acknowledged(marks=(LogMark(log="log-1", change=3), LogMark(log="log-2", change=1))))
    assert yard.step(0) == []
    assert yard.a_sending().unacknowledged(9) == ()


def test_only_what_the_hub_lacks_is_left_of_it(yard):
    """What it has acknowledged is not copied, and not sent again."""
    yard.step()
    yard.acknowledge(2)
    set_aside(yard)
    assert yard.step(0) == [3]
    assert yard.sent[0].after == 2


def test_a_row_is_copied_as_it_was_last(yard):
    """It changed twice before the log was lost."""
    yard.clock.advance(COPY_SECONDS)
    yard.sending.keep(is_reached=True)
    yard.speaker.rows[2] = a_row(3, 9, who="later")
    set_aside(yard)
    yard.step()
    assert [row.who for row in yard.sent[0].airings()] == ["", "", "later"]


def test_what_is_left_of_it_goes_with_a_stick_too(yard):
    """In front of what the log of now has; with the speaker away, alone."""
    set_aside(yard)
    assert [(rows.log, len(rows.rows)) for rows in yard.sending.unacknowledged(9)] == [("log-1", 3), ("log-2", 1)]
    yard.speaker.away = True
    assert [rows.log for rows in yard.sending.unacknowledged(9)] == ["log-1"]


def test_a_log_that_comes_back_is_sent_as_the_log_of_now(yard):
    """A version was taken back and put in again: its rows go on where the hub has them, none twice."""
    set_aside(yard)
    yard.step()
    yard.speaker.log, yard.speaker.rows = "log-1", [a_row(number, number) for number in (1, 2, 3, 4)]
    yard.acknowledge(3)
    assert yard.step(0) == [4]
    assert (yard.sent[0].log, yard.sent[0].after) == ("log-1", 3)


def test_a_row_that_only_a_later_version_can_read_keeps_no_other_from_the_hub(yard, tmp_path):
    """That version was taken back: what is before the row is sent, then the log of now, and the row stays."""
    set_aside(yard)
    with closing(sqlite3.connect(tmp_path / "unsent.sqlite")) as unsent, unsent:
        unsent.execute("UPDATE unsent SET row = CAST(replace(row, '\"aired\"', '\"echoed\"') AS BLOB) WHERE id = 2")
    assert yard.step(0) == [1]
    yard.acknowledge(1)
    assert (yard.step(0), yard.sent[0].log) == ([1], "log-2")
    assert [rows.log for rows in yard.sending.unacknowledged(9)] == ["log-2"]
    with closing(sqlite3.connect(tmp_path / "unsent.sqlite")) as unsent:
        assert unsent.execute("SELECT id FROM unsent ORDER BY id").fetchall() == [(2,), (3,)]


def test_while_the_hub_can_not_be_reached_the_latest_rows_are_copied_too(yard):
    """The log is lost some seconds after the last of them was written."""
    yard.sending.keep(is_reached=False)
    yard.speaker.rows.append(a_row(4, 4))
    yard.clock.advance(COPY_AWAY_SECONDS)
    yard.sending.keep(is_reached=False)
    yard.speaker.log, yard.speaker.rows = "log-2", []
    assert yard.step() == [1, 2, 3, 4]


def test_what_is_there_at_the_start_is_copied_at_once(yard):
    """This process was away for long, and the log is lost before the hub has answered."""
    yard.sending.keep(is_reached=False)
    yard.speaker.log, yard.speaker.rows = "log-2", []
    assert yard.step() == [1, 2, 3]


def test_while_the_hub_answers_nothing_is_copied(yard, tmp_path):
    """What is acknowledged in time costs the card nothing."""
    yard.step()
    yard.acknowledge(3)
    yard.clock.advance(COPY_SECONDS)
    yard.sending.keep(is_reached=True)
    assert not (tmp_path / "unsent.sqlite").exists()


def test_a_hub_that_lost_rows_has_them_copied_again(yard):
    """Its word went back, and the log is lost before they could be sent."""
    yard.step()
    yard.acknowledge(3)
    yard.acknowledge(1)
    set_aside(yard)
    assert yard.step(0) == [2, 3]


def test_a_copy_that_is_damaged_is_begun_anew(yard, tmp_path):
    """The log is the speaker's; what it still has is copied again."""
    yard.clock.advance(COPY_SECONDS)
    yard.sending.keep(is_reached=True)
    for path in tmp_path.glob("unsent.sqlite*"):
        path.write_bytes(b"?" * 4096)
    yard.sending = yard.a_sending()
    set_aside(yard)
    assert yard.step() == [1, 2, 3]


def test_the_hubs_ledger_has_every_row_of_both_logs_once(yard, tmp_path):
    """Its own database: three of the log that was set aside, one of the log of now, however often they are sent."""
    with closing(Database(tmp_path / "hub.sqlite")) as database:
        inbox = Inbox(database)
        set_aside(yard)
        for _ in range(4):
            yard.step(PATIENCE_SECONDS)
            for rows in yard.sent * 2:
                inbox.take_rows("panlong-4", rows, NOW)
            yard.sending.acknowledged(inbox.acknowledged("panlong-4"))
        kept = inbox.airings(NOW.date(), NOW.date(), "panlong-4", 0, 100).airings
        assert [(one.log, one.airing.id) for one in kept] == [("log-1", 1), ("log-1", 2), ("log-1", 3), ("log-2", 1)]
    assert yard.step(PATIENCE_SECONDS) == []
