"""Whether the clock can be believed: what proves it, what does not, and what takes the proof away."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from speaker.trust.judgement import judge, trust_of, wants_checking
from speaker.trust.memory import Memory
from speaker.trust.readings import Chip, Readings
from speaker.trust.states import Proof, Trust

BUILD = datetime(2026, 1, 17, tzinfo=UTC)
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
LAST_LIFE = Memory(seen=NOON - timedelta(hours=1), checked=NOON - timedelta(days=2), boot="a", proof=Proof.SYNCHRONISED)
MADE_2000 = Chip("rtc0", datetime(2000, 1, 1, 0, 3, tzinfo=UTC))
MADE_1970 = Chip("rtc0", datetime(1970, 1, 1, 0, 3, tzinfo=UTC))
RAN_ON = Chip("rtc0", NOON)


def readings(now: datetime = NOON, *, up: float = 100.0, boot: str = "b", **more: object) -> Readings:
    """Return what a machine tells that has been up for so many seconds."""
    return Readings(now=now, monotonic=up, boot=boot, **more)  # type: ignore[arg-type]  # the fields, by name


def judged(memory: Memory, *several: Readings) -> tuple[Memory, Trust]:
    """Return what is known after several looks, and how far the clock is believed."""
    for one in several:
        memory = judge(memory, one, BUILD)
    return memory, trust_of(memory, several[-1])


@pytest.mark.parametrize(
    ("told", "trust", "proof"),
    [
        ({}, Trust.UNTRUSTED, Proof.NONE),
        ({"kernel_synchronised": True}, Trust.SYNCHRONISED, Proof.SYNCHRONISED),
        ({"kernel_synchronised": False}, Trust.UNTRUSTED, Proof.NONE),
        ({"marker": NOON - timedelta(minutes=30)}, Trust.SYNCHRONISED, Proof.SYNCHRONISED),
        ({"marker": NOON - timedelta(hours=10)}, Trust.KEPT, Proof.SYNCHRONISED),
        (
            {"marker": NOON - timedelta(minutes=30), "kernel_synchronised": False},
            Trust.KEPT,
            Proof.SYNCHRONISED,
        ),
        ({"marker": NOON + timedelta(days=3)}, Trust.UNTRUSTED, Proof.NONE),
        ({"chips": (RAN_ON,)}, Trust.KEPT, Proof.CHIP),
        ({"chips": (replace(RAN_ON, is_low=True),)}, Trust.UNTRUSTED, Proof.NONE),
        ({"chips": (Chip("rtc0", None),)}, Trust.UNTRUSTED, Proof.NONE),
        ({"chips": (MADE_2000,)}, Trust.UNTRUSTED, Proof.NONE),
        ({"chips": (MADE_1970, Chip("rtc1", NOON))}, Trust.KEPT, Proof.CHIP),
        ({"chips": (Chip("rtc0", NOON + timedelta(minutes=5)),)}, Trust.UNTRUSTED, Proof.NONE),
    ],
)
def test_after_a_power_cut_the_clock_needs_a_proof(told, trust, proof):
    """A time server, now or since boot, or a chip that is not behind and agrees; a saved time proves nothing."""
    memory, found = judged(LAST_LIFE, readings(**told))
    assert (found, memory.proof) == (trust, proof)
    assert memory.seen == (NOON if proof else LAST_LIFE.seen)


def test_a_chip_without_a_battery_is_not_believed_though_the_wall_clock_follows_it():
    """It starts again in 2000 or 1970 with the power, and the kernel sets the wall clock from it."""
    for chip in (MADE_1970, MADE_2000):
        _, trust = judged(LAST_LIFE, readings(chip.instant, chips=(chip,)))
        assert trust is Trust.UNTRUSTED


def test_a_chip_that_was_set_meanwhile_does_not_count_in_this_boot():
    """Somebody sets the wall clock from a saved time, and the chip from the wall clock: now they agree."""
    _, trust = judged(LAST_LIFE, readings(chips=(MADE_2000,)), readings(up=200, chips=(Chip("rtc0", NOON),)))
    assert trust is Trust.UNTRUSTED
    _, trust = judged(LAST_LIFE, readings(chips=()), readings(up=200, chips=(Chip("rtc0", NOON),)))
    assert trust is Trust.KEPT  # one whose driver came late is met late


def test_a_chip_that_the_wall_clock_had_left_behind_is_believed():
    """Months without a time server: the wall clock ran four minutes ahead of its chip before a short cut."""
    late = Memory(seen=NOON + timedelta(minutes=4), boot="a", proof=Proof.CHIP)
    memory, trust = judged(late, readings(chips=(RAN_ON,)))
    assert trust is Trust.KEPT
    assert memory.seen == NOON


@pytest.mark.parametrize(
    ("off", "trust"),
    [
        (timedelta(minutes=-58), Trust.UNTRUSTED),
        (timedelta(minutes=-1), Trust.KEPT),
        (timedelta(minutes=5), Trust.KEPT),
        (timedelta(days=300), Trust.KEPT),
        (timedelta(days=5 * 365), Trust.UNTRUSTED),
    ],
)
def test_a_chip_that_jumped_is_not_believed(off, trust):
    """An hour's run parts no two clocks by an hour, and no box in use is away for years; both are for a person."""
    memory, _ = judged(Memory(), readings(up=3600.0, boot="a", kernel_synchronised=True))
    told = NOON + off
    memory, found = judged(memory, readings(told, chips=(Chip("rtc0", told),)))
    assert found is trust
    later = told + timedelta(minutes=1)  # what was not believed has moved nothing: the next boot judges it alike
    assert judged(memory, readings(later, boot="c", chips=(Chip("rtc0", later),)))[1] is trust


