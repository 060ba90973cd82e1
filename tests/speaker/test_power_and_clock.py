"""Death in the middle, a lost log, a clock or a zone that is changed: what is attempted again, and what is not."""

import shutil
from datetime import UTC, datetime

import msgspec
import pytest

from box.settings import Limits
from speaker.airing import Reason
from tests.fakes import SetClock
from tests.speaker.fakes import Box, a_broadcast, a_message, a_publication, frames, shanghai


def test_after_death_it_is_attempted_once_more(tmp_path):
    """A second attempt on record within the grace, and no third."""
    clock = shanghai("2026-03-02T07:00:00")
    with Box(clock, tmp_path, publication=a_publication()) as box:
        box.at("2026-03-02T07:29:58")
    for _ in range(2):
        with Box(clock, tmp_path, publication=a_publication()) as box:
            box.at("2026-03-02T07:32:00")
            attempts = [(row.attempt, row.reason) for row in box.airings()]
    assert attempts == [(1, "interrupted"), (2, "interrupted")]


@pytest.mark.parametrize(("back", "attempts"), [("07:34:59", 2), ("07:35:00", 1)])
def test_power_back_in_the_middle_of_a_broadcast(tmp_path, back, attempts):
    """From its start, if less than five minutes are gone; else it stays cut, on record, though its grace is longer."""
    clock = shanghai("2026-03-02T07:00:00")
    with Box(clock, tmp_path, publication=a_publication(messages=(a_message("home", seconds=600),))) as box:
        box.at("2026-03-02T07:29:58")
        box.clock.advance(62)
        box.playout.sound(60)
        box.station.slow_look()
        box.station.settle()
    clock.advance((datetime.fromisoformat(f"2026-03-02T{back}+08:00") - clock.now()).total_seconds())
    with Box(clock, tmp_path, publication=a_publication(messages=(a_message("home", seconds=600),))) as box:
        box.look()
        assert len(box.playout.started) == attempts - 1
        assert box.told()[0] == ("morning", "cut", "interrupted")
        assert box.airings()[0].frames_played == frames(60)
        assert len(box.airings()) == attempts
        box.at("2026-03-02T08:00:00")
        assert len(box.airings()) == attempts


@pytest.mark.parametrize(
    ("length", "heard", "attempts"),
    [(31, 27.9, 2), (31, 28, 1), (31, 31, 1), (5, 2.4, 2), (5, 2.5, 1), (601, 290, 2), (601, 590, 1)],  # five minutes
)
def test_what_was_heard_but_for_its_ending_is_not_heard_once_more(tmp_path, length, heard, attempts):
    """Nobody can tell whether the power went before its last word or after it; the row says how much is certain."""
    publication = a_publication(messages=(a_message("home", seconds=length - 1),))  # after a second of chime
    clock = shanghai("2026-03-02T07:00:00")
    with Box(clock, tmp_path, publication=publication) as box:
        box.at("2026-03-02T07:29:58")
        clock.advance(2 + heard)
        box.playout.sound(heard)
        box.look()
    clock.advance(5)
    with Box(clock, tmp_path, publication=publication) as box:
        box.look()
        assert len(box.airings()) == attempts
        assert box.told()[0] == ("morning", "cut", "interrupted")
        box.at("2026-03-02T08:30:00")
        assert len(box.airings()) == attempts


def test_the_alarm_rings_for_the_ending(tmp_path):
    """When it comes, also where it began late; and not again."""
    clock = shanghai("2026-03-02T07:00:00")
    with Box(clock, tmp_path, publication=a_publication()) as box:
        box.at("2026-03-02T07:29:58")
        assert box.alarm_clock.instant == datetime(2026, 3, 1, 23, 30, 28, tzinfo=UTC)
        clock.advance(29)
        box.playout.sound(20)
        box.look()
        assert box.alarm_clock.instant == datetime(2026, 3, 1, 23, 30, 35, tzinfo=UTC)
        assert box.airings()[0].frames_played == 0
        clock.advance(8)
        box.playout.sound(28)
        box.look()
        assert box.airings()[0].frames_played == frames(28)
        box.playout.sound(30)
        box.look()
        assert box.airings()[0].frames_played == frames(28)


def test_the_five_minutes_count_from_when_it_was_tried_last(tmp_path):
    """The card came back at 07:37, the power went at 07:38: what nobody had heard by then is begun anew at 07:39."""
    clock = shanghai("2026-03-02T07:00:00")
    with Box(clock, tmp_path, publication=a_publication()) as box:
        box.playout.have("missing")
        for minute in range(30, 38):
            box.at(f"2026-03-02T07:{minute}:00")
            if minute < 37:
                box.fail(Reason.CARD_MISSING)
        box.at("2026-03-02T07:37:10")
    clock.advance(110)
    with Box(clock, tmp_path, publication=a_publication()) as box:
        assert box.told() == [("morning", "cut", "interrupted"), ("morning", "open", "")]


