"""Contacts on the station: what they have said, within every limit, and what of it is on record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from box.settings import Contact, Limits
from programme.publication import Publication
from speaker.airing import Outcome, Priority, Reason
from speaker.condition import ContactStatus
from speaker.contacts.line import MOST_CHANGES, Line
from speaker.protocol import BeQuiet, Stop
from speaker.trust.states import Trust
from tests.fakes import SetClock
from tests.speaker.fakes import Box, FakeTrust, a_message, a_publication

FIRE = Contact(
    name="消防主机",
    pin=5,
    rest_pin=6,
    message="fire",
    priority="emergency",
    occasion="消防主机报火警",
    gap_seconds=10,
    most_repeats=3,
    test_every_days=30,
)
GUARD = Contact(name="门卫按钮", pin=16, message="home", repeat=False)
NOON = datetime.fromisoformat("2026-03-02T12:00:00+08:00")
ON_AIR = a_publication(messages=(a_message("home"), a_message("fire", seconds=8)))

MakeBox = Callable[..., Box]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[MakeBox]:
    """Return how to make a station with the two contacts; it is ended after the test."""
    made: list[Box] = []

    def box(now: datetime = NOON, publication: Publication | None = ON_AIR, **more: object) -> Box:
        one = Box(SetClock(now), tmp_path, publication=publication, contacts=(FIRE, GUARD), **more)  # type: ignore[arg-type]  # as Box has them
        made.append(one)
        return one

    yield box
    for one in made:
        one.die()


@pytest.fixture
def box(make: MakeBox) -> Box:
    """Return a station at noon whose contacts are known to be at rest."""
    one = make()
    one.contact(Line.REST)
    one.contact(Line.REST, GUARD.name)
    return one


def told(box: Box) -> list[tuple[str, str, str]]:
    """Return who, outcome and reason of each row."""
    return [(row.who, str(row.outcome or "open"), str(row.reason)) for row in box.airings()]


def fire(box: Box) -> ContactStatus:
    """Return how the fire panel's contact stands."""
    return box.status().contacts[0]


def test_an_active_contact_is_said_over_and_over_and_all_of_it_is_on_record(box: Box) -> None:
    """The call, each saying with its words and its occasion, the end: all by the contact's name."""
    box.contact(Line.ACTIVE)
    assert box.playout.rundown is not None
    assert (box.playout.rundown.priority, box.playout.rundown.volume_percent) == (Priority.EMERGENCY, 100)
    box.finish()
    box.live(12)
    assert len(box.playout.started) == 2
    box.contact(Line.REST)
    box.finish()
    box.live(60)
    assert told(box) == [
        (FIRE.name, "noted", "contact-active"),
        (FIRE.name, "aired", ""),
        (FIRE.name, "aired", ""),
        (FIRE.name, "noted", "contact-at-rest"),
    ]
    said = box.airings()[1]
    assert (said.origin, said.priority, said.occasion) == ("contact", "emergency", FIRE.occasion)
    assert [one.message for one in said.said] == ["fire"]
    assert fire(box).active == NOON.astimezone(UTC)


def test_it_takes_the_place_of_what_sounds_as_any_emergency(box: Box) -> None:
    """A page's contact does not: it waits its turn, and is heard after what was cut before it."""
    box.play("morning")
    box.contact(Line.ACTIVE, GUARD.name)
    assert told(box)[-1] == (GUARD.name, "open", "")
    box.contact(Line.ACTIVE)
    box.finish()
    box.contact(Line.REST)
    box.live(15)
    box.look()
    assert [one.who for one in box.status().waiting] == [GUARD.name]
    box.finish()
    box.finish()
    assert (("", "aired", "") in told(box), told(box).count((GUARD.name, "aired", ""))) == (True, 1)


def test_nothing_is_heard_between_two_sayings_of_an_emergency(box: Box) -> None:
    """The broadcast that was cut goes on when the contact has been at rest for its gap and a little more."""
    box.play("morning")
    box.contact(Line.ACTIVE)
    box.finish()
    box.live(9)
    assert box.playout.rundown is None
    box.live(2)
    assert box.playout.rundown.priority is Priority.EMERGENCY  # type: ignore[union-attr]  # it sounds
    box.contact(Line.REST)
    box.finish()
    box.live(15)
    box.look()
    assert box.playout.rundown.priority is Priority.PAGE  # type: ignore[union-attr]  # it sounds


