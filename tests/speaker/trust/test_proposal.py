"""A time that the panel proposes and the button confirms: what may be proposed, and what becomes of it."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta

import pytest

from box.clock_setter import instant_of
from speaker.airing import Reason
from speaker.pins.lamp import LampState
from speaker.protocol import Done, ProposeTime, Refused
from speaker.trust.proposal import (
    IMPOSSIBLE,
    NO_BUTTON,
    NO_SETTER,
    NOT_NEEDED,
    TOO_FAR,
    SocketSetter,
    TimeProposal,
)
from speaker.trust.states import Trust
from tests.fakes import SetClock
from tests.speaker.fakes import Box, FakeSetter, FakeTrust, a_publication

SAVED = datetime(2026, 3, 1, 23, 0, tzinfo=UTC)
PHONE = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@pytest.fixture
def clock():
    """Give a clock that stands at a saved time."""
    return SetClock(SAVED)


@pytest.fixture
def box(clock, tmp_path):
    """Give a station whose clock nobody believes."""
    with Box(clock, tmp_path, publication=a_publication(), trust=FakeTrust(Trust.UNTRUSTED)) as one:
        yield one


def propose(box: Box, instant: datetime = PHONE) -> Done | Refused:
    """Propose a time over the socket."""
    reply = box.station.ask(ProposeTime(instant=instant, who="王书记"))
    assert isinstance(reply, Done | Refused)
    return reply


def press(box: Box) -> None:
    """Press the button for short."""
    box.station.press_short()
    box.station.settle()


def test_the_button_has_the_proposed_time_set(box):
    """As it has run on meanwhile: by how far the wall clock is to be ahead of the monotonic one. Nothing is played."""
    assert isinstance(propose(box), Done)
    assert box.status().clock.waits
    box.clock.advance(90)
    press(box)
    (offset,) = box.setter.asked
    assert instant_of(str(offset).encode(), box.clock.monotonic()) == PHONE + timedelta(seconds=90)
    assert box.trust.expected == [offset]
    assert box.told() == []
    assert not box.status().clock.waits
    press(box)
    assert box.setter.asked == [offset]
    assert box.told() == [("morning", "refused", "clock-untrusted")]


def test_a_proposal_waits_for_two_minutes(box):
    """Then the button is what it always is."""
    propose(box)
    box.clock.advance(120)
    assert not box.status().clock.waits
    press(box)
    assert box.setter.asked == []


def test_the_newest_proposal_counts(box):
    """Whoever sends the time twice means the second."""
    propose(box, PHONE - timedelta(days=300))
    propose(box)
    press(box)
    (offset,) = box.setter.asked
    assert instant_of(str(offset).encode(), box.clock.monotonic()) == PHONE


def test_the_lamp_asks_for_the_button(box):
    """While a time waits."""
    propose(box)
    box.look()
    assert box.lamp.shown[-1] is LampState.ASKING
    press(box)
    box.look()
    assert box.lamp.shown[-1] is LampState.TIMELESS


@pytest.mark.parametrize(
    ("trust", "button", "setter", "instant", "said"),
    [
        (Trust.UNTRUSTED, True, True, PHONE, None),
        (Trust.UNTRUSTED, True, True, SAVED - timedelta(days=20), None),  # the box itself had been wrong
        (Trust.UNTRUSTED, False, True, PHONE, NO_BUTTON),
        (Trust.UNTRUSTED, True, False, PHONE, NO_SETTER),
        (Trust.UNTRUSTED, True, True, datetime(1970, 1, 1, tzinfo=UTC), IMPOSSIBLE),
        (Trust.UNTRUSTED, True, True, datetime(2099, 1, 1, tzinfo=UTC), IMPOSSIBLE),
        (Trust.KEPT, True, True, SAVED + timedelta(minutes=14), None),
        (Trust.KEPT, True, True, SAVED + timedelta(minutes=16), TOO_FAR),
        (Trust.KEPT, True, True, SAVED - timedelta(minutes=16), TOO_FAR),
        (Trust.SYNCHRONISED, True, True, SAVED, NOT_NEEDED),
        (Trust.ASSUMED, True, True, SAVED, NOT_NEEDED),
    ],
)
def test_what_may_be_proposed(trust, button, setter, instant, said):
    """Where a person could confirm it, and where the clock is not better than a phone."""
    helper = FakeSetter()
    helper.is_there = setter
    proposal = TimeProposal(SetClock(SAVED), FakeTrust(trust), helper, has_button=button)
    assert proposal.propose(instant) is said
    assert proposal.waits is (said is None)


def test_a_refusal_is_a_sentence(box):
    """In both languages."""
    reply = propose(box, datetime(1970, 1, 1, tzinfo=UTC))
    assert isinstance(reply, Refused)
    assert (reply.reason, reply.zh, reply.en) == (Reason.NONE, *IMPOSSIBLE)


def test_a_clock_that_could_not_be_set_is_an_alarm(box):
    """At once where the helper is away, after half a minute where nothing comes of it; until the time is known."""

    def codes() -> list[str]:
        box.station.slow_look()
        box.station.settle()
        return [alarm.code for alarm in box.status().alarms]

    propose(box)
    box.setter.is_there = False
    press(box)
    assert codes() == ["clock-untrusted", "clock-not-set"]
    box.setter.is_there = True
    propose(box)
    press(box)
    assert codes() == ["clock-untrusted"]
    box.clock.advance(30)
    assert codes() == ["clock-untrusted", "clock-not-set"]
    box.believe(Trust.KEPT)
    assert codes() == []
    box.believe(Trust.UNTRUSTED)
    assert codes() == ["clock-untrusted"]


def test_the_helper_is_sent_one_number(tmp_path):
    """Over its socket; where nobody listens, it is an error and not a wait."""
    path = tmp_path / "clock.sock"
    setter = SocketSetter(path)
    assert not setter.is_there
    with pytest.raises(OSError, match="No such file"):
        setter.set(5)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(path))
        assert setter.is_there
        setter.set(1_772_423_900)
        assert listener.recv(100) == b"1772423900"
