"""What devices told: kept once, in order, without gaps, within bounds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from fleet.hub.database import Database
from fleet.hub.inbox import MOST_OPEN_PROPOSALS, MOST_REPORTS, Inbox, KeptNewer
from fleet.hub.listening import OFFLINE_AFTER, is_online
from fleet.wire.accounts import LAST_WILL, DeviceState, Proposal, ProposedWords, Report, What
from fleet.wire.rows import rows_of
from fleet.wire.topics import Inward
from tests.fleet.wire.test_accounts import airing

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)
DAY = NOW.date()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Return a registry of its own."""
    one = Database(tmp_path / "fleet.sqlite")
    yield one
    one.close()


def written(database: Database) -> datetime:
    """Return when the state that is on the disk came."""
    with database.transaction() as connection:
        return datetime.fromisoformat(connection.execute("SELECT received FROM state").fetchone()[0])


def test_a_state_that_says_nothing_new_wears_no_card(database: Database) -> None:
    """Each box tells how it is every five minutes; what has changed is on the disk, the rest is remembered."""
    inbox = Inbox(database)
    for minute in range(0, 20, 5):
        now = NOW + timedelta(minutes=minute)
        inbox.take_state("a", DeviceState(online=True, version="1", now=now), now)
    assert inbox.states()["a"][1] == NOW + timedelta(minutes=15)
    assert written(database) == NOW
    inbox.take_state("a", LAST_WILL, NOW + timedelta(minutes=16))
    assert written(database) == NOW + timedelta(minutes=16)
    assert Inbox(database).state_of("a") == LAST_WILL


def test_a_state_whose_act_came_to_nothing_is_kept_when_it_is_taken_again(database: Database) -> None:
    """Many are taken in as one act; where one of them fails, the others are told once more (``fleet.hub.intake``)."""
    inbox = Inbox(database)
    inbox.take_state("a", DeviceState(online=True), NOW)
    with pytest.raises(ValueError, match="another"), database.transaction():
        inbox.take_state("a", LAST_WILL, NOW)
        raise ValueError("another of the same act")
    inbox.take_state("a", LAST_WILL, NOW)
    assert Inbox(database).state_of("a") == LAST_WILL


@pytest.mark.parametrize(
    ("state", "minutes", "online"),
    [
        (None, 0, False),
        (LAST_WILL, 0, False),
        (DeviceState(online=True), 0, True),
        (DeviceState(online=True), 14, True),
        (DeviceState(online=True), 15, False),
    ],
)
def test_who_has_not_been_heard_for_long_is_offline(state: DeviceState | None, minutes: int, online: bool) -> None:
    """A last will is lost when the broker is killed: three silences are as good as one."""
    assert timedelta(minutes=15) == OFFLINE_AFTER
    assert is_online(state, NOW, NOW + timedelta(minutes=minutes)) is online
    assert not is_online(state, None, NOW)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_whatever_is_lost_or_comes_twice_what_is_acknowledged_is_here(data: st.DataObject) -> None:
    """Batches in any order, some never, some again: every row up to the one acknowledged is in the database."""
    rows = tuple(airing(number) for number in range(1, 21))
    with closing(Database(Path(":memory:"))) as database:
        inbox = Inbox(database)
        for _ in range(data.draw(st.integers(0, 12))):
            first = data.draw(st.integers(0, 19))
            last = data.draw(st.integers(first + 1, 20))
            inbox.take_rows("a", rows_of("l", first, rows[first:last]), NOW)
        marks = inbox.acknowledged("a").marks
        acknowledged = marks[0].change if marks else 0
        found = [kept.airing.id for kept in inbox.airings(DAY, DAY, "a", 0, 100).airings]
        assert found == sorted(set(found))
        assert set(range(1, acknowledged + 1)) <= set(found)


def test_a_row_that_changed_takes_the_place_of_what_it_was(database: Database) -> None:
    """A row is open first; the later word counts, also where an older one comes after it."""
    inbox = Inbox(database)
    inbox.take_rows("a", rows_of("l", 0, (airing(1, "先"),)), NOW)
    later = rows_of("l", 1, (replace(airing(1, "后"), change=2),))
    inbox.take_rows("a", later, NOW)
    inbox.take_rows("a", rows_of("l", 0, (airing(1, "先"),)), NOW)
    (kept,) = inbox.airings(DAY, DAY, None, 0, 10).airings
    assert kept.airing.said[0].text == "后"
    assert inbox.acknowledged("a").marks[0].change == 2


def test_logs_and_devices_are_kept_apart(database: Database) -> None:
    """Numbers of two boxes, or of a log that was begun anew, may agree."""
    inbox = Inbox(database)
    for device, log in (("a", "one"), ("a", "two"), ("b", "one")):
        inbox.take_rows(device, rows_of(log, 0, (airing(1),)), NOW)
    assert len(inbox.airings(DAY, DAY, None, 0, 10).airings) == 3
    assert len(inbox.airings(DAY, DAY, "a", 0, 10).airings) == 2
    assert [len(inbox.airings(DAY, DAY, None, after, 2).airings) for after in (0, 2, 4)] == [2, 1, 0]
    assert inbox.airings(DAY - timedelta(days=1), DAY - timedelta(days=1), None, 0, 10).airings == ()


