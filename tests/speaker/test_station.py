"""The station: what sounds when, and what is on record of it."""

from datetime import UTC, datetime
from threading import Event, Thread

import pytest

from speaker.airing import Priority, Reason
from speaker.pins.lamp import LampState
from speaker.protocol import Done, Play, Refused, Stop
from tests.speaker.fakes import Box, a_broadcast, a_message, a_publication, frames, shanghai, stage


def test_a_cue_is_armed_before_it_is_due(box):
    """The rundown is handed over three seconds early with its due instant, and its row is written."""
    box.at("2026-03-02T07:29:56")
    assert box.playout.started == []
    assert box.alarm_clock.instant == datetime(2026, 3, 1, 23, 29, 57, tzinfo=UTC)
    box.at("2026-03-02T07:29:57")
    assert box.playout.started[0].due == datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    assert box.told() == [("morning", "open", "")]


def test_an_occurrence_is_aired_once(box):
    """What was aired whole is on record, and is not due again."""
    box.at("2026-03-02T07:29:57")
    box.finish()
    box.look()
    assert box.told() == [("morning", "aired", "")]
    assert len(box.playout.started) == 1
    (row,) = box.airings()
    assert row.frames_played == row.frames == frames(31)
    assert row.said[0].text == "这是 home。"


def test_a_cue_that_was_only_armed_waits_for_the_page(box):
    """A page in the seconds before a cue does not use it up: it sounds afterwards, in the same row."""
    box.at("2026-03-02T07:29:57")
    box.play("evening")
    assert box.playout.rundown.priority is Priority.PAGE
    box.finish()
    assert box.playout.rundown.priority is Priority.PROGRAMME
    box.finish()
    assert box.told() == [("morning", "aired", ""), ("evening", "aired", "")]


def test_a_cue_that_waits_too_long_for_a_page_is_missed(tmp_path):
    """The reason on record is what it waited for."""
    publication = a_publication(
        a_broadcast("morning", "07:30", grace_minutes=1), messages=(a_message("home", seconds=120),)
    )
    with Box(shanghai("2026-03-02T07:29:00"), tmp_path, publication=publication) as box:
        box.play("morning")
        box.at("2026-03-02T07:30:30")
        box.at("2026-03-02T07:31:01")
        assert box.told() == [("morning", "open", ""), ("morning", "missed", "busy")]


def test_stop_ends_what_sounds_and_the_next_cue_airs(box):
    """Stop is on record as the reason."""
    box.play("evening")
    box.playout.sound(3)
    assert isinstance(box.station.ask(Stop()), Done)
    box.station.settle()
    box.at("2026-03-02T07:29:58")
    assert box.told() == [("evening", "cut", "stopped"), ("morning", "open", "")]


def test_stop_leaves_a_cue_that_is_only_armed(box):
    """Nothing sounds yet: the armed cue is the next cue."""
    box.at("2026-03-02T07:29:58")
    box.station.ask(Stop())
    assert box.playout.rundown is not None


def test_a_held_button_silences_until_the_next_cue(box):
    """Pages are refused meanwhile, an emergency is not; the next cue sounds and ends the silence."""
    box.play("evening")
    box.playout.sound(3)
    box.hold_button()
    assert box.playout.rundown is None
    assert box.play("evening").reason is Reason.STOPPED
    assert isinstance(box.play("evening", priority="emergency"), Done)
    box.finish()
    assert box.status().silenced
    box.at("2026-03-02T07:29:58")
    box.finish()
    assert not box.status().silenced


def test_a_held_button_drops_a_cue_that_waits(box):
    """What was due before the button was held is missed, not sounded into the silence."""
    box.at("2026-03-02T07:29:50")
    box.play("evening")
    box.clock.advance(20)
    box.playout.sound(20)
    box.look()
    box.hold_button()
    assert box.told() == [("evening", "cut", "stopped"), ("morning", "missed", "stopped")]
    assert box.playout.rundown is None


def test_a_short_press_plays_the_earliest_broadcast_of_today(box):
    """Also after its time, also in a silence that a long press made; it uses up no occurrence."""
    box.station.press_long()
    box.station.press_short()
    box.station.settle()
    (row,) = box.airings()
    assert (row.broadcast, row.priority, row.origin) == ("morning", "page", "button")
    box.finish()
    box.at("2026-03-02T07:29:58")
    assert box.playout.rundown.priority is Priority.PROGRAMME


