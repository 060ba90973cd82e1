"""The watch over the clock: what is remembered, and what time it is while nobody knows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from speaker.trust.keeper import BelievedClock, ClockKeeper
from speaker.trust.memory import Memory
from speaker.trust.states import Proof, Trust
from tests.fakes import SetClock
from tests.speaker.trust.fakes import FakeMachine, FakePlace

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
IN_1970 = datetime(1970, 1, 1, 0, 0, 40, tzinfo=UTC)


@pytest.fixture
def clock():
    """Give a clock that stands at noon in Shanghai."""
    return SetClock(NOON)


@pytest.fixture
def machine(clock):
    """Give a machine that has just booted."""
    return FakeMachine(clock)


def test_it_is_never_earlier_than_what_was_seen(clock, machine):
    """A boot in 1970: the clock that everything is dated by goes on from the last instant that was known."""
    machine.synchronised = True
    place = FakePlace()
    keeper = ClockKeeper(clock, machine.read, place)
    clock.advance(1800)
    keeper.close()
    machine.power_cycle(IN_1970)
    keeper = ClockKeeper(clock, machine.read, place)
    believed = BelievedClock(clock, keeper)
    assert keeper.trust is Trust.UNTRUSTED
    assert keeper.seen_before == NOON + timedelta(seconds=1800)
    clock.advance(60)
    assert believed.now() == NOON + timedelta(seconds=1860)
    assert believed.monotonic() == clock.monotonic()
    machine.synchronised = True
    clock.step((NOON - clock.now()).total_seconds() + 86_400)
    keeper.look()
    assert keeper.trust is Trust.SYNCHRONISED
    assert believed.now() == clock.now() == NOON + timedelta(days=1)


def test_it_is_never_earlier_than_the_build_or_the_last_airing(clock, machine):
    """Also where no memory is left."""
    machine.power_cycle(IN_1970)
    keeper = ClockKeeper(clock, machine.read, FakePlace(), floor=datetime(2026, 1, 17, tzinfo=UTC))
    assert BelievedClock(clock, keeper).now() == datetime(2026, 1, 17, tzinfo=UTC)
    keeper.not_before(NOON - timedelta(hours=3))
    keeper.not_before(NOON - timedelta(hours=5))
    assert BelievedClock(clock, keeper).now() == NOON - timedelta(hours=3)


def test_what_is_known_is_written_when_it_changes_and_once_an_hour(clock, machine):
    """Not at every look: a card wears."""
    machine.synchronised = True
    place = FakePlace()
    keeper = ClockKeeper(clock, machine.read, place)
    assert place.writes == 1
    for _ in range(119):
        clock.advance(30)
        keeper.look()
    assert place.writes == 1
    clock.advance(30)
    keeper.look()
    assert place.writes == 2
    assert place.memory.seen == NOON + timedelta(hours=1)
    clock.step(7200)  # the time server has set it: the memory must know from where it is kept
    keeper.look()
    assert place.writes == 3


def test_a_storage_that_refuses_is_tried_again(clock, machine):
    """The clock's trust does not hang on it."""
    place = FakePlace()
    place.is_full = True
    machine.synchronised = True
    keeper = ClockKeeper(clock, machine.read, place)
    assert keeper.trust is Trust.SYNCHRONISED
    place.is_full = False
    clock.advance(30)
    keeper.look()
    assert place.memory.proof is Proof.SYNCHRONISED


def test_the_chips_are_asked_only_while_nothing_is_proven(clock, machine):
    """They hang on a slow bus."""
    keeper = ClockKeeper(clock, machine.read, FakePlace())
    keeper.look()
    asked = machine.asked_chips
    assert asked >= 2
    machine.synchronised = True
    keeper.look()
    keeper.look()
    assert machine.asked_chips == asked + 1


def test_a_time_that_a_person_confirmed_proves_the_clock_once_it_is_set(clock, machine):
    """The proof is the clock as it was confirmed, within two seconds, and it outlives a restart of the speaker."""
    place = FakePlace()
    keeper = ClockKeeper(clock, machine.read, place)
    keeper.expect(clock.now().timestamp() - clock.monotonic() + 5000)
    keeper.look()
    assert keeper.trust is Trust.UNTRUSTED
    clock.step(5001)
    keeper.look()
    assert (keeper.trust, keeper.proof, keeper.checked) == (Trust.KEPT, Proof.PERSON, clock.now())
    clock.advance(60)
    assert ClockKeeper(clock, machine.read, place).trust is Trust.KEPT
    clock.step(7200)
    assert ClockKeeper(clock, machine.read, place).trust is Trust.UNTRUSTED


def test_a_kept_clock_wants_checking_after_a_month(clock, machine):
    """By a time server or a person."""
    machine.synchronised = True
    keeper = ClockKeeper(clock, machine.read, FakePlace(Memory()))
    machine.synchronised = False
    clock.advance(29 * 86_400)
    keeper.look()
    assert not keeper.wants_checking
    clock.advance(86_400)
    keeper.look()
    assert keeper.wants_checking
    assert keeper.trust is Trust.KEPT
    keeper.expect(clock.now().timestamp() - clock.monotonic())
    keeper.look()
    assert not keeper.wants_checking