@pytest.mark.parametrize("offset_seconds", [-1e13, 1e13])
def test_a_damaged_offset_neither_ends_the_speaker_nor_lets_a_chip_be_days_behind(offset_seconds):
    """One digit of the kept memory may be another; the chip may then be a day behind at most."""
    damaged = Memory(seen=NOON, boot="a", proof=Proof.CHIP, offset_seconds=offset_seconds)
    behind = NOON - timedelta(days=2)
    assert judged(damaged, readings(behind, chips=(Chip("rtc0", behind),)))[1] is Trust.UNTRUSTED


def test_a_package_that_lay_for_years_is_put_to_use_by_its_chip():
    """Nothing was seen yet, and there need be neither network nor button."""
    years = BUILD + timedelta(days=5 * 365)
    assert judged(Memory(), readings(years, chips=(Chip("rtc0", years),)))[1] is Trust.KEPT


def test_a_restart_in_the_same_boot_keeps_the_proof():
    """The speaker was killed and is back; the network went away meanwhile."""
    memory, _ = judged(LAST_LIFE, readings(kernel_synchronised=True))
    _, trust = judged(memory, readings(NOON + timedelta(hours=2), up=7300))
    assert trust is Trust.KEPT
    _, trust = judged(memory, readings(NOON + timedelta(hours=2), up=20, boot="c"))
    assert trust is Trust.UNTRUSTED


@pytest.mark.parametrize(
    ("minutes", "told", "trust"),
    [
        (0.5, {}, Trust.KEPT),
        (90, {}, Trust.UNTRUSTED),
        (-90, {}, Trust.UNTRUSTED),
        (90, {"kernel_synchronised": True}, Trust.SYNCHRONISED),
        (-90, {"marker": NOON - timedelta(minutes=90)}, Trust.SYNCHRONISED),
        (90, {"chips": (Chip("rtc0", NOON + timedelta(minutes=90)),)}, Trust.KEPT),
        (90, {"chips": (RAN_ON,)}, Trust.UNTRUSTED),
    ],
)
def test_a_clock_set_by_hand_has_lost_its_proof(minutes, told, trust):
    """Unless a time server did it or a sound chip agrees; less than a minute turns no night into day."""
    memory, _ = judged(LAST_LIFE, readings(NOON - timedelta(days=1), up=100, marker=NOON - timedelta(days=1)))
    memory, before = judged(memory, readings(NOON, up=100 + 86_400, marker=NOON - timedelta(days=1)))
    assert before is Trust.KEPT
    told = {"marker": NOON - timedelta(days=1)} | told
    _, found = judged(memory, readings(NOON + timedelta(minutes=minutes), up=100 + 86_400, **told))
    assert found is trust


def test_a_marker_from_before_the_clock_was_set_is_void():
    """The time server is gone, somebody sets the clock by hand: its old marker is fresh and proves nothing."""
    marker = NOON - timedelta(minutes=20)
    memory, before = judged(LAST_LIFE, readings(marker=marker))
    assert before is Trust.SYNCHRONISED
    memory, trust = judged(memory, readings(NOON + timedelta(hours=3), marker=marker))
    assert trust is Trust.UNTRUSTED
    memory, trust = judged(memory, readings(NOON + timedelta(hours=3), up=130, marker=marker))
    assert trust is Trust.UNTRUSTED
    _, trust = judged(memory, readings(NOON, up=160, marker=NOON))
    assert trust is Trust.SYNCHRONISED


def test_a_time_server_is_believed_below_what_was_seen():
    """Else one wrong date, seen once, would silence the box until that date."""
    ahead = Memory(seen=NOON + timedelta(days=900), boot="b", proof=Proof.SYNCHRONISED, offset_seconds=0)
    memory, trust = judged(ahead, readings(kernel_synchronised=True))
    assert trust is Trust.SYNCHRONISED
    assert memory.seen == NOON


@pytest.mark.parametrize(
    ("days", "trust", "wants"),
    [
        (29, Trust.KEPT, False),
        (30, Trust.KEPT, True),
        (None, Trust.KEPT, True),
        (99, Trust.SYNCHRONISED, False),
        (99, Trust.ASSUMED, False),
        (99, Trust.UNTRUSTED, False),
    ],
)
def test_after_thirty_days_somebody_should_compare_it(days, trust, wants):
    """A kept clock goes on with a warning."""
    memory = Memory(checked=None if days is None else NOON - timedelta(days=days), boot="b", proof=Proof.CHIP)
    assert wants_checking(memory, trust, NOON) is wants
