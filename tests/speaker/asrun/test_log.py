"""The as-run log: durable before sound, once, and never forgotten."""

import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from programme.cues import Occurrence
from speaker.airing import Outcome, Priority, Reason, Result
from speaker.asrun.database import LogUnwritable, put_in_place
from speaker.asrun.ledger import NEVER, Attempt
from speaker.asrun.log import AsRunLog, Entry
from speaker.chain import follow
from speaker.protocol import LONGEST_LINE_BYTES, AskRecords
from speaker.record import Part, Said
from speaker.trust.states import Trust
from tests.fakes import SetClock

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@pytest.fixture
def clock():
    """Give a clock that stands at noon in Shanghai on 2 March 2026."""
    return SetClock(NOON)


def entry(broadcast="morning", *, day=date(2026, 3, 2), attempt=1, priority=Priority.PROGRAMME, text="你好。") -> Entry:
    """Return what is known before it sounds."""
    said = Said(message="a", title="甲", text=text, clip="0" * 64, voice="v", engine="e", stand_in=True)
    return Entry(priority, "schedule", "", broadcast, day, attempt, NOON, 100, 80, "r1", (said,))


def result(outcome=Outcome.AIRED, reason=Reason.NONE, played=100) -> Result:
    """Return an end."""
    return Result(outcome, reason, played, NOON, NOON, 0.25)


def test_a_row_is_written_before_and_completed_after(tmp_path, clock):
    """Another connection sees both at once, and what was said as it was then."""
    log = AsRunLog(tmp_path / "log.db", clock)
    row = log.begin(entry())
    with closing(sqlite3.connect(tmp_path / "log.db")) as other, other:
        assert other.execute("SELECT id, outcome FROM airings").fetchall() == [(row, None)]
    other.close()
    log.end(row, result())
    (airing,) = log.records(AskRecords()).airings
    assert (airing.outcome, airing.frames_played, airing.lateness_ms) == (Outcome.AIRED, 100, 0.25)
    assert airing.said == entry().said
    log.close()


def test_an_attempt_is_begun_once(tmp_path, clock):
    """The database itself refuses the second; a page has an identity of its own."""
    log = AsRunLog(tmp_path / "log.db", clock)
    log.begin(entry())
    with pytest.raises(LogUnwritable):
        log.begin(entry())
    assert log.refusal is not None
    log.begin(entry(priority=Priority.PAGE))
    log.begin(entry(priority=Priority.PAGE))
    log.begin(entry(attempt=2))
    assert log.refusal is None
    log.close()


def test_an_end_is_written_once(tmp_path, clock):
    """A row that has ended stays as it is."""
    log = AsRunLog(tmp_path / "log.db", clock)
    row = log.begin(entry())
    log.end(row, result())
    log.end(row, result(Outcome.CUT, Reason.STOPPED))
    assert log.records(AskRecords()).airings[0].outcome is Outcome.AIRED
    log.close()


def test_death_leaves_a_row_that_the_next_life_closes(tmp_path, clock):
    """Cut as interrupted, with the frames last known and the instant they were known at."""
    log = AsRunLog(tmp_path / "log.db", clock)
    row = log.begin(entry())
    clock.advance(30)
    log.note(row, 60)
    log.close()
    clock.advance(3600)
    log = AsRunLog(tmp_path / "log.db", clock)
    (airing,) = log.records(AskRecords()).airings
    assert (airing.outcome, airing.reason, airing.frames_played) == (Outcome.CUT, Reason.INTERRUPTED, 60)
    assert airing.ended == datetime(2026, 3, 2, 4, 0, 30, tzinfo=UTC)
    log.close()


def test_a_copy_of_the_log_follows_by_change(tmp_path, clock):
    """Rows that changed after a number come in the order of change, with their latest state."""
    log = AsRunLog(tmp_path / "log.db", clock)
    first, second = log.begin(entry()), log.begin(entry("evening"))
    seen = log.records(AskRecords(changed_after=0)).airings[-1].change
    log.end(first, result())
    changed = log.records(AskRecords(changed_after=seen)).airings
    assert [(one.id, one.outcome) for one in changed] == [(first, Outcome.AIRED)]
    assert second == first + 1
    log.close()


