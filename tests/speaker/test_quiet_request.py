"""A quiet request: nothing sounds until its time but an emergency, whatever happens to the box meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from box.settings import Limits
from speaker.airing import Priority, Reason
from speaker.limits import HardLimits
from speaker.protocol import BeQuiet, Done, EndQuiet, Refused, Reply
from speaker.quiet_request import QuietRequests
from tests.fakes import SetClock
from tests.speaker.fakes import Box, a_broadcast, a_publication


def instant(local: str) -> datetime:
    """Return an instant of 2 March 2026 in Shanghai."""
    return datetime.fromisoformat(f"2026-03-02T{local}+08:00")


def hush(box: Box, until: str) -> Reply:
    """Ask for quiet until a time of that day."""
    reply = box.station.ask(BeQuiet(until=instant(until), who="王书记", occasion="三号楼办丧事"))
    box.station.settle()
    box.station.settle()
    return reply


@pytest.fixture
def box(tmp_path):
    """Give a station with a broadcast at 07:30 and one at 18:30, at 07:00."""
    with Box(SetClock(instant("07:00")), tmp_path, publication=a_publication()) as one:
        yield one


def test_what_is_due_within_it_is_not_aired_and_what_comes_after_is(box):
    """On record with the reason, who asked, and why; told ahead; and it ends by itself."""
    assert isinstance(hush(box, "12:00"), Done)
    status = box.status()
    assert [(cue.state, cue.reason) for cue in status.today] == [
        ("refused", Reason.QUIET_REQUEST),
        ("next", Reason.NONE),
    ]
    assert status.next_due == instant("18:30")
    assert (status.quiet_request.until, status.quiet_request.who) == (instant("12:00"), "王书记")
    box.at("2026-03-02T07:30:00")
    assert box.told() == [("morning", "refused", "quiet-request")]
    (row,) = box.airings()
    assert (row.who, row.occasion, row.origin) == ("王书记", "三号楼办丧事", "schedule")
    box.at("2026-03-02T12:00:00")
    assert box.status().quiet_request is None
    box.at("2026-03-02T18:29:58")
    box.finish()
    assert box.told()[1] == ("evening", "aired", "")


def test_what_sounds_stops_and_what_is_armed_is_taken_back(tmp_path):
    """At once; the armed one is refused when it is due."""
    publication = a_publication(a_broadcast("a", "07:30"), a_broadcast("b", "08:00"))
    with Box(SetClock(instant("07:00")), tmp_path, publication=publication) as box:
        box.at("2026-03-02T07:30:05")
        box.playout.sound(3)
        hush(box, "07:45")
        assert box.told() == [("a", "cut", "quiet-request")]
        box.at("2026-03-02T07:59:58")
        assert box.playout.rundown is not None
        hush(box, "09:00")
        assert box.playout.rundown is None
        box.at("2026-03-02T08:00:00")
        assert box.told()[1] == ("b", "refused", "quiet-request")


def test_a_page_is_refused_and_an_emergency_passes(box):
    """Both are on record; an emergency that sounds is not stopped by it either."""
    hush(box, "12:00")
    assert box.play("morning").reason is Reason.QUIET_REQUEST
    assert isinstance(box.play("morning", priority="emergency", occasion="火警"), Done)
    assert box.playout.rundown.priority is Priority.EMERGENCY
    box.playout.sound(2)
    hush(box, "13:00")
    box.finish()
    assert box.told() == [("morning", "refused", "quiet-request"), ("morning", "aired", "")]


def test_it_can_be_ended_early(box):
    """What was due within it stays refused; a broadcast right after its end is aired."""
    hush(box, "20:00")
    box.at("2026-03-02T07:30:00")
    assert isinstance(box.station.ask(EndQuiet()), Done)
    assert box.status().quiet_request is None
    box.at("2026-03-02T07:31:00")
    assert box.told() == [("morning", "refused", "quiet-request")]
    box.at("2026-03-02T18:30:00")
    box.finish()
    assert box.told()[1] == ("evening", "aired", "")


def test_a_restart_keeps_it_and_what_was_due_meanwhile_is_put_down_to_it(tmp_path):
    """Power was off from before 07:30; the box comes back within the grace, and stays quiet."""
    clock = SetClock(instant("07:00"))
    with Box(clock, tmp_path, publication=a_publication()) as box:
        hush(box, "12:00")
    with Box(clock, tmp_path) as box:
        box.clock.advance(32 * 60)
        box.take(a_publication())
        assert box.status().quiet_request is not None
        assert box.told() == [("morning", "refused", "quiet-request")]
        assert box.playout.started == []


def test_after_its_end_the_reason_is_still_known(tmp_path):
    """The box was off until the quiet was over."""
    clock = SetClock(instant("07:00"))
    with Box(clock, tmp_path, publication=a_publication(a_broadcast("morning", "07:30", grace_minutes=60))) as box:
        hush(box, "08:00")
    with Box(clock, tmp_path) as box:
        box.clock.advance(65 * 60)
        box.take(a_publication(a_broadcast("morning", "07:30", grace_minutes=60)))
        assert box.told() == [("morning", "refused", "quiet-request")]


@pytest.mark.parametrize("until", ["06:59", "07:00"])
def test_its_end_is_later_today(box, until):
    """Never a day or more: nobody shall forget it."""
    reply = hush(box, until)
    assert isinstance(reply, Refused)
    assert "今天" in reply.zh
    tomorrow = box.station.ask(BeQuiet(until=datetime.fromisoformat("2026-03-03T00:01:00+08:00")))
    assert isinstance(tomorrow, Refused)
    midnight = box.station.ask(BeQuiet(until=datetime.fromisoformat("2026-03-03T00:00:00+08:00")))
    assert isinstance(midnight, Done)


def test_a_clock_that_is_set_back_does_not_open_a_gap(box):
    """It was asked for at seven; an hour earlier it is quiet all the same."""
    hush(box, "12:00")
    box.set_clock(-3600)
    assert box.status().quiet_request is not None
    assert box.play("morning").reason is Reason.QUIET_REQUEST


def test_a_clock_that_was_days_ahead_does_not_make_it_days(tmp_path: Path):
    """What was asked for until noon ends that day at the latest, and stands as it is then on the storage too."""
    clock, limits, path = SetClock(instant("07:00")), HardLimits(Limits()), tmp_path / "quiet.json"
    quiet = QuietRequests(path, clock, limits)
    assert quiet.ask(BeQuiet(until=instant("12:00"))) is None
    clock.step(-3 * 24 * 3600)
    for life in (quiet, QuietRequests(path, clock, limits)):
        standing = life.standing()
        assert standing is not None
        assert standing.until == instant("00:00") - timedelta(days=2)
    clock.advance(17 * 3600)
    assert QuietRequests(path, clock, limits).standing() is None


def test_storage_that_refuses_is_told_and_it_is_quiet_all_the_same(tmp_path):
    """Only a restart would end it."""
    clock, limits = SetClock(instant("07:00")), HardLimits(Limits())
    quiet = QuietRequests(tmp_path / "missing" / "quiet.json", clock, limits)
    assert "存储卡" in quiet.ask(BeQuiet(until=instant("09:00"))).zh
    assert quiet.standing() is not None


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b'{"since": "2026-03-01T22:00:00Z", "until": "6026-03-02T04:00:00Z"}',
        b'{"since": "2026-03-01T22:00:00", "until": "2026-03-02T04:00:00"}',
        b'{"since": "2026-03-02T04:00:00Z", "until": "2026-03-01T22:00:00Z"}',
    ],
)
def test_a_damaged_file_is_put_aside(tmp_path: Path, content: bytes):
    """And nothing is asked for: a digit that storage has changed does not mute the box for years."""
    path = tmp_path / "quiet.json"
    path.write_bytes(content)
    quiet = QuietRequests(path, SetClock(instant("07:00")), HardLimits(Limits()))
    assert quiet.standing() is None
    assert not path.exists()
    assert len(list(tmp_path.iterdir())) == 1