def test_a_short_press_with_nothing_to_play_blinks(tmp_path):
    """The lamp says that there is nothing."""
    with Box(shanghai("2026-03-02T08:00:00"), tmp_path) as box:
        box.station.press_short()
        box.station.settle()
        box.station.settle()
        assert box.lamp.shown[-1] is LampState.ALARM
        assert box.playout.started == []


def test_a_missing_card_is_retried_within_the_grace(box):
    """One row for all retries; the card comes back and the occurrence is aired."""
    box.at("2026-03-02T07:29:58")
    box.playout.have("missing")
    box.fail(Reason.CARD_MISSING)
    assert [alarm.code for alarm in box.status().alarms] == ["card-missing"]
    box.look()
    assert len(box.playout.started) == 1
    box.at("2026-03-02T07:30:02")
    assert len(box.playout.started) == 2
    box.playout.have("card")
    box.finish()
    assert box.told() == [("morning", "aired", "")]
    assert box.status().alarms == ()


def test_a_card_missing_for_the_whole_grace_is_a_missed_broadcast(box):
    """Recorded with its reason once the grace has passed."""
    for minute in range(30, 41):
        box.at(f"2026-03-02T07:{minute}:00")
        if box.playout.rundown:
            box.fail(Reason.CARD_MISSING)
    box.at("2026-03-02T07:40:01")
    assert box.told() == [("morning", "missed", "card-missing")]


def test_a_card_lost_in_the_middle_is_a_cut_and_not_retried(box):
    """The frames that sounded are on record."""
    box.at("2026-03-02T07:29:58")
    box.clock.advance(10)
    box.playout.sound(8)
    box.fail(Reason.CARD_LOST)
    box.at("2026-03-02T07:30:30")
    assert box.told() == [("morning", "cut", "card-lost")]
    assert len(box.playout.started) == 1


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (Play(broadcast="nothing"), Reason.UNKNOWN),
        (Play(message="nothing"), Reason.UNKNOWN),
        (Play(), Reason.UNKNOWN),
        (Play(broadcast="morning", message="home"), Reason.UNKNOWN),
        (Play(broadcast="morning", bulletin="home"), Reason.UNKNOWN),
    ],
)
def test_a_page_of_nothing_is_refused(box, request_, reason):
    """In words, and without a row."""
    reply = box.station.ask(request_)
    assert reply.reason is reason
    assert reply.zh
    assert reply.en
    assert box.told() == []


def test_expired_messages_have_nothing_to_say(tmp_path):
    """A cue of them is missed; a page is refused."""
    old = a_message("home", until=datetime(2026, 3, 1).date())  # noqa: DTZ001 - only its date is wanted
    with Box(shanghai("2026-03-02T07:00:00"), tmp_path, publication=a_publication(messages=(old,))) as box:
        assert box.play().reason is Reason.NOTHING_TO_SAY
        box.at("2026-03-02T07:30:00")
        assert box.told() == [("morning", "missed", "nothing-to-say")]


def test_nothing_on_air_is_an_alarm(tmp_path):
    """Until a publication is taken."""
    with Box(shanghai("2026-03-02T07:00:00"), tmp_path) as box:
        assert [alarm.code for alarm in box.status().alarms] == ["nothing-on-air"]
        assert box.play().reason is Reason.NOTHING_ON_AIR
        box.take(a_publication())
        assert box.status().alarms == ()


def test_the_status_tells_the_day(box):
    """What was aired, what sounds and what is next."""
    box.at("2026-03-02T07:29:57")
    assert [cue.state for cue in box.status().today] == ["next", "later"]
    box.clock.advance(10)
    box.playout.sound(7)
    status = box.status()
    assert [cue.state for cue in status.today] == ["sounding", "next"]
    assert status.sounding.title == "稿件 home"
    assert status.sounding.position_seconds == 7
    box.finish()
    status = box.status()
    assert [(cue.broadcast, cue.state, cue.seconds) for cue in status.today] == [
        ("morning", "aired", 31.0),
        ("evening", "next", 31.0),
    ]
    assert status.next_due == datetime(2026, 3, 2, 10, 30, tzinfo=UTC)


def test_shutting_down_writes_the_end(tmp_path):
    """What sounded is cut as shut down, before the station is gone."""
    clock = shanghai("2026-03-02T07:00:00")
    box = Box(clock, tmp_path, publication=a_publication())
    box.play()
    box.playout.sound(5)
    box.station.close()
    assert box.told() == [("morning", "cut", "shut-down")]
    assert box.playout.closed
    box.log.close()