DAMAGES = {
    "gone": None,
    "emptied": lambda _: b"",
    "zeroed": lambda content: bytes(len(content)),
    "halved": lambda content: content[: len(content) // 2],
    "its head": lambda content: b"\xaa" * 512 + content[512:],
    "its end": lambda content: content[:-512] + b"\xaa" * len(content[-512:]),
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("heard", ["all of it", "all but its ending", "a part"])
def test_damage_of_what_sqlite_writes_beside_the_log_repeats_nothing(tmp_path, heard, damage):
    """SQLite takes it for the end of what was written: the log itself has each row before it sounds, and its end."""
    clock, live, left = shanghai("2026-03-02T07:00:00"), tmp_path / "live", tmp_path / "left"
    live.mkdir()
    with Box(clock, live, publication=a_publication()) as box:
        box.look()  # the log is there, and was closed in order
    with Box(clock, live, publication=a_publication()) as box:
        box.at("2026-03-02T07:29:58")
        if heard == "all of it":
            box.finish()
        elif heard == "all but its ending":
            clock.advance(30)
            box.playout.sound(28)
            box.look()
        shutil.copytree(live, left)  # what a power cut leaves
    writes = left / "as-run.db-wal"
    assert writes.exists()
    spoil = DAMAGES[damage]
    if spoil is None:
        writes.unlink()
    else:
        writes.write_bytes(spoil(writes.read_bytes()))
    clock.advance(60)
    with Box(clock, left, publication=a_publication()) as box:
        box.look()
        attempts = [(row.attempt, row.outcome) for row in box.airings()]
    expected = {"all of it": [(1, "aired")], "all but its ending": [(1, "cut")], "a part": [(1, "cut"), (2, None)]}
    assert attempts == expected[heard]


def test_a_step_past_the_grace_is_too_late_not_busy(box):
    """What was armed and taken back is missed for what it is."""
    box.at("2026-03-02T07:29:57")
    box.set_clock(3600)
    assert box.told() == [("morning", "missed", "too-late")]


def test_a_zone_that_changes_owes_nothing_of_its_past(tmp_path):
    """The hour is another instant now: it is owed from then on."""
    clock = shanghai("2026-03-02T07:00:00")
    with Box(clock, tmp_path, publication=a_publication()) as box:
        moved = msgspec.structs.replace(a_publication(revision="r2"), timezone="Asia/Tokyo")  # 07:30 there was 06:30
        box.take(moved)
        assert box.told() == []
        assert box.playout.started == []


def test_the_night_that_summer_time_ends(tmp_path):
    """Three o'clock is an hour and six minutes after 01:54 then and not six: the alarm rings once, not for an hour."""
    publication = msgspec.structs.replace(
        a_publication(a_broadcast("first", "01:54"), a_broadcast("second", "03:00")), timezone="Europe/Berlin"
    )
    clock = SetClock(datetime(2026, 10, 24, 23, 0, tzinfo=UTC))
    with Box(clock, tmp_path, publication=publication, limits=Limits(quiet_hours="")) as box:
        clock.advance(54 * 60)
        box.look()
        box.finish()
        box.look()
        assert box.alarm_clock.instant == datetime(2026, 10, 25, 1, 59, 57, tzinfo=UTC)


def test_a_lost_log_repeats_nothing(tmp_path):
    """What was due before is missed, also within its grace; what comes is aired."""
    with Box(shanghai("2026-03-02T07:33:00"), tmp_path, publication=a_publication(), follows_another=True) as box:
        # the kept publication was on air before the log was lost
        assert box.playout.started == []
        assert box.told() == [("morning", "missed", "too-late")]
        box.at("2026-03-02T18:29:58")
        assert len(box.playout.started) == 1


def test_what_was_due_before_the_first_publication_is_not_owed(tmp_path):
    """A new box at 07:33 does not air 07:30, and does not call it missed."""
    with Box(shanghai("2026-03-02T07:33:00"), tmp_path, publication=a_publication()) as box:
        assert box.playout.started == []
        assert box.told() == []
        assert [(cue.state, cue.reason) for cue in box.status().today] == [("not-owed", ""), ("next", "")]


def test_a_broadcast_moved_to_before_now_starts_tomorrow(box):
    """It is not aired at once, and not missed today."""
    box.at("2026-03-02T10:00:00")
    box.take(a_publication(a_broadcast("evening", "09:55"), revision="r2"))
    box.look()
    assert box.told() == [("morning", "missed", "too-late")]
    assert box.playout.started == []
    box.at("2026-03-03T09:54:58")
    assert box.playout.rundown is not None


def test_a_clock_set_back_does_not_air_twice(box):
    """An hour earlier it is 07:30 once more: nothing sounds."""
    box.at("2026-03-02T07:29:58")
    box.finish()
    box.set_clock(-3600)
    box.at("2026-03-02T07:30:00")
    assert len(box.playout.started) == 1


def test_a_cue_armed_for_a_clock_that_was_set_back_is_armed_anew(box):
    """It sounds at the due instant of the new clock, in the row it has."""
    box.at("2026-03-02T07:29:57")
    box.set_clock(-60)
    assert box.playout.rundown is None
    box.at("2026-03-02T07:29:58")
    assert box.playout.rundown is not None
    box.finish()
    assert box.told() == [("morning", "aired", "")]