def test_records_are_asked_by_day_and_in_pages(tmp_path, clock):
    """``more`` says that there are others."""
    log = AsRunLog(tmp_path / "log.db", clock)
    for day in range(1, 6):
        log.begin(entry(day=date(2026, 3, day)))
    days = log.records(AskRecords(first=date(2026, 3, 2), last=date(2026, 3, 4)))
    assert [one.day.day for one in days.airings] == [2, 3, 4]
    page = log.records(AskRecords(most=2))
    assert (len(page.airings), page.more) == (2, True)
    rest = log.records(AskRecords(after=page.airings[-1].id))
    assert (len(rest.airings), rest.more) == (3, False)
    log.close()


def test_records_fit_in_a_line(tmp_path, clock):
    """However long the texts are; a row that is too large for that comes alone, and every word of it."""
    log = AsRunLog(tmp_path / "log.db", clock)
    for day in range(1, 31):
        log.begin(entry(day=date(2026, 3, day), text="稿" * 2000))
    reply = log.records(AskRecords())
    assert reply.more
    assert len(msgspec.json.encode(reply)) < LONGEST_LINE_BYTES
    log.begin(entry("huge", text="稿" * 30_000))
    log.begin(entry("last"))
    huge = log.records(AskRecords(after=30))
    assert [airing.said[0].text for airing in huge.airings] == ["稿" * 30_000]
    assert huge.more
    log.close()


def test_an_older_log_is_brought_up_to_date_without_loss(tmp_path, clock):
    """In place: every row is as it was, its number too, what was owed is still owed, and new rows say more."""
    path = tmp_path / "log.db"
    with closing(sqlite3.connect(path)) as old, old:
        old.executescript((Path(__file__).parent / "version-1.sql").read_text(encoding="utf-8"))
    old.close()
    log = AsRunLog(path, clock)
    assert log.moved_aside is None
    assert not log.lost
    first, second = log.records(AskRecords()).airings
    assert (first.id, first.outcome, first.who) == (7, Outcome.AIRED, "")
    assert first.said[0].text == "守好门。"
    assert (second.id, second.reason, second.occasion, second.clock) == (8, Reason.BUSY, "", None)
    assert dict(log.ledger([]).owed_since) == {"morning": datetime(2026, 3, 1, tzinfo=UTC)}
    log.begin(replace(entry(priority=Priority.EMERGENCY), occasion="煤气泄漏", clock=Trust.KEPT))
    log.close()
    log = AsRunLog(path, clock)
    assert [(one.id, one.occasion) for one in log.records(AskRecords()).airings] == [(7, ""), (8, ""), (9, "煤气泄漏")]
    assert log.begin(entry(day=date(2026, 3, 3))) == 10
    log.close()


def test_the_last_airing_is_by_a_clock_that_was_believed(tmp_path, clock):
    """Rows from before that was known count; rows of a clock that nobody believed do not."""
    log = AsRunLog(tmp_path / "log.db", clock)
    assert log.last_airing() is None
    log.begin(entry())
    clock.advance(60)
    log.begin(replace(entry("evening"), clock=Trust.KEPT))
    clock.advance(60)
    log.not_sounded(replace(entry("late"), clock=Trust.UNTRUSTED), Outcome.REFUSED, Reason.CLOCK_UNTRUSTED)
    assert log.last_airing() == datetime(2026, 3, 2, 4, 1, tzinfo=UTC)
    assert [row.clock for row in log.records(AskRecords()).airings] == [None, Trust.KEPT, Trust.UNTRUSTED]
    log.close()


def test_a_clock_that_was_years_ahead_once_is_not_the_last_airing(tmp_path, clock):
    """Somebody confirmed a wrong year, and a time server put it right: no clock chip would be believed until then."""
    log = AsRunLog(tmp_path / "log.db", clock)
    clock.step(4 * 365 * 24 * 3600)
    log.begin(replace(entry(), clock=Trust.KEPT))
    clock.step(-4 * 365 * 24 * 3600)
    clock.advance(60)
    log.begin(replace(entry("evening"), clock=Trust.SYNCHRONISED))
    assert log.last_airing() == NOON + timedelta(seconds=60)
    log.close()