def test_a_broadcast_taken_out_while_it_waits_is_written_off(box):
    """Its open row does not stay open for ever."""
    box.at("2026-03-02T07:29:58")
    box.fail(Reason.CARD_MISSING)
    box.take(a_publication(a_broadcast("evening", "18:30"), revision="r2"))
    assert box.told() == [("morning", "missed", "unknown")]


def test_nothing_sounds_that_could_not_be_written_before(box):
    """An alarm tells; once the storage takes it, the cue is aired within its grace."""
    box.log.fails = True
    box.at("2026-03-02T07:29:58")
    box.at("2026-03-02T07:30:10")
    assert box.playout.started == []
    assert "log-unwritable" in [alarm.code for alarm in box.status().alarms]
    assert box.play().zh == "满了"
    box.log.fails = False
    box.at("2026-03-02T07:30:40")
    box.finish()
    assert box.told() == [("morning", "aired", "")]
    assert box.status().alarms == ()


def test_an_end_that_could_not_be_written_is_not_aired_again(box):
    """It is kept in mind, and written when the storage takes it."""
    box.at("2026-03-02T07:29:58")
    box.log.fails = True
    box.finish()
    box.at("2026-03-02T07:31:00")
    assert len(box.playout.started) == 1
    assert box.status().sounding is None
    box.log.fails = False
    box.at("2026-03-02T07:32:00")
    assert box.told() == [("morning", "aired", "")]
    assert len(box.playout.started) == 1


def test_how_far_it_is_is_noted_while_it_sounds(box):
    """So that a power cut leaves more than a zero."""
    box.at("2026-03-02T07:29:58")
    box.clock.advance(30)
    box.playout.sound(20)
    box.station.slow_look()
    box.station.settle()
    assert box.airings()[0].frames_played == frames(20)


def test_while_it_sounds_the_lamp_says_so(box):
    """And is ready otherwise."""
    box.at("2026-03-02T07:29:58")
    box.look()
    assert box.lamp.shown[-1] is LampState.SOUNDING
    box.finish()
    box.look()
    assert box.lamp.shown[-1] is LampState.READY


def test_a_page_without_a_card_says_so_at_once(box):
    """Rather than promising a sound that does not come; it is on record as missed."""
    box.playout.have("missing")
    assert box.play().reason is Reason.CARD_MISSING
    assert box.told() == [("morning", "missed", "card-missing")]
    assert box.playout.started == []


def test_a_page_that_nobody_waits_for_any_more_does_not_sound(tmp_path):
    """Whoever was told that the speaker is too busy may have gone away, or asked again."""
    clock = shanghai("2026-03-02T07:00:00")
    with Box(clock, tmp_path, publication=a_publication(), answer_seconds=0) as box:
        assert isinstance(box.play("evening"), Refused)
        assert box.playout.started == []
        assert box.told() == []


def test_a_page_that_was_begun_in_time_is_not_told_to_be_too_late(tmp_path):
    """A worn card takes seconds for its row: who was told to try again would have it sound twice."""
    clock, is_begun, goes_on = shanghai("2026-03-02T07:00:00"), Event(), Event()
    replies = []

    def slow_stage(script):
        is_begun.set()
        assert goes_on.wait(60)
        return stage(script)

    with Box(clock, tmp_path, publication=a_publication(), answer_seconds=0.02, stage=slow_stage) as box:
        asker = Thread(target=lambda: replies.append(box.play("evening")))
        asker.start()
        if is_begun.wait(1):  # else this machine took more than those milliseconds to begin, and it is given up
            asker.join(0.2)
            assert replies == []
        goes_on.set()
        asker.join(60)
        assert isinstance(replies[0], Done) == bool(box.playout.started)


def test_a_page_can_be_stopped_from_when_it_is_asked_for(box):
    """The status has it while the amplifier still wakes; a cue that is only armed is none."""
    box.play("evening")
    sounding = box.status().sounding
    assert sounding is not None
    assert (sounding.title, sounding.position_seconds, sounding.length_seconds) == ("稿件 home", 0, 31)
    box.station.ask(Stop())
    box.station.settle()
    box.at("2026-03-02T07:29:58")
    assert box.status().sounding is None