def test_a_page_that_waited_and_was_refused_is_asked_for_again(make: MakeBox) -> None:
    """The night began while it waited: that is no saying; it is said in the morning if it is active still."""
    box = make(datetime.fromisoformat("2026-03-02T21:29:30+08:00"))
    box.contact(Line.REST, GUARD.name)
    box.play("morning")
    box.contact(Line.ACTIVE, GUARD.name)
    box.playout.sound(20)
    box.at("2026-03-02T21:30:00")
    box.live(10)
    assert (GUARD.name, "refused", "quiet-hours") in told(box)
    guard = box.status().contacts[1]
    assert (guard.call, guard.said, guard.hindrance) == ("calling", 0, Reason.QUIET_HOURS)
    box.at("2026-03-03T06:30:00")
    box.live(6)
    assert told(box)[-1] == (GUARD.name, "open", "")


def test_it_ends_after_so_many_times_and_says_so(box: Box) -> None:
    """Nobody came: the courtyard is not kept awake for ever."""
    box.contact(Line.ACTIVE)
    for _ in range(3):
        box.finish()
        box.live(12)
    assert len(box.playout.started) == 3
    status = fire(box)
    assert (status.call, status.said, status.most) == ("used-up", 3, 3)


@pytest.mark.parametrize("at_night", [True, False])
def test_at_night_it_sounds_only_where_the_installer_says_so(make: MakeBox, at_night: bool) -> None:
    """Else it is refused once on record, tried again, and heard when the night ends while it is still active."""
    box = make(datetime.fromisoformat("2026-03-02T06:29:00+08:00"), limits=Limits(emergency_at_night=at_night))
    box.contact(Line.ACTIVE)
    box.live(30)
    assert (len(box.playout.started) == 1) is at_night
    assert ((FIRE.name, "refused", "quiet-hours") in told(box)) is not at_night
    if not at_night:
        assert fire(box).hindrance is Reason.QUIET_HOURS
        box.live(40)
        assert len(box.playout.started) == 1
        assert told(box).count((FIRE.name, "refused", "quiet-hours")) == 1


def test_a_quiet_request_stops_a_page_and_no_emergency(box: Box) -> None:
    """As with pages of people."""
    box.station.ask(BeQuiet(until=datetime.fromisoformat("2026-03-02T14:00:00+08:00"), who="王书记"))
    box.contact(Line.ACTIVE, GUARD.name)
    box.live(10)
    assert box.playout.started == []
    assert told(box)[-1] == (GUARD.name, "refused", "quiet-request")
    box.contact(Line.ACTIVE)
    assert len(box.playout.started) == 1


def test_while_nobody_knows_the_time_nothing_sounds_and_then_it_does(make: MakeBox) -> None:
    """A fire and a power cut: every hour is quiet until the clock is believed, and it still burns."""
    box = make(trust=FakeTrust(Trust.UNTRUSTED))
    box.contact(Line.ACTIVE)
    box.live(10)
    assert box.playout.started == []
    assert told(box)[-1] == (FIRE.name, "refused", "clock-untrusted")
    box.believe(Trust.SYNCHRONISED)
    box.live(6)
    assert len(box.playout.started) == 1


def test_active_at_the_start_an_emergency_sounds_and_a_page_does_not(make: MakeBox) -> None:
    """Both are on record and shown: the power came back in a fire, or a button is stuck."""
    box = make()
    box.contact(Line.ACTIVE)
    box.contact(Line.ACTIVE, GUARD.name)
    box.finish()
    box.live(5)
    assert len(box.playout.started) == 1
    assert told(box) == [
        (FIRE.name, "noted", "contact-at-start"),
        (FIRE.name, "aired", ""),
        (GUARD.name, "noted", "contact-at-start"),
    ]
    assert [one.call for one in box.status().contacts] == ["calling", "stuck"]