def test_a_log_begun_in_doubt_counts_from_when_the_time_is_known(tmp_path, clock):
    """So do the broadcasts that were put on air meanwhile."""
    log = AsRunLog(tmp_path / "log.db", clock, in_doubt=True)
    log.owe({"a": "07:30"}, NEVER)
    log.know_nothing_after(NOON)
    assert log.created == NOON
    assert dict(log.ledger([]).owed_since) == {"a": NOON}
    log.close()


@pytest.mark.parametrize("damage", ["garbage", "page", "foreign"])
def test_a_damaged_log_is_moved_aside(tmp_path, clock, damage):
    """Never deleted; the new one knows that it follows a lost one, and its numbers do not come again."""
    path = tmp_path / "log.db"
    if damage == "foreign":
        with closing(sqlite3.connect(path)) as other, other:
            other.execute("PRAGMA journal_mode = WAL")
            other.execute("CREATE TABLE cats (name TEXT)")
        other.close()
    else:
        log = AsRunLog(path, clock)
        for day in range(1, 29):
            log.begin(entry(day=date(2026, 3, day), text="稿" * 300))
        log.close()
        content = bytearray(path.read_bytes())
        content[0 if damage == "garbage" else 4096 : 12_000] = b"\x5a" * 4000
        path.write_bytes(content)
    before = path.read_bytes()
    log = AsRunLog(path, clock)
    assert log.moved_aside == tmp_path / "log.db.damaged-20260302T040000Z"
    assert log.moved_aside.read_bytes() == before
    assert log.lost
    assert log.begin(entry()) > 1_000_000
    log.close()


def test_a_log_is_lost_if_there_must_have_been_one(tmp_path, clock):
    """A kept publication without a log says so; the answer outlives a restart."""
    for name, there_was_one in (("new.db", False), ("gone.db", True)):
        AsRunLog(tmp_path / name, clock, follows_another=there_was_one).close()
        log = AsRunLog(tmp_path / name, clock, follows_another=True)
        assert log.lost is there_was_one
        log.close()


def test_storage_that_refuses_is_a_sentence(tmp_path, clock):
    """In both languages, when opening."""
    (tmp_path / "log.db").mkdir()
    with pytest.raises(LogUnwritable) as caught:
        AsRunLog(tmp_path / "log.db", clock)
    assert "存储卡" in caught.value.sentence.zh


def test_the_ledger_of_some_days(tmp_path, clock):
    """Attempts in their order; pages are none."""
    log = AsRunLog(tmp_path / "log.db", clock)
    log.end(log.begin(entry()), result(Outcome.CUT, Reason.INTERRUPTED, 40))
    log.begin(entry(attempt=2))
    log.begin(entry("evening", priority=Priority.PAGE))
    ledger = log.ledger([date(2026, 3, 1), date(2026, 3, 2)])
    assert dict(ledger.attempts) == {
        Occurrence(date(2026, 3, 2), "morning"): (
            Attempt(1, Outcome.CUT, Reason.INTERRUPTED, 40, NOON),
            Attempt(2, None, begun=NOON),
        )
    }
    log.close()


@pytest.mark.parametrize(
    ("frames", "heard", "ending", "known", "reached"),
    [
        (480_000, 336_000, 144_000, 336_000, True),
        (480_000, 336_480, 144_000, 336_480, True),  # it was noted a little late
        (480_000, 700_000, 144_000, 700_000, True),  # it was cut, and went on from the start of a message
        (480_000, 100_000, 72_000, 408_000, True),  # the rest of one that was cut
        (480_000, 335_999, None, 335_999, False),
        (480_000, 336_000, None, 336_000, True),
        (1, 1, 0, 1, True),
        (1, 0, None, 0, False),
    ],
)
def test_one_that_died_at_its_ending_is_known_for_it(tmp_path, clock, *, frames, heard, ending, known, reached):
    """Three seconds, or half of what is shorter than six; ``ending`` is what was noted for good, None for a look."""
    log = AsRunLog(tmp_path / "log.db", clock)
    row = log.begin(replace(entry(), frames=frames))
    if ending is None:
        log.note(row, heard)
    else:
        log.note_ending(row, heard, ending)
    log.close()
    log = AsRunLog(tmp_path / "log.db", clock)
    ((attempt,),) = log.ledger([date(2026, 3, 2)]).attempts.values()
    assert attempt == Attempt(1, Outcome.CUT, Reason.INTERRUPTED, known, NOON, reached_its_end=reached)
    log.close()


