"""Asks the board about its supply, its heat and its storage, from the kernel's files. Changes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_FIRMWARE = "soc*/soc*:firmware/get_throttled"  # soc/soc:firmware; soc@107c000000/… on a Raspberry Pi 5
_EMMC = re.compile(r"mmcblk\d+")  # its boot partitions are in the folder too, and tell the same
_PLACE, _BEHIND = 4, 3  # proc_pid_mountinfo(5): which field is the place, and how many follow the hyphen
_SENSOR_CELSIUS = range(1, 126)  # what lies beyond is a sensor that measures nothing


@dataclass(frozen=True, slots=True)
class Storage:
    """An eMMC's word on its own wear (JEDEC JESD84-B50, EXT_CSD bytes 267 to 269); SD cards have none.

    ``used_tenths`` is 1 up to a tenth of its life, 10 from nine tenths on, 11 beyond it. ``reserve`` is 1 well, 2
    with 80 % of the spare blocks gone, 3 with 90 %. Either is 0 where it is not told.
    """

    name: str
    used_tenths: int
    reserve: int


@dataclass(frozen=True, slots=True)
class Mount:
    """A file system at its place in the tree, and whether it is itself read-only."""

    place: Path
    is_read_only: bool


@dataclass(frozen=True, slots=True)
class Board:
    """What a board tells at one moment; None or nothing is what it doesn't tell.

    ``throttled`` is the firmware's bit field (``vcgencmd get_throttled``), ``voltage_is_low`` the alarm of the
    kernel's own driver, ``celsius`` the hottest place. Of the mounts a later one lies over an earlier.
    """

    throttled: int | None = None
    voltage_is_low: bool | None = None
    celsius: float | None = None
    storages: tuple[Storage, ...] = ()
    mounts: tuple[Mount, ...] = ()


def board_at(root: Path = Path("/")) -> Board:
    """Return what the board tells whose file system is at ``root``."""
    return Board(
        throttled=next(_numbers(root / "sys/devices/platform", _FIRMWARE, base=16), None),
        voltage_is_low=_voltage_is_low(root / "sys/class/hwmon"),
        celsius=_hottest(root / "sys/class/thermal"),
        storages=tuple(_storages(root / "sys/block")),
        mounts=tuple(_mounts(root / "proc/self/mountinfo")),
    )


def _voltage_is_low(folder: Path) -> bool | None:
    for name in sorted(folder.glob("hwmon*/name")):
        if _text(name) == "rpi_volt":
            return next((bool(alarm) for alarm in _numbers(name.parent, "in0_lcrit_alarm", base=10)), None)
    return None


def _hottest(folder: Path) -> float | None:
    celsius = (milli / 1000 for milli in _numbers(folder, "thermal_zone*/temp", base=10))
    return max((one for one in celsius if int(one) in _SENSOR_CELSIUS), default=None)


def _storages(folder: Path) -> Iterator[Storage]:
    for block in sorted(folder.glob("mmcblk*")):
        if _EMMC.fullmatch(block.name):
            both = [_number(word, base=16) or 0 for word in _text(block / "device/life_time").split()]
            reserve = _number(_text(block / "device/pre_eol_info"), base=16) or 0
            yield Storage(block.name, max(both, default=0), reserve)


def _mounts(path: Path) -> Iterator[Mount]:
    # A file system that has met with errors is ``ro``, in newer kernels ``emergency_ro``. It is asked itself: at its
    # place it is ``ro`` too for whoever looks from within a sandbox (ProtectSystem=strict).
    for line in _text(path).splitlines():
        of_place, _, of_itself = line.partition(" - ")
        fields, (*others, options) = of_place.split(" "), of_itself.split(" ")
        if len(fields) > _PLACE and len(others) == _BEHIND - 1:
            place = re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), fields[_PLACE])  # a space is \040
            yield Mount(Path(place), not {"ro", "emergency_ro"}.isdisjoint(options.split(",")))


def _numbers(folder: Path, pattern: str, *, base: int) -> Iterator[int]:
    for path in sorted(folder.glob(pattern)):
        number = _number(_text(path), base=base)
        if number is not None:
            yield number


def _number(text: str, *, base: int) -> int | None:
    try:
        return int(text, base)
    except ValueError:
        return None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="surrogateescape").strip()
    except OSError:  # a sensor that is switched off answers EINVAL, one that is busy EAGAIN
        return ""
