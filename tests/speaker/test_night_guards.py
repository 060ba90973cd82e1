"""Each guard of the quiet hours alone: what one of them lets through another refuses, so each is held by itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from box.settings import Limits
from programme.cues import Cue
from programme.timetable import cues_on
from speaker.airing import Outcome, Priority, Reason, Rundown, Silence
from speaker.asrun.ledger import Ledger
from speaker.asrun.log import AsRunLog
from speaker.due import decide, must_not_sound, window
from speaker.in_hand import InHand
from speaker.limits import HardLimits
from speaker.permission import Permission
from speaker.run import Turn
from speaker.script import SCHEDULE, script_of_cue
from tests.fakes import SetClock
from tests.speaker.fakes import FakePlayout, a_broadcast, a_publication, frames, stage

NIGHT = HardLimits(Limits(quiet_hours="21:30-06:30", timezone="Asia/Shanghai"))
LONG_AGO = Ledger(created=datetime.fromisoformat("2026-01-01T00:00:00+08:00"))


def at(moment: str) -> datetime:
    """Return that instant of Shanghai on 2 March 2026."""
    return datetime.fromisoformat(f"2026-03-02T{moment}+08:00")


def cue(due: str) -> Cue:
    """Return a cue with ten minutes of grace."""
    [only] = cues_on(a_publication(a_broadcast("morning", due)), at("00:00:00").date())
    return only


@pytest.mark.parametrize(
    ("due", "reason"), [("21:29", None), ("21:30", Reason.QUIET_HOURS), ("06:29", Reason.QUIET_HOURS), ("06:30", None)]
)
def test_what_is_due_at_night_is_refused_for_its_due_instant(due, reason):
    """Whatever the time is now: the forecast asks this guard alone."""
    refused = must_not_sound(cue(due), NIGHT)
    assert (refused.reason if refused else None) == reason
    assert refused is None or refused.outcome is Outcome.REFUSED


def test_the_grace_ends_where_the_night_begins():
    """Its end is where the alarm clock rings next, so that what is missed is on record then, not minutes later."""
    assert window(cue("21:25"), NIGHT) == at("21:30:00")
    [owed] = decide([cue("21:25")], LONG_AGO, NIGHT, at("21:26:00")).owed
    assert owed.until == at("21:30:00")
    decision = decide([cue("21:25")], LONG_AGO, NIGHT, at("21:26:00"))
    assert decision.again == at("21:30:00") + timedelta(milliseconds=1)


def test_what_waits_is_not_begun_on_the_first_instant_of_the_night():
    """The grace's last instant is in it, and may be the night's first: then the night counts."""
    decision = decide([cue("21:25")], LONG_AGO, NIGHT, at("21:30:00"))
    assert decision.owed == ()
    assert [one.reason for one in decision.not_aired] == [Reason.TOO_LATE]


@pytest.mark.parametrize(
    ("moment", "reason"),
    [
        ("21:29:59", Reason.NONE),
        ("21:30:00", Reason.QUIET_HOURS),
        ("06:29:59", Reason.QUIET_HOURS),
        ("06:30:00", Reason.NONE),
    ],
)
@pytest.mark.parametrize("priority", list(Priority))
def test_whoever_asks_for_permission_at_night_gets_none(tmp_path, moment, reason, priority):
    """Asked before anything is handed to the playout: programme, page and emergency."""
    clock = SetClock(at(moment))
    log = AsRunLog(tmp_path / "as-run.db", clock)
    permission = Permission(clock, log, NIGHT, lambda: True)
    assert permission.may_sound(Rundown((Silence(frames(5)),), priority, 80, None), clock.now()) is reason
    log.close()


def test_what_sounds_is_stopped_before_the_night():
    """Though it was allowed to begin: half a second before, by what is in hand alone."""
    clock = SetClock(at("21:29:00"))
    playout = FakePlayout(clock)
    ended = []
    in_hand = InHand(
        playout=playout,
        clock=clock,
        limits=NIGHT,
        stage=stage,
        ended=lambda number, result: ended.append((number, result.reason)),
        early=timedelta(seconds=3),
    )
    publication = a_publication(a_broadcast("morning", "21:29", messages=("home", "home", "home")))
    [long] = cues_on(publication, at("00:00:00").date())
    in_hand.start(Turn(1, script_of_cue(publication, long), SCHEDULE, clock.monotonic(), occurrence=long.occurrence))
    assert in_hand.keep_the_quiet_hours(clock.now()) == [at("21:29:59.500").astimezone(ZoneInfo("UTC"))]
    clock.advance(59.5)
    playout.sound(59.5)
    in_hand.keep_the_quiet_hours(clock.now())
    assert ended == [(1, Reason.QUIET_HOURS)]
