"""Keeps watch over the clock: how far it can be believed, remembered over restarts and power cuts."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from box.clock import Clock
from box.version import BUILT
from speaker.trust.judgement import judge, proven, trust_of, wants_checking
from speaker.trust.memory import Memory
from speaker.trust.readings import Readings
from speaker.trust.states import Proof, Trust

logger = logging.getLogger(__name__)

SAVE_SECONDS = 3600.0  # a file an hour is a megabyte a day of wear; an untrusted clock is that much earlier after a cut
_IS_AS_CONFIRMED_SECONDS = 2.0


class ClockTrust(Protocol):
    """How far the clock can be believed."""

    @property
    def trust(self) -> Trust:
        """How far, as of the last look."""
        ...

    @property
    def proof(self) -> Proof:
        """What proves it in this boot."""
        ...

    @property
    def checked(self) -> datetime | None:
        """When it was last compared with a time server or by a person, as far as is known."""
        ...

    @property
    def wants_checking(self) -> bool:
        """Whether it was compared with nothing for so long that somebody should."""
        ...

    @property
    def seen_before(self) -> datetime | None:
        """The last instant that the life before this one knew, None where that is not known."""
        ...

    def look(self) -> None:
        """Look at the clock again."""
        ...

    def not_before(self, instant: datetime) -> None:
        """Take note of something that has happened, the last airing: it is not earlier than that."""
        ...

    def expect(self, offset_seconds: float) -> None:
        """Take note that a person confirmed the time: the wall clock is being set to that much above the monotonic."""
        ...

    def close(self) -> None:
        """Remember for the next life."""
        ...


class MemoryPlace(Protocol):
    """Where the memory lies."""

    def read(self) -> Memory:
        """Return what was written last."""
        ...

    def write(self, memory: Memory) -> None:
        """Write durably. Raises OSError where the storage refuses."""
        ...


class Assumed:
    """The machine's clock taken on trust, for a person at a terminal who can see what it says."""

    trust = Trust.ASSUMED
    proof = Proof.NONE
    checked = None
    wants_checking = False
    seen_before = None

    def look(self) -> None:
        """See nothing."""

    def not_before(self, instant: datetime) -> None:
        """Need no floor."""

    def expect(self, offset_seconds: float) -> None:
        """Expect nothing."""

    def close(self) -> None:
        """Remember nothing."""


class ClockKeeper:
    """Judges the clock at every ``look``, on one thread; what it knows may be asked from any.

    ``read`` asks the machine, with its clock chips or without. It can't be earlier than ``floor``.
    """

    def __init__(
        self, clock: Clock, read: Callable[..., Readings], place: MemoryPlace, *, floor: datetime = BUILT
    ) -> None:
        self._clock = clock
        self._read = read
        self._place = place
        self._memory = place.read()
        self._floor = floor
        self._expected: float | None = None
        self._saved: Memory | None = None
        self._saved_at = 0.0
        self._readings = read(with_chips=False)
        self.seen_before = self._memory.seen
        self._known = max(floor, self._memory.seen or floor), clock.monotonic()
        self.look()

    @property
    def trust(self) -> Trust:
        """How far the clock can be believed, as of the last look."""
        return trust_of(self._memory, self._readings)

    @property
    def proof(self) -> Proof:
        """What proves it in this boot."""
        return self._memory.proof

    @property
    def checked(self) -> datetime | None:
        """When it was last compared with a time server or by a person, as far as is known."""
        return self._memory.checked

    @property
    def wants_checking(self) -> bool:
        """Whether it was compared with nothing for so long that somebody should."""
        return wants_checking(self._memory, self.trust, self._readings.now)

    def saved_time(self) -> datetime:
        """Return the last instant known (seen, of the last airing, of the build), running on since it was known."""
        instant, since = self._known
        return instant + timedelta(seconds=self._clock.monotonic() - since)

    def not_before(self, instant: datetime) -> None:
        """Take note of something that has happened, the last airing: it is not earlier than that."""
        self._floor = max(self._floor, instant)
        if instant > self.saved_time():
            self._known = instant, self._clock.monotonic()

    def look(self) -> None:
        """Look at the clock again, and remember what is worth it."""
        before = self._memory
        readings = self._read(with_chips=not before.proof)
        memory = judge(before, readings, self._floor)
        if self._expected is not None and abs(readings.offset_seconds - self._expected) <= _IS_AS_CONFIRMED_SECONDS:
            memory = proven(memory, readings, Proof.PERSON, checked=readings.now)
            self._expected = None
        self._memory, self._readings = memory, readings
        if memory.proof:
            self._known = readings.now, readings.monotonic
        if self._saved is None or _is_news(memory, self._saved) or readings.monotonic - self._saved_at >= SAVE_SECONDS:
            self._save()

    def expect(self, offset_seconds: float) -> None:
        """Take note that a person confirmed the time: the wall clock is being set to that much above the monotonic."""
        self._expected = offset_seconds

    def close(self) -> None:
        """Remember for the next life."""
        self.look()
        self._save()

    def _save(self) -> None:
        try:
            self._place.write(self._memory)
            self._saved, self._saved_at = self._memory, self._readings.monotonic
        except OSError as error:  # the as-run log raises the alarm about a storage that refuses; tried at every look
            logger.warning("the clock's last-seen time could not be written: %s", error)


class BelievedClock:
    """The clock by which everything is dated: while nobody knows the time, not earlier than it can be."""

    def __init__(self, clock: Clock, keeper: ClockKeeper) -> None:
        self._clock = clock
        self._keeper = keeper

    def now(self) -> datetime:
        """Return the wall clock's instant, or the saved time where that is later and nothing is better."""
        now = self._clock.now()
        return max(now, self._keeper.saved_time()) if self._keeper.trust is Trust.UNTRUSTED else now

    def monotonic(self) -> float:
        """Return seconds that never step."""
        return self._clock.monotonic()


def _is_news(memory: Memory, saved: Memory) -> bool:
    """Tell whether ``memory`` must be written at once, not only when its hour has passed."""

    def lasting(one: Memory) -> Memory:
        return msgspec.structs.replace(one, seen=None, checked=None, offset_seconds=0.0, marker=None)

    was_set = abs(memory.offset_seconds - saved.offset_seconds) > _IS_AS_CONFIRMED_SECONDS
    return lasting(memory) != lasting(saved) or was_set
