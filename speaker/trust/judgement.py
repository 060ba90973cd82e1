"""Whether the clock can be believed: a pure decision over what the machine tells and what is remembered.

A clock chip that is there proves nothing: without a battery it starts again with the power, at its maker's first
day (2000 for a DS3231, 1970 for the one in a Pi 5), and Linux' driver of the DS3231 hands that out as the time (it
clears the chip's own stop flag when it is loaded). It is believed only if the first time it tells in a boot is not
earlier than what the speaker saw before the power went, but for the drift of two clocks, nor more than a year later,
and only as far as the wall clock agrees with it.
Later readings in the same boot prove nothing: whoever sets the chip from a wrong clock would make it agree.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from speaker.trust.memory import MOST_SLACK_SECONDS, Memory
from speaker.trust.readings import Chip, Readings
from speaker.trust.states import Proof, Trust

STALE_AFTER = timedelta(hours=9)  # the kernel itself gives up: 500 ppm of drift make 16 s in 8.9 h (NTP_PHASE_LIMIT)
CHECK_AFTER = timedelta(days=30)  # crystals of 20 to 50 ppm are a minute or two off by then
STEP_SECONDS = 60.0  # a smaller step can't turn night into day
AGREES_WITHIN = timedelta(seconds=60)
DRIFT = 200e-6  # twice what two crystals of 50 ppm part by; so far a wall clock may run ahead of its chip
TOLD_LATE = timedelta(minutes=2)
LONGEST_UNUSED = timedelta(days=3650)  # from the build to the first start
LONGEST_AWAY = timedelta(days=400)  # a box that was in use; a chip that is years ahead has jumped


def judge(memory: Memory, readings: Readings, floor: datetime) -> Memory:
    """Return what is known after ``readings``. It can't be earlier than ``floor``: the build, the last airing.

    Time servers and persons are believed even below the floor; a chip is not.
    """
    if readings.boot != memory.boot:
        memory = Memory(
            seen=memory.seen, checked=memory.checked, slack_seconds=_slack_seconds(memory), boot=readings.boot
        )
    earliest = max(floor, memory.seen or floor) - timedelta(seconds=memory.slack_seconds)
    latest = memory.seen + LONGEST_AWAY if memory.seen else floor + LONGEST_UNUSED
    ran = {chip.name: _has_run_on(chip, earliest, latest) for chip in readings.chips}
    memory = msgspec.structs.replace(memory, chips={**ran, **memory.chips})
    if memory.proof and abs(readings.offset_seconds - memory.offset_seconds) > STEP_SECONDS:
        void = readings.marker if readings.marker == memory.marker else memory.void
        memory = msgspec.structs.replace(memory, proof=Proof.NONE, void=void)
    memory = msgspec.structs.replace(memory, marker=readings.marker)
    if is_synchronised(memory, readings):
        return proven(memory, readings, Proof.SYNCHRONISED, checked=readings.now)
    if memory.proof:
        return msgspec.structs.replace(memory, seen=readings.now)
    synchronised = _synchronised_at(memory, readings)
    if synchronised is not None:
        return proven(memory, readings, Proof.SYNCHRONISED, checked=synchronised)
    if any(memory.chips[chip.name] and _agrees(chip, readings) for chip in readings.chips):
        return proven(memory, readings, Proof.CHIP, checked=memory.checked)
    return memory


def proven(memory: Memory, readings: Readings, proof: Proof, *, checked: datetime | None) -> Memory:
    """Return the memory of a clock that is right by ``proof`` as it stands in ``readings``."""
    return msgspec.structs.replace(
        memory, proof=proof, offset_seconds=readings.offset_seconds, checked=checked, seen=readings.now
    )


def is_synchronised(memory: Memory, readings: Readings) -> bool:
    """Tell whether a time server holds the clock just now: by the kernel's word, else by a fresh marker."""
    if readings.kernel_synchronised is not None:
        return readings.kernel_synchronised
    synchronised = _synchronised_at(memory, readings)
    return synchronised is not None and readings.now - synchronised < STALE_AFTER


def trust_of(memory: Memory, readings: Readings) -> Trust:
    """Return how far the clock can be believed, by a memory that has judged ``readings``."""
    if not memory.proof:
        return Trust.UNTRUSTED
    return Trust.SYNCHRONISED if is_synchronised(memory, readings) else Trust.KEPT


def wants_checking(memory: Memory, trust: Trust, now: datetime) -> bool:
    """Tell whether a kept clock was compared with nothing for so long that somebody should."""
    return trust is Trust.KEPT and (memory.checked is None or now - memory.checked >= CHECK_AFTER)


def _synchronised_at(memory: Memory, readings: Readings) -> datetime | None:
    """Return when the clock was last synchronised in this boot, None if it was not, or was set by hand since."""
    marker = readings.marker
    if marker is None or marker == memory.void or marker > readings.now + AGREES_WITHIN:
        return None
    return marker


def _slack_seconds(memory: Memory) -> float:
    """Return how far a chip may be behind what was seen last: the wall clock has run beside it for that boot."""
    if not memory.proof or memory.seen is None:
        return memory.slack_seconds
    up_seconds = memory.seen.timestamp() - memory.offset_seconds
    # Bounded: one damaged digit in what was kept must neither end the speaker nor have any chip believed.
    return min(max(0.0, TOLD_LATE.total_seconds() + DRIFT * up_seconds), MOST_SLACK_SECONDS)


def _has_run_on(chip: Chip, earliest: datetime, latest: datetime) -> bool:
    instant = chip.instant
    return not chip.is_low and instant is not None and earliest <= instant < latest


def _agrees(chip: Chip, readings: Readings) -> bool:
    return chip.instant is not None and abs(chip.instant - readings.now) <= AGREES_WITHIN
