"""The quiet hours and the longest times, kept by the station: what is refused, what is stopped, what waits."""

from datetime import UTC, datetime

import pytest

from box.settings import Limits
from speaker.airing import Outcome, Reason
from speaker.protocol import Done, Play, Refused
from tests.speaker.fakes import Box, a_broadcast, a_message, a_publication, shanghai


def test_pages_are_refused_in_quiet_hours_and_on_record_once(tmp_path):
    """Whoever asks; a flood of the same is one row."""
    with Box(shanghai("2026-03-02T22:00:00"), tmp_path, publication=a_publication()) as box:
        for _ in range(3):
            assert box.play().reason is Reason.QUIET_HOURS
        box.station.press_short()
        box.station.settle()
        assert box.playout.started == []
        assert box.told() == [("morning", "refused", "quiet-hours")] * 2


def test_the_first_airing_sounds_at_night_only_where_it_is_recorded(tmp_path):
    """With a card it is refused like anything else."""
    play = Play(broadcast="morning", origin="first-airing")
    for card, reply in (("recorder", Done), ("card", Refused)):
        folder = tmp_path / card
        folder.mkdir()
        with Box(shanghai("2026-03-02T22:00:00"), folder, publication=a_publication(), card=card) as box:
            assert isinstance(box.station.ask(play), reply)
            box.look()
            assert (box.playout.rundown is not None) == (reply is Done)


def test_what_reaches_into_the_quiet_hours_is_stopped_at_their_start(tmp_path):
    """Half a second early, so that the amplifier's tail is out of them too."""
    with Box(shanghai("2026-03-02T21:29:50"), tmp_path, publication=a_publication()) as box:
        box.play()
        assert box.alarm_clock.instant == datetime(2026, 3, 2, 13, 29, 59, 500_000, tzinfo=UTC)
        box.playout.sound(9)
        box.at("2026-03-02T21:29:59.500")
        assert box.told() == [("morning", "cut", "quiet-hours")]


@pytest.mark.parametrize(("seconds", "outcome"), [(9, Outcome.CUT), (0, Outcome.REFUSED)])
def test_what_the_playout_ends_at_the_quiet_hours_is_on_record_and_not_begun_again(tmp_path, seconds, outcome):
    """Where the station came too late, the samples themselves were held; it is the same row, with the same reason."""
    publication = a_publication(a_broadcast("late", "21:29", grace_minutes=10))
    with Box(shanghai("2026-03-02T21:28:50"), tmp_path, publication=publication) as box:
        box.at("2026-03-02T21:29:50")
        box.playout.sound(seconds)
        box.playout.end(outcome, Reason.QUIET_HOURS)
        box.station.settle()
        box.look()
        box.at("2026-03-03T06:31:00")
        assert box.told() == [("late", str(outcome), "quiet-hours")]


@pytest.mark.parametrize("allowed", [False, True])
def test_the_playout_is_told_what_is_above_the_quiet_hours(tmp_path, allowed):
    """An emergency where the installer says so, and else nothing."""
    limits = Limits(emergency_at_night=allowed)
    with Box(shanghai("2026-03-02T21:29:00"), tmp_path, publication=a_publication(), limits=limits) as box:
        box.play()
        assert not box.playout.rundown.above_quiet_hours
        box.play(priority="emergency", occasion="火警")
        assert box.playout.rundown.above_quiet_hours == allowed


def test_what_sounds_when_the_clock_is_set_back_into_the_night_is_stopped(box):
    """Though it was due at a time that is to come again."""
    box.at("2026-03-02T07:29:58")
    box.clock.advance(10)
    box.playout.sound(8)
    box.set_clock(-4 * 3600)
    assert box.playout.rundown is None
    assert box.told() == [("morning", "cut", "quiet-hours")]


def test_a_cue_in_quiet_hours_is_refused(tmp_path):
    """The installer's hours stand above the programme."""
    late = a_publication(a_broadcast("late", "21:45"))
    with Box(shanghai("2026-03-02T21:00:00"), tmp_path, publication=late) as box:
        assert [cue.state for cue in box.status().today] == ["refused"]
        box.at("2026-03-02T21:45:00")
        assert box.told() == [("late", "refused", "quiet-hours")]
        assert box.playout.started == []


def test_a_cue_armed_at_the_end_of_the_quiet_hours_sounds(tmp_path):
    """Armed in them, it sounds at their end."""
    early = a_publication(a_broadcast("early", "06:30"))
    with Box(shanghai("2026-03-02T06:00:00"), tmp_path, publication=early) as box:
        box.at("2026-03-02T06:29:58")
        assert box.playout.rundown is not None
        box.finish()
        assert box.told() == [("early", "aired", "")]


@pytest.mark.parametrize(
    ("limits", "reason"),
    [(Limits(longest_minutes=1), "too-long"), (Limits(longest_minutes_per_day=1), "day-used-up")],
)
def test_longer_than_the_installer_allows_is_refused(tmp_path, limits, reason):
    """For the programme as for a page."""
    publication = a_publication(messages=(a_message("home", seconds=90),))
    with Box(shanghai("2026-03-02T07:00:00"), tmp_path, limits=limits, publication=publication) as box:
        assert box.play().reason == reason
        box.at("2026-03-02T07:29:58")
        assert box.told()[-1] == ("morning", "refused", reason)
        assert box.playout.started == []


def test_the_minutes_of_a_day_add_up(tmp_path):
    """Two of three pages fit into a minute and a bit; the next day begins anew."""
    limits = Limits(longest_minutes_per_day=1)
    with Box(
        shanghai("2026-03-02T12:00:00"), tmp_path, limits=limits, publication=a_publication(a_broadcast("a", "18:30"))
    ) as box:
        box.play("a")
        box.finish()
        assert box.play("a").reason is Reason.DAY_USED_UP
        box.at("2026-03-03T08:00:00")
        assert isinstance(box.play("a"), Done)


def test_quiet_hours_are_kept_though_the_log_can_not_be_written(tmp_path):
    """A full storage is no way into the quiet hours: what sounds is ended in time, and the alarm is set for it."""
    publication = a_publication(
        a_broadcast("morning", "07:30"),
        a_broadcast("late", "21:29", grace_minutes=0),
        messages=(a_message("home", seconds=300),),
    )
    with Box(shanghai("2026-03-02T21:28:00"), tmp_path, publication=publication) as box:
        assert isinstance(box.play("morning"), Done)
        box.log.fails = True
        box.at("2026-03-02T21:29:30")  # the late cue waited in vain, and that can't be written
        assert box.alarm_clock.instant == datetime(2026, 3, 2, 13, 29, 59, 500_000, tzinfo=UTC)
        assert box.playout.rundown is not None
        box.at("2026-03-02T21:29:59.500")
        assert box.playout.rundown is None
