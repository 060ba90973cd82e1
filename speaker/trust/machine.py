"""Asks this machine about its clock: the kernel, systemd-timesyncd's marker, the clock chips. Changes nothing."""

from __future__ import annotations

import ctypes
import errno
from datetime import UTC, datetime
from pathlib import Path

from box.clock import Clock
from speaker.trust.readings import Chip, Readings

_MARKER = "run/systemd/timesync/synchronized"  # touched after each synchronisation: systemd-timesyncd.service(8)
_BOOT = "proc/sys/kernel/random/boot_id"
_CHIPS = "sys/class/rtc"
_PC_CHIP = "proc/driver/rtc"  # only the PC's chip tells here how its battery is
_TIME_ERROR = 5  # what adjtimex(2) answers while the clock is not synchronised
_TIMEX_BYTES = 512  # struct timex has 208; the kernel writes no more


class Machine:
    """The machine whose file system is at ``root``; its kernel is this one."""

    def __init__(self, clock: Clock, root: Path = Path("/")) -> None:
        self._clock = clock
        self._root = root

    def read(self, *, with_chips: bool) -> Readings:
        """Return what it tells now. The chips are on a slow bus: they are asked only ``with_chips``."""
        return Readings(
            now=self._clock.now(),
            monotonic=self._clock.monotonic(),
            boot=self._text(_BOOT) or "unknown",
            kernel_synchronised=kernel_synchronised(),
            marker=self._marker(),
            chips=self._chips() if with_chips else (),
        )

    def _marker(self) -> datetime | None:
        try:
            return datetime.fromtimestamp((self._root / _MARKER).stat().st_mtime, UTC)
        except OSError:
            return None

    def _chips(self) -> tuple[Chip, ...]:
        is_low = "dead" in next((line for line in self._text(_PC_CHIP).splitlines() if "batt_status" in line), "")
        return tuple(
            Chip(folder.name, self._instant(folder.name), is_low and folder.name == "rtc0")
            for folder in sorted((self._root / _CHIPS).glob("rtc*"))
        )

    def _instant(self, chip: str) -> datetime | None:
        text = self._text(f"{_CHIPS}/{chip}/since_epoch")
        try:
            return datetime.fromtimestamp(int(text), UTC)
        except (ValueError, OverflowError, OSError):
            return None

    def _text(self, name: str) -> str:
        try:
            return (self._root / name).read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):  # a chip that has stopped answers EINVAL
            return ""


def kernel_synchronised() -> bool | None:
    """Tell whether the kernel's clock is held by a time server; None where this process may not ask.

    With modes 0 adjtimex(2) changes nothing; it answers the clock's state or -1. A sandbox that protects the clock
    refuses the call whatever it asks.
    """
    answer = int(ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES)))
    if answer < 0:
        return None if ctypes.get_errno() in {errno.EPERM, errno.ENOSYS} else False
    return answer < _TIME_ERROR