def test_after_a_restart_while_active_it_sounds_on(make: MakeBox) -> None:
    """The row of before is closed as interrupted; nobody has to close the contact again."""
    first = make()
    first.contact(Line.REST)
    first.contact(Line.ACTIVE)
    first.die()
    second = make(NOON.replace(minute=2))
    second.contact(Line.ACTIVE)
    assert second.playout.rundown is not None
    assert told(second)[-3:] == [
        (FIRE.name, "cut", "interrupted"),
        (FIRE.name, "noted", "contact-at-start"),
        (FIRE.name, "open", ""),
    ]


@pytest.mark.parametrize(("line", "reason"), [(Line.CUT, Reason.CONTACT_CUT), (Line.SHORT, Reason.CONTACT_SHORT)])
def test_a_fault_of_the_wires_is_an_alarm_and_on_record_and_sounds_nothing(
    box: Box, line: Line, reason: Reason
) -> None:
    """The alarm goes when they are mended; the mending is on record too."""
    box.contact(line)
    box.live(5)
    assert [alarm.code for alarm in box.status().alarms] == ["contact-wire-5"]
    assert (fire(box).line, box.playout.started) == (line.value, [])
    box.contact(Line.REST)
    assert box.status().alarms == ()
    assert told(box) == [(FIRE.name, "noted", str(reason)), (FIRE.name, "noted", "contact-at-rest")]


def test_a_cable_that_burns_does_not_end_the_call(box: Box) -> None:
    """Only a proper return to rest does."""
    box.contact(Line.ACTIVE)
    box.contact(Line.CUT)
    box.finish()
    box.live(12)
    assert len(box.playout.started) == 2


@pytest.mark.parametrize("how", ["stop", "button"])
def test_stop_silences_a_call_until_the_next_one(box: Box, how: str) -> None:
    """From the panel or the button, while it sounds; a fresh call is heard again."""
    box.contact(Line.ACTIVE)
    box.playout.sound(2)
    box.station.ask(Stop(who="王书记")) if how == "stop" else box.hold_button()
    box.station.settle()
    box.live(60)
    assert (len(box.playout.started), fire(box).call) == (1, "silenced")
    assert (FIRE.name, "cut", "stopped") in told(box)
    box.contact(Line.REST)
    box.contact(Line.ACTIVE)
    assert len(box.playout.started) == 2


def test_stop_in_the_gap_silences_it_too(box: Box) -> None:
    """On record, since no row of a saying tells it."""
    box.contact(Line.ACTIVE)
    box.finish()
    box.live(2)
    box.station.ask(Stop(who="王书记"))
    box.live(60)
    assert len(box.playout.started) == 1
    assert told(box)[-1] == (FIRE.name, "noted", "stopped")


def test_at_rest_it_stops_at_once_where_the_installer_wants_it(tmp_path: Path) -> None:
    """And nothing else that sounds is stopped by it."""
    at_once = msgspec.structs.replace(GUARD, ends="at-once")
    with Box(SetClock(NOON), tmp_path, publication=ON_AIR, contacts=(at_once,)) as box:
        box.contact(Line.REST, at_once.name)
        box.contact(Line.ACTIVE, at_once.name)
        box.playout.sound(2)
        box.contact(Line.REST, at_once.name)
        box.station.settle()
        assert told(box)[1] == (at_once.name, "cut", "contact-at-rest")
        box.contact(Line.ACTIVE, at_once.name)
        box.play("morning", priority="emergency", occasion="火警")
        box.contact(Line.REST, at_once.name)
        assert box.playout.rundown is not None


@pytest.mark.parametrize("publication", [None, a_publication()])
def test_without_its_message_an_emergency_is_the_built_in_signal(
    make: MakeBox, publication: Publication | None
) -> None:
    """Nothing published, or the message was taken out of the programme."""
    box = make(publication=publication)
    box.contact(Line.REST)
    box.contact(Line.ACTIVE)
    assert box.playout.started[0].priority is Priority.EMERGENCY
    row = box.airings()[-1]
    assert (row.who, [one.title for one in row.said]) == (FIRE.name, ["应急信号"])
    assert box.status().sounding is not None