def test_a_row_of_a_later_version_is_counted_and_hides_none_behind_it(database: Database) -> None:
    """The hub was taken back to this version: the row stands for itself, and what is asked for next begins after it."""
    inbox = Inbox(database)
    inbox.take_rows("a", rows_of("l", 0, tuple(airing(number) for number in (1, 2, 3))), NOW)
    with database.transaction() as connection:
        connection.execute("UPDATE airing SET row = CAST(replace(row, '\"aired\"', '\"echoed\"') AS BLOB) WHERE id = 2")
    first, then = inbox.airings(DAY, DAY, None, 0, 2), inbox.airings(DAY, DAY, None, 2, 2)
    assert ([kept.airing.id for kept in first.airings], first.newer, first.more) == (
        [1],
        (KeptNewer(device="a", day=DAY),),
        True,
    )
    assert ([kept.airing.id for kept in then.airings], then.newer, then.more) == ([3], (), False)


def test_an_answer_is_never_so_large_that_nobody_can_take_it(database: Database) -> None:
    """One yard's rows are as large as can be: they come a part at a time, and those of the others after them."""
    inbox = Inbox(database)
    for number in range(1, 61):
        inbox.take_rows("a", rows_of("l", number - 1, (airing(number, "水" * 166_000),)), NOW)
    inbox.take_rows("b", rows_of("l", 0, (airing(1),)), NOW)
    found: list[str] = []
    asked, more = 0, True
    while more:
        told = inbox.airings(DAY, DAY, None, len(found), 100)
        found += [kept.device for kept in told.airings]
        assert len(told.airings) <= 34
        asked, more = asked + 1, told.more
    assert found == [*["a"] * 60, "b"]
    assert asked == 2


def test_what_a_later_version_has_kept_is_passed_over_and_the_rest_is_there(database: Database) -> None:
    """The hub was taken back: the page of all zones comes, with what this version can read."""
    inbox = Inbox(database)
    for device in ("a", "b"):
        inbox.take_state(device, DeviceState(online=True), NOW)
        inbox.take_report(device, Report(of=1, channel=Inward.URGENT, what=What.TAKEN, at=NOW, urgent="u"), NOW)
        inbox.take_proposal(device, proposal("p1"), NOW)
    with database.transaction() as connection:
        connection.execute("UPDATE state SET payload = ? WHERE device = 'b'", (b'{"online":true,"clock":"stellar"}',))
        later = (b'{"of":1,"channel":"urgent","what":"hummed","at":"2026-11-25T08:00:00Z"}',)
        connection.execute("UPDATE report SET payload = ? WHERE device = 'b'", later)
        connection.execute("UPDATE proposal SET payload = ? WHERE device = 'b'", (b'{"id":7}',))
    taken_back = Inbox(database)
    assert list(taken_back.states()) == ["a"]
    assert (taken_back.state_of("a"), taken_back.state_of("b")) == (DeviceState(online=True), None)
    assert [one.device for one in taken_back.reports_of_urgent("u")] == ["a"]
    assert taken_back.reports_of_device("b", 9) == ()
    assert [one.device for one in taken_back.proposals()] == ["a"]


def test_one_device_fills_no_more_than_its_share(database: Database) -> None:
    """One that was taken over reports in a circle and proposes without end; the others are heard."""
    inbox = Inbox(database)
    with database.transaction():  # one act, so that the test takes no minute
        for number in range(MOST_REPORTS + 50):
            report = Report(of=number, channel=Inward.URGENT, what=What.TAKEN, at=NOW, urgent="u")
            inbox.take_report("bad", report, NOW)
            inbox.take_proposal("bad", proposal(f"p{number}"), NOW)
        inbox.take_report("good", Report(of=1, channel=Inward.URGENT, what=What.TAKEN, at=NOW, urgent="u"), NOW)
        inbox.take_proposal("good", proposal("p1"), NOW)
    kept = inbox.reports_of_device("bad", MOST_REPORTS * 2)
    assert len(kept) == MOST_REPORTS
    assert kept[0].report.of == MOST_REPORTS + 49
    assert len(inbox.reports_of_device("good", 10)) == 1
    assert len(inbox.proposals()) == MOST_OPEN_PROPOSALS + 1


def test_a_proposal_is_answered_once(database: Database) -> None:
    """The second answer changes nothing, and one that comes again is not asked again."""
    inbox = Inbox(database)
    inbox.take_proposal("a", proposal("p1"), NOW)
    assert inbox.answer("a", "p1", adopted=True, words="好", now=NOW)
    assert not inbox.answer("a", "p1", adopted=False, words="不", now=NOW)
    assert not inbox.answer("b", "p1", adopted=True, words="", now=NOW)
    inbox.take_proposal("a", proposal("p1"), NOW)
    (kept,) = inbox.proposals()
    assert (kept.adopted, kept.words) == (True, "好")
    assert [one.adopted for one in inbox.answers("a").answers] == [True]


def proposal(name: str) -> Proposal:
    """Return a proposal."""
    return Proposal(id=name, at=NOW, entry="c-water", revision="r", words=ProposedWords(title="t", text="x"))
