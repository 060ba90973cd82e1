"""What a machine tells of its clock at one moment: values only, so that a test can be any machine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Chip:
    """A clock chip. ``instant`` is the time it tells, None where its driver refuses to say: the chip had stopped.

    ``is_low`` says that the driver calls its battery dead; most drivers don't say.
    """

    name: str
    instant: datetime | None
    is_low: bool = False


@dataclass(frozen=True, slots=True)
class Readings:
    """The wall clock ``now``, in UTC, and the monotonic seconds at that moment, in the boot named ``boot``.

    ``kernel_synchronised`` is the kernel's own word for being disciplined by a time server, None where it may not be
    asked: the speaker's sandbox forbids it. ``marker`` is when systemd-timesyncd last synchronised, None if it has
    not in this boot. ``chips`` are the clock chips, as far as they were asked.
    """

    now: datetime
    monotonic: float
    boot: str
    kernel_synchronised: bool | None = None
    marker: datetime | None = None
    chips: tuple[Chip, ...] = ()

    @property
    def offset_seconds(self) -> float:
        """The wall clock less the monotonic one: it changes only when somebody sets the clock, not by drift."""
        return self.now.timestamp() - self.monotonic
