"""The station: what sounds when, and what is on record of it."""

from datetime import UTC, datetime

import msgspec
import pytest

from box.settings import Limits
from programme.bulletins import Bulletins
from speaker.airing import Outcome, Priority, Reason
from speaker.pins.lamp import LampState
from speaker.protocol import Done, Play, Refused, Stop
from tests.fakes import SetClock
from tests.speaker.fakes import Box, a_broadcast, a_message, a_publication, frames


def shanghai(text: str) -> SetClock:
    """Return a clock that stands at ``text`` in Shanghai."""
    return SetClock(datetime.fromisoformat(f"{text}+08:00"))


@pytest.fixture
def box(tmp_path):
    """Give a station with a morning and an evening broadcast, on 2 March 2026, an hour before the first."""
    with Box(shanghai("2026-03-02T06:30:00"), tmp_path, publication=a_publication()) as one:
        yield one


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


def test_a_page_that_nobody_waits_for_any_more_does_not_sound(tmp_path):
    """Whoever was told that the speaker is too busy may have gone away, or asked again."""
    clock = shanghai("2026-03-02T07:00:00")
    with Box(clock, tmp_path, publication=a_publication(), answer_seconds=0) as box:
        assert isinstance(box.play("evening"), Refused)
        assert box.playout.started == []
        assert box.told() == []


def bulletins(*names: str) -> Bulletins:
    """Return bulletins as the intake has checked them."""
    return Bulletins(messages=tuple(a_message(name) for name in names))


def test_a_bulletin_is_paged_as_loud_and_as_often_as_asked(box):
    """Words that are in no publication; on record word for word, with who and why."""
    box.station.take_bulletins(bulletins("b-1"))
    play = Play(bulletin="b-1", volume_percent=55, repeat=3, origin="panel", who="王书记", occasion="停水")
    assert isinstance(box.station.ask(play), Done)
    rundown = box.playout.started[0]
    assert rundown.volume_percent == 55
    assert rundown.frames == frames(1 + 3 * 30 + 2 * 3)
    box.finish()
    (row,) = box.airings()
    assert (row.who, row.occasion, row.said[0].text, row.broadcast) == ("王书记", "停水", "这是 b-1。", None)
    assert box.status().bulletins == ("b-1",)


def test_a_bulletin_is_as_loud_as_the_programme_where_nobody_says(box):
    """And is said once."""
    box.station.take_bulletins(bulletins("b-1"))
    box.station.ask(Play(bulletin="b-1"))
    assert (box.playout.started[0].volume_percent, box.playout.started[0].frames) == (80, frames(31))


def test_only_a_bulletin_that_was_checked_is_paged(box):
    """One that is not there, or not any more, is unknown; a message of the programme is none."""
    box.station.take_bulletins(bulletins("b-1"))
    box.station.take_bulletins(bulletins("b-2"))
    for name in ("b-1", "home", "b-3"):
        assert box.station.ask(Play(bulletin=name)).reason is Reason.UNKNOWN
    assert box.station.ask(Play(message="b-2")).reason is Reason.UNKNOWN
    assert box.playout.started == []


@pytest.mark.parametrize(
    ("local", "limits", "reason"),
    [
        ("2026-03-02T22:00:00", Limits(), Reason.QUIET_HOURS),
        ("2026-03-02T12:00:00", Limits(longest_minutes=1), Reason.TOO_LONG),
        ("2026-03-02T12:00:00", Limits(longest_minutes_per_day=1), Reason.DAY_USED_UP),
    ],
)
@pytest.mark.parametrize("priority", ["page", "emergency"])
def test_a_bulletin_keeps_every_limit(tmp_path, local, limits, reason, priority):
    """Repeats count; an emergency too, unless the installer says so. Who tried, and why, is on record."""
    with Box(shanghai(local), tmp_path, publication=a_publication(), limits=limits) as box:
        box.station.take_bulletins(bulletins("b-1"))
        play = Play(bulletin="b-1", priority=priority, repeat=3, who="王书记", occasion="煤气泄漏")
        assert box.station.ask(play).reason is reason
        assert box.playout.started == []
        (row,) = [one for one in box.airings() if one.broadcast is None]
        assert (row.priority, row.reason, row.who, row.occasion) == (priority, reason, "王书记", "煤气泄漏")


def test_an_emergency_sounds_at_night_where_the_installer_says_so(tmp_path):
    """And only an emergency."""
    with Box(
        shanghai("2026-03-02T22:00:00"), tmp_path, publication=a_publication(), limits=Limits(emergency_at_night=True)
    ) as box:
        box.station.take_bulletins(bulletins("b-1"))
        assert box.station.ask(Play(bulletin="b-1")).reason is Reason.QUIET_HOURS
        assert isinstance(box.station.ask(Play(bulletin="b-1", priority="emergency")), Done)


def test_a_bulletin_waits_its_turn(box):
    """While another page sounds it is told how many are ahead, and sounds after that without being asked again."""
    box.station.take_bulletins(bulletins("b-1"))
    box.play("evening")
    reply = box.station.ask(Play(bulletin="b-1"))
    assert (reply.airing, reply.ahead) == (2, 1)
    box.station.take_bulletins(bulletins("b-2"))  # its words were taken when it was asked for
    box.finish()
    box.finish()
    assert [(row.said[0].text, str(row.outcome)) for row in box.airings()] == [
        ("这是 home。", "aired"),
        ("这是 b-1。", "aired"),
    ]


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
