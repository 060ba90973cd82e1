"""A page for an instant: armed, started exactly then, under the limits of that instant, and taken back by stop."""

from datetime import UTC, datetime, timedelta

import pytest

from box.settings import Limits
from speaker.airing import Priority
from speaker.protocol import BeQuiet, Done, Play, Refused, Stop
from speaker.trust.states import Trust
from tests.fakes import SetClock
from tests.speaker.fakes import Box, FakeTrust, a_publication, frames

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # ten in the morning in Shanghai
AT = NOW + timedelta(seconds=20)


@pytest.fixture
def box(tmp_path):
    """Give a station at ten in the morning."""
    with Box(SetClock(NOW), tmp_path, publication=a_publication(), trust=FakeTrust()) as one:
        yield one


def arm(box, *, at=AT, **more):
    """Ask for the message at an instant."""
    reply = box.station.ask(Play(message="home", at=at, origin="fleet", who="社区", **more))
    box.station.settle()
    return reply


def test_it_waits_and_is_handed_to_the_playout_with_its_instant(box):
    """Nothing is started before three seconds to the instant; then the rundown has it as its due time."""
    reply = arm(box, priority="emergency", occasion="停水")
    assert isinstance(reply, Done)
    assert box.playout.started == []
    armed = box.status().armed
    assert (armed.at, armed.airing, armed.title) == (AT, reply.airing, "稿件 home")
    box.clock.advance(17)
    box.look()
    (rundown,) = box.playout.started
    assert (rundown.due, rundown.priority) == (AT, Priority.EMERGENCY)
    assert box.status().armed is None
    box.clock.advance(3)
    box.finish()
    (row,) = box.airings()
    assert (row.id, row.due, row.origin, row.who, row.outcome) == (reply.airing, AT, "fleet", "社区", "aired")
    assert row.frames_played == frames(31)


def test_the_alarm_clock_is_set_for_it(box):
    """The station does not find it by chance."""
    arm(box)
    box.look()
    assert box.alarm_clock.instant == AT - timedelta(seconds=3)


@pytest.mark.parametrize("passed", [5, 18], ids=["waiting", "in the playout"])
def test_stop_takes_it_back(box, passed):
    """It does not sound, whether it waits or is with the playout already; and that is on record."""
    arm(box)
    box.clock.advance(passed)
    box.look()
    box.station.ask(Stop(who="社区"))
    box.station.settle()
    box.clock.advance(30)
    box.look()
    assert box.playout.rundown is None
    assert box.told() == [(None, "cut", "stopped")]
    assert box.airings()[0].frames_played == 0


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        (NOW + timedelta(seconds=61), ""),
        (NOW - timedelta(seconds=1), "too-late"),
    ],
    ids=["a minute and more ahead", "in the past"],
)
def test_an_instant_that_can_not_be_armed_is_refused(box, at, reason):
    """A minute ahead is the most, and what has passed is late."""
    reply = arm(box, at=at)
    assert isinstance(reply, Refused)
    assert reply.reason == reason
    assert box.status().armed is None


def test_the_quiet_hours_are_those_of_the_instant(tmp_path):
    """At 21:29:50 something for 21:30:10 is refused, though it is not quiet yet."""
    clock = SetClock(datetime(2026, 3, 2, 13, 29, 50, tzinfo=UTC))
    with Box(clock, tmp_path, publication=a_publication()) as box:
        reply = arm(box, at=clock.now() + timedelta(seconds=20))
        assert isinstance(reply, Refused)
        assert reply.reason == "quiet-hours"
        assert isinstance(arm(box, at=clock.now() + timedelta(seconds=5)), Done)


def test_the_pause_between_pages_is_counted_to_the_instant(tmp_path):
    """A page that has just ended forbids one within the pause, not one after it."""
    with Box(SetClock(NOW), tmp_path, publication=a_publication(), limits=Limits(page_gap_seconds=30)) as box:
        box.play("morning")
        box.finish()
        now = box.clock.now()
        assert arm(box, at=now + timedelta(seconds=20)).reason == "too-soon"
        assert isinstance(arm(box, at=now + timedelta(seconds=31)), Done)


def test_a_limit_counts_as_it_is_at_the_start(box):
    """What was held down meanwhile silences a page that was armed before; the row says why."""
    arm(box)
    box.trust.becomes = Trust.UNTRUSTED
    box.set_clock(0)
    assert box.told() == [(None, "refused", "clock-untrusted")]


def test_the_minutes_of_a_day_count_as_they_are_at_the_start(tmp_path):
    """What sounds meanwhile uses them up: it was allowed when it was armed, and is refused at its instant."""
    with Box(SetClock(NOW), tmp_path, publication=a_publication(), limits=Limits(longest_minutes_per_day=1)) as box:
        assert isinstance(arm(box, at=NOW + timedelta(seconds=50)), Done)
        box.play("morning")
        box.finish()
        box.clock.advance(17)
        box.look()
        assert (None, "refused", "day-used-up") in box.told()
        assert box.playout.rundown is None