def test_a_message_that_is_not_on_air_is_an_alarm_before_it_is_needed(make: MakeBox) -> None:
    """Raised when the programme is put on air without it, cleared when it is back; a page then sounds nothing."""
    box = make(publication=a_publication(messages=(a_message("other"),)))
    box.contact(Line.REST, GUARD.name)
    codes = {alarm.code for alarm in box.status().alarms}
    assert codes == {"contact-message-5", "contact-message-16"}
    box.contact(Line.ACTIVE, GUARD.name)
    assert told(box)[-1] == (GUARD.name, "refused", "unknown")
    box.take(ON_AIR)
    assert box.status().alarms == ()


def test_a_message_whose_dates_are_over_is_not_on_air(make: MakeBox) -> None:
    """The alarm comes with the day."""
    ended = a_message("fire", until=NOON.date())
    box = make(publication=a_publication(messages=(a_message("home"), ended)))
    assert box.status().alarms == ()
    box.clock.advance(24 * 3600)
    box.station.slow_look()
    box.station.settle()
    assert [alarm.code for alarm in box.status().alarms] == ["contact-message-5"]


def test_with_a_damaged_clip_the_signal_sounds_at_once(box: Box) -> None:
    """The words can't be had; that something is wrong can."""
    box.contact(Line.ACTIVE)
    box.fail(Reason.CLIP_DAMAGED)
    box.live(1)
    assert len(box.playout.started) == 2
    assert [one.title for one in box.airings()[-1].said] == ["应急信号"]
    box.finish()
    box.live(12)
    assert [one.title for one in box.airings()[-1].said] == ["应急信号"]


def test_a_contact_that_chatters_is_an_alarm_and_floods_neither_yard_nor_record(box: Box) -> None:
    """An emergency's counts as active meanwhile, a page's as at rest; still for a minute it is believed again."""
    for _ in range(200):
        for name in (FIRE.name, GUARD.name):
            box.contact(Line.ACTIVE, name)
            box.contact(Line.REST, name)
        box.live(1)
        if box.playout.rundown is not None:
            box.playout.finish()
            box.station.settle()
    rows = [row for row in box.airings() if row.who == FIRE.name]
    noted = [row.reason for row in rows if row.outcome is Outcome.NOTED]
    assert noted == [Reason.CONTACT_ACTIVE, Reason.CONTACT_AT_REST] * (MOST_CHANGES // 2) + [Reason.CONTACT_CHATTERS]
    assert len([row for row in rows if row.outcome is Outcome.AIRED]) <= MOST_CHANGES // 2 + FIRE.most_repeats
    assert {alarm.code for alarm in box.status().alarms} == {"contact-wire-5", "contact-wire-16"}
    assert (fire(box).call, fire(box).chatters) == ("used-up", True)
    assert box.status().contacts[1].call == "none"
    box.live(61)
    assert box.status().alarms == ()
    assert (fire(box).call, told(box)[-1][1:]) == ("none", ("noted", "contact-at-rest"))


def test_what_the_storage_refuses_is_written_later(box: Box) -> None:
    """Nothing sounds that can't be on record; when it can, the call is, and the words are heard."""
    box.log.fails = True
    box.contact(Line.ACTIVE)
    box.live(10)
    assert box.playout.started == []
    box.log.fails = False
    box.live(10)
    assert told(box) == [(FIRE.name, "noted", "contact-active"), (FIRE.name, "open", "")]


def test_it_reminds_of_a_test_where_the_installer_wants_it(box: Box, make: MakeBox) -> None:
    """Never active on record, or not for so many days; over a restart too."""
    assert [one.wants_testing for one in box.status().contacts] == [True, False]
    box.contact(Line.ACTIVE)
    assert fire(box).wants_testing is False
    box.die()
    later = make(datetime.fromisoformat("2026-04-01T11:00:00+08:00"))
    assert fire(later).wants_testing is False
    later.clock.advance(2 * 3600)
    assert fire(later).wants_testing is True
