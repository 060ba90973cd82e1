"""What the speaker remembers of its clock, over restarts and power cuts."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from box.aside import put_aside
from box.clock import Clock
from box.clock_setter import LATEST
from box.durable import replace_file
from speaker.trust.states import Proof

MOST_SLACK_SECONDS = 86_400.0  # the drift of years; more is no drift
_Instant = Annotated[datetime, Meta(tz=True)]


class Memory(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the clock.

    ``seen`` is the last instant known from a clock that was believed, ``checked`` the last at which it was compared
    with a time server or by a person. By ``slack_seconds`` a clock chip may be behind ``seen`` and have kept running.

    The rest is about the boot named ``boot``: what proves the clock in it, the wall clock's ``offset_seconds`` to the
    monotonic one when it was proven, for each clock chip whether it had kept running when it was first read, the
    last ``marker`` of a synchronisation, and one that is ``void``: the clock was set by hand after it.
    """

    seen: _Instant | None = None
    checked: _Instant | None = None
    slack_seconds: Annotated[float, Meta(ge=0, le=MOST_SLACK_SECONDS)] = MOST_SLACK_SECONDS
    boot: str = ""
    proof: Proof = Proof.NONE
    offset_seconds: float = 0.0
    chips: dict[str, bool] = {}
    marker: _Instant | None = None
    void: _Instant | None = None


class MemoryFile:
    """The memory in a durable file. A damaged one is put aside under its time, never deleted, and nothing is known."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock

    def read(self) -> Memory:
        """Return what was written last. Raises OSError where the file can't be read."""
        try:
            memory = msgspec.json.decode(self._path.read_bytes(), type=Memory)
            _require_it_can_be(memory)
            return memory
        except FileNotFoundError:
            return Memory()
        except ValueError:  # msgspec's errors, and text that is no UTF-8
            put_aside(self._path, self._clock.now())
            return Memory()

    def write(self, memory: Memory) -> None:
        """Write durably. Raises OSError where the storage refuses."""
        replace_file(self._path, msgspec.json.encode(memory))


def _require_it_can_be(memory: Memory) -> None:
    """Raise ValueError for a time that no box can have seen: one digit that is damaged would be believed for ever."""
    for instant in (memory.seen, memory.checked, memory.marker, memory.void):
        if instant is not None and instant > LATEST:
            raise ValueError(instant)