def test_somebodys_wish_for_quiet_counts_until_the_start(box):
    """Asked for while it waits, it silences a page, and no emergency."""
    arm(box)
    box.station.ask(BeQuiet(until=NOW + timedelta(hours=1), who="李姐"))
    box.station.settle()
    box.clock.advance(17)
    box.look()
    assert box.told() == [(None, "refused", "quiet-request")]


def test_only_one_is_armed_and_an_emergency_takes_its_place(box):
    """A second page is refused; an emergency goes before it."""
    arm(box)
    assert arm(box).reason == "busy"
    assert isinstance(arm(box, priority="emergency", occasion="火警"), Done)
    assert box.told()[0] == (None, "pre-empted", "higher-priority")
    assert arm(box, priority="emergency", occasion="火警").reason == "busy"


def test_a_page_does_not_take_the_place_of_an_emergency_that_sounds_then(box):
    """Its instant comes while an emergency sounds: it is refused as busy."""
    arm(box)
    box.play("morning", priority="emergency", occasion="火警")
    box.playout.sound(1)
    box.clock.advance(18.8)
    box.look()
    assert (None, "refused", "busy") in box.told()
    assert box.playout.rundown.priority is Priority.EMERGENCY


def test_what_sounds_goes_on_until_its_fade_is_due(box):
    """Three seconds before its instant nothing is cut yet; the row of what is cut then goes on after it."""
    box.play("morning")
    box.playout.sound(1)
    arm(box, priority="emergency", occasion="停水")
    box.clock.advance(17)
    box.playout.sound(18)
    box.look()
    assert [one.priority for one in box.playout.started] == [Priority.PAGE]
    assert box.alarm_clock.instant == AT - timedelta(seconds=1.2)
    box.clock.advance(1.8)
    box.look()
    assert box.playout.rundown.due == AT
    assert box.playout.rundown.priority is Priority.EMERGENCY


def test_what_ends_meanwhile_leaves_it_the_card_at_once(box):
    """Two seconds before the instant nothing sounds any more: it is armed as ever."""
    box.play("morning")
    box.playout.sound(1)
    arm(box, priority="emergency", occasion="停水")
    box.clock.advance(18)
    box.playout.finish()
    box.look()
    assert box.told()[0] == ("morning", "aired", "")
    assert box.playout.rundown.due == AT


def test_what_is_only_armed_does_not_begin_for_a_second(tmp_path):
    """A cue due two seconds before it waits; it is not begun to be cut."""
    clock = SetClock(datetime(2026, 3, 1, 23, 29, 40, tzinfo=UTC))
    with Box(clock, tmp_path, publication=a_publication()) as box:
        at = datetime(2026, 3, 1, 23, 30, 2, tzinfo=UTC)
        arm(box, at=at)
        box.clock.advance(17)
        box.look()
        assert box.playout.rundown.priority is Priority.PROGRAMME
        box.clock.advance(2)
        box.look()
        assert box.playout.rundown.due == at
        box.clock.advance(3)
        box.finish()
        assert box.playout.rundown.priority is Priority.PROGRAMME


def test_a_clock_that_is_set_while_it_is_with_the_playout_arms_it_anew(box):
    """The instant stays what it is: set back five seconds, it sounds five seconds later."""
    arm(box)
    box.clock.advance(17)
    box.look()
    box.set_clock(-5)
    assert box.playout.rundown is None
    assert box.status().armed.at == AT
    box.clock.advance(5)
    box.look()
    assert box.playout.rundown.due == AT


@pytest.mark.parametrize(("step", "reason"), [(+120, "too-late"), (-3600, "clock-untrusted")])
def test_a_clock_that_jumps_past_it_or_far_before_it_ends_it(box, step, reason):
    """Neither a latecomer nor something of an hour ago sounds."""
    arm(box)
    box.set_clock(step)
    assert box.told() == [(None, "missed", reason)]


def test_a_cue_due_at_the_same_time_waits_for_it(tmp_path):
    """The page goes first; the cue sounds after it, within its grace."""
    clock = SetClock(datetime(2026, 3, 1, 23, 29, 40, tzinfo=UTC))
    with Box(clock, tmp_path, publication=a_publication()) as box:
        arm(box, at=datetime(2026, 3, 1, 23, 30, tzinfo=UTC))
        box.clock.advance(17)
        box.look()
        box.clock.advance(3)
        box.finish()
        assert box.playout.rundown.priority is Priority.PROGRAMME
