"""A clock that nobody believes: every hour is quiet, what was asked for is on record, and it is made good."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from box.settings import Limits
from speaker.airing import Reason
from speaker.pins.lamp import LampState
from speaker.protocol import Refused
from speaker.trust.states import Proof, Trust
from tests.fakes import SetClock
from tests.speaker.fakes import Box, FakeTrust, a_broadcast, a_message, a_publication

LOST = Trust.UNTRUSTED


def shanghai(text: str) -> SetClock:
    """Return a clock that stands at ``text`` in Shanghai."""
    return SetClock(datetime.fromisoformat(f"{text}+08:00"))


def a_box(folder, at, *, trust=LOST, seen_before=None, publication=None, clock=None, limits=None) -> Box:
    """Return a station whose clock nobody believes yet."""
    seen = datetime.fromisoformat(f"{seen_before}+08:00") if seen_before else None
    return Box(
        clock or shanghai(at),
        folder,
        publication=publication or a_publication(),
        limits=limits,
        trust=FakeTrust(trust, seen_before=seen),
    )


def known_to(folder, at) -> None:
    """Let there have been a life before, by which the publication has been on air since ``at``."""
    with a_box(folder, at, trust=Trust.SYNCHRONISED):
        pass


@pytest.mark.parametrize("at_night", [False, True])
@pytest.mark.parametrize("priority", ["page", "emergency"])
def test_nothing_sounds_and_every_refusal_is_on_record(tmp_path, priority, at_night):
    """At noon as well as at night: nobody knows which it is. Not even what only records, not even an emergency.

    Nor where the installer lets one sound at night.
    """
    with a_box(tmp_path, "2026-03-02T12:00:00", limits=Limits(emergency_at_night=at_night)) as box:
        reply = box.play(priority=priority, who="王书记", occasion="煤气泄漏")
        assert isinstance(reply, Refused)
        assert reply.reason is Reason.CLOCK_UNTRUSTED
        assert "核对" in reply.zh
        box.playout.have("recorder")
        assert box.play("evening", origin="first-airing").reason is Reason.CLOCK_UNTRUSTED
        assert box.playout.started == []
        first, second = box.airings()
        assert (first.priority, first.who, first.reason, first.clock) == (priority, "王书记", "clock-untrusted", LOST)
        assert second.origin == "first-airing"


def test_the_button_is_refused_and_the_lamp_says_why(tmp_path):
    """It blinks fast for the press, and has a rare flash of its own for the clock."""
    with a_box(tmp_path, "2026-03-02T12:00:00") as box:
        box.look()
        assert box.lamp.shown[-1] is LampState.TIMELESS
        box.station.press_short()
        box.station.settle()
        box.station.settle()
        assert box.lamp.shown[-1] is LampState.ALARM
        assert box.told() == [("morning", "refused", "clock-untrusted")]
        assert box.airings()[0].origin == "button"


def test_it_is_told(tmp_path):
    """As an alarm with what to do, in the status, and for each broadcast of the day."""
    with a_box(tmp_path, "2026-03-02T07:00:00") as box:
        status = box.status()
        assert [alarm.code for alarm in status.alarms] == ["clock-untrusted"]
        assert status.clock.trust is LOST
        assert [(cue.state, cue.reason) for cue in status.today] == [("refused", "clock-untrusted")] * 2
        assert status.next_due is None
        box.trust.proof = Proof.SYNCHRONISED
        box.believe(Trust.SYNCHRONISED)
        status = box.status()
        assert status.alarms == ()
        assert (status.clock.trust, status.clock.proof) == (Trust.SYNCHRONISED, Proof.SYNCHRONISED)
        assert [cue.state for cue in status.today] == ["next", "later"]
        box.look()
        assert box.lamp.shown[-1] is LampState.READY


def test_every_row_says_how_far_the_clock_was_believed(tmp_path):
    """Aired, paged and refused alike."""
    with a_box(tmp_path, "2026-03-02T07:00:00") as box:
        box.play()
        box.believe(Trust.KEPT)
        box.play()
        box.finish()
        box.believe(Trust.SYNCHRONISED)
        box.at("2026-03-02T07:29:58")
        box.finish()
        assert [row.clock for row in box.airings()] == [LOST, Trust.KEPT, Trust.SYNCHRONISED]


def test_what_is_within_its_grace_when_the_time_comes_is_aired_late(tmp_path):
    """The box woke with the time of its last life; the time server says that it is 07:36."""
    known_to(tmp_path, "2026-03-01T20:00:00")
    with a_box(tmp_path, "2026-03-02T07:10:00", seen_before="2026-03-02T07:10:00") as box:
        box.at("2026-03-02T07:12:00")
        assert box.playout.started == []
        box.believe(Trust.SYNCHRONISED, seconds=24 * 60)
        assert box.playout.rundown is not None
        box.finish()
        assert box.told() == [("morning", "aired", "")]


def test_what_was_due_while_nobody_knew_is_missed_for_that(tmp_path):
    """And what was due before, while the power was off, is missed as too late; no row before the time came."""
    known_to(tmp_path, "2026-02-28T20:00:00")
    with a_box(tmp_path, "2026-03-01T08:00:00", seen_before="2026-03-01T08:00:00") as box:
        box.at("2026-03-02T02:00:00")  # it counts on from the saved time for eighteen hours; evening is due by it
        assert box.told() == []
        box.believe(Trust.SYNCHRONISED, seconds=30 * 3600)  # it is 08:00 on the 3rd: it woke at 14:00 on the 2nd
        told = [(str(row.day), row.broadcast, str(row.outcome), str(row.reason)) for row in box.airings()]
        assert told == [
            ("2026-03-01", "morning", "missed", "too-late"),
            ("2026-03-01", "evening", "missed", "too-late"),
            ("2026-03-02", "morning", "missed", "too-late"),
            ("2026-03-02", "evening", "missed", "clock-untrusted"),
            ("2026-03-03", "morning", "missed", "clock-untrusted"),
        ]
        assert box.playout.started == []


def test_a_long_gap_is_on_record_for_a_month(tmp_path):
    """Weeks without power: each broadcast that was not heard has its row, once."""
    known_to(tmp_path, "2026-03-01T20:00:00")
    seen = "2026-03-01T20:00:00"
    with a_box(tmp_path, "2026-03-09T12:00:00", trust=Trust.KEPT, seen_before=seen) as box:
        box.look()
        assert [row.day.day for row in box.airings() if row.broadcast == "morning"] == [*range(2, 10)]
        assert [row.day.day for row in box.airings() if row.broadcast == "evening"] == [*range(2, 9)]
        assert {row.reason for row in box.airings()} == {Reason.TOO_LATE}
    with a_box(tmp_path, "2026-06-30T12:00:00", trust=Trust.KEPT, seen_before="2026-03-09T12:00:00") as box:
        rows = [row for row in box.airings() if row.day.month > 3]
        assert min(row.day for row in rows).isoformat() == "2026-05-30"


def test_a_new_box_owes_nothing_from_before_it_knew_the_time(tmp_path):
    """It woke in 1970, the programme was put on air at once, and the network came in the evening of a March day."""
    with a_box(tmp_path, "1970-01-01T08:01:00") as box:
        box.at("1970-01-01T19:00:00")
        box.play()
        seconds = (datetime(2026, 3, 2, 10, 35, tzinfo=UTC) - box.clock.now()).total_seconds()
        box.believe(Trust.SYNCHRONISED, seconds=seconds)
        box.look()
        assert box.playout.started == []  # 18:30 was due five minutes ago, but it was put on air by a clock of 1970
        assert box.told() == [("morning", "refused", "clock-untrusted")]
        box.at("2026-03-03T07:29:58")
        assert box.playout.rundown is not None


def test_a_broadcast_put_on_air_while_nobody_knew_is_owed_from_then_on(tmp_path):
    """The ones that were on air before are owed as before."""
    known_to(tmp_path, "2026-03-01T20:00:00")
    both = a_publication(a_broadcast("morning", "07:30"), a_broadcast("new", "07:33"), revision="r2")
    with a_box(tmp_path, "2026-03-02T07:00:00", seen_before="2026-03-02T07:00:00", publication=both) as box:
        box.believe(Trust.SYNCHRONISED, seconds=35 * 60)
        box.finish()
        box.look()
        assert box.told() == [("morning", "aired", "")]


def test_a_log_begun_by_a_clock_nobody_believed_counts_from_when_somebody_did(tmp_path):
    """Its log is lost: what was due earlier on the day the time came is missed, never repeated."""
    with Box(
        shanghai("2026-01-17T08:00:00"),
        tmp_path,
        publication=a_publication(),
        follows_another=True,
        trust=FakeTrust(LOST),
    ) as box:
        seconds = (datetime.fromisoformat("2026-03-02T07:33:00+08:00") - box.clock.now()).total_seconds()
        box.believe(Trust.SYNCHRONISED, seconds=seconds)
        assert box.playout.started == []
        assert box.told() == [("morning", "missed", "too-late")]


def test_a_clock_that_is_not_believed_any_more_ends_what_sounds(tmp_path):
    """Somebody has set it by hand: a page is cut; a cue that was armed keeps its row and waits for a time."""
    with a_box(tmp_path, "2026-03-02T07:00:00", trust=Trust.KEPT) as box:
        box.play("evening")
        box.playout.sound(5)
        box.believe(LOST)
        assert box.playout.rundown is None
        assert box.told() == [("evening", "cut", "clock-untrusted")]
        box.believe(Trust.SYNCHRONISED)
        box.at("2026-03-02T07:29:58")
        box.believe(LOST)
        assert box.playout.rundown is None
        assert box.told()[-1] == ("morning", "open", "")
        box.believe(Trust.SYNCHRONISED)
        box.at("2026-03-02T07:33:00")
        box.finish()
        assert box.told()[-1] == ("morning", "aired", "")


def test_an_armed_cue_whose_time_never_comes_is_missed_for_want_of_a_clock(tmp_path):
    """In its one row."""
    with a_box(tmp_path, "2026-03-02T07:00:00", trust=Trust.KEPT) as box:
        box.at("2026-03-02T07:29:58")
        box.believe(LOST)
        box.at("2026-03-02T07:50:00")
        box.believe(Trust.KEPT)
        assert box.told() == [("morning", "missed", "clock-untrusted")]


def test_a_missed_one_is_aired_if_the_clock_goes_back_into_its_grace(tmp_path):
    """The time server was wrong, and corrects itself: nothing had sounded."""
    known_to(tmp_path, "2026-03-01T20:00:00")
    with a_box(tmp_path, "2026-03-02T07:00:00", seen_before="2026-03-02T07:00:00") as box:
        box.believe(Trust.SYNCHRONISED, seconds=3600)
        assert box.told() == [("morning", "missed", "too-late")]
        box.set_clock(-29 * 60)
        box.finish()
        assert box.told() == [("morning", "missed", "too-late"), ("morning", "aired", "")]


def test_quiet_hours_are_kept_when_the_time_comes(tmp_path):
    """What was due at 21:25 is not aired late at 21:31."""
    late = a_publication(a_broadcast("late", "21:25"), messages=(a_message("home"),))
    with a_box(tmp_path, "2026-03-01T20:00:00", trust=Trust.SYNCHRONISED, publication=late):
        pass
    with a_box(tmp_path, "2026-03-02T20:00:00", seen_before="2026-03-02T20:00:00", publication=late) as box:
        box.believe(Trust.SYNCHRONISED, seconds=91 * 60)
        assert box.playout.started == []
        assert box.told()[-1] == ("late", "missed", "too-late")