def test_a_broadcast_is_owed_since_it_has_its_time(tmp_path, clock):
    """A change of the hour begins it anew, a restart does not, and a clock set back takes it along."""
    log = AsRunLog(tmp_path / "log.db", clock)
    log.owe({"a": "07:30", "b": "18:30"}, NOON)
    clock.advance(60)
    later = clock.now()
    log.owe({"a": "07:30", "b": "18:31"}, later)
    assert dict(log.ledger([]).owed_since) == {"a": NOON, "b": later}
    log.know_nothing_after(datetime(2026, 3, 2, tzinfo=UTC))
    assert log.created == datetime(2026, 3, 2, tzinfo=UTC)
    assert set(log.ledger([]).owed_since.values()) == {datetime(2026, 3, 2, tzinfo=UTC)}
    log.close()


def test_frames_of_a_day_add_up(tmp_path, clock):
    """By when the airing was begun; what was cut counts for what sounded."""
    log = AsRunLog(tmp_path / "log.db", clock)
    log.end(log.begin(entry()), result())
    log.end(log.begin(entry("evening")), result(Outcome.CUT, Reason.STOPPED, 30))
    clock.advance(86_400)
    log.end(log.begin(entry("late")), result())
    assert log.frames_between(NOON, datetime(2026, 3, 3, tzinfo=UTC)) == 130
    log.close()


def test_what_was_cut_keeps_its_parts_in_its_row(tmp_path, clock):
    """While it is to go on the row is open and counts what was heard; a power cut leaves that much of it on record."""
    log = AsRunLog(tmp_path / "log.db", clock)
    part = Part(started=NOON, ended=NOON, frames_played=40, cut_by=2)
    row = log.begin(entry())
    log.hold(row, [part])
    (held,) = log.records(AskRecords()).airings
    assert (held.outcome, held.frames_played, held.parts, held.link) == (None, 40, (part,), None)
    log.close()
    log = AsRunLog(tmp_path / "log.db", clock)
    (left,) = log.records(AskRecords()).airings
    assert (left.reason, left.frames_played, left.parts) == (Reason.INTERRUPTED, 40, (part,))
    rest = Part(started=NOON, ended=NOON, frames_played=60)
    second = log.begin(entry(attempt=2))
    log.end(second, result(), [part, rest])
    rows = log.records(AskRecords()).airings
    assert rows[1].parts == (part, rest)
    assert follow(rows, log.records(AskRecords()).log).link == 2
    log.close()


def test_who_reads_the_log_holds_up_no_writing(tmp_path):
    """Somebody's transaction may stay open for ever; what is written meanwhile is brought in by the next write."""
    path = tmp_path / "log.db"
    with closing(sqlite3.connect(path, isolation_level=None, timeout=30)) as log:
        log.execute("PRAGMA journal_mode = WAL")
        log.execute("CREATE TABLE rows (n)")
        with closing(sqlite3.connect(path, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM rows").fetchone()
            log.execute("INSERT INTO rows VALUES (1)")
            begun = time.monotonic()
            put_in_place(log)
            assert time.monotonic() - begun < 20
            assert log.execute("PRAGMA busy_timeout").fetchone() == (30_000,)
        log.execute("INSERT INTO rows VALUES (2)")
        put_in_place(log)
        assert path.with_name("log.db-wal").stat().st_size == 0


def test_what_is_armed_before_midnight_counts_for_the_day_it_is_due(tmp_path):
    """Its row is begun three seconds early: by its due instant it belongs to the new day."""
    midnight = datetime(2026, 3, 2, tzinfo=UTC)
    log = AsRunLog(tmp_path / "log.db", SetClock(midnight - timedelta(seconds=3)))
    log.end(log.begin(replace(entry(), due=midnight)), result())
    assert log.frames_between(midnight - timedelta(days=1), midnight) == 0
    assert log.frames_between(midnight, midnight + timedelta(days=1)) == 100
    log.close()
