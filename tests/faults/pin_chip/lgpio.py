"""A pin chip for machines that have none: gpiozero's own code moves its pins, and what becomes of each is written down.

It takes the place of the library of that name in a process whose path it is put on. As a chip, it outlives who drives
it: each act is a line ``nanoseconds pin level`` at the end of the file that PIN_CHIP names, ``level`` being 0, 1 or
``in``; the time is that of CLOCK_MONOTONIC, which is the same for all processes.
"""

from __future__ import annotations

import os
import time

from gpiozero.pins import local

BOTH_EDGES, RISING_EDGE, FALLING_EDGE = 3, 1, 2
SET_PULL_NONE = SET_PULL_UP = SET_PULL_DOWN = 0
_OUTPUT = 1 << 1
_levels: dict[int, str] = {}

local.get_pi_revision = lambda: 0x902120  # the machine is a Zero 2 W too: it is asked how its pins are laid out


class error(Exception):  # noqa: N801 - the library's name for it
    """What the library raises."""


def gpiochip_open(_chip: int) -> int:
    """Open the chip."""
    return 0


def gpiochip_close(_handle: int) -> None:
    """Let go of it: its pins stay as they are."""


def gpio_claim_input(_handle: int, pin: int, _flags: int = 0) -> None:
    """Drive the pin no more."""
    _write(pin, "in")


def gpio_claim_output(_handle: int, pin: int, level: int = 0, _flags: int = 0) -> None:
    """Drive the pin."""
    _write(pin, str(int(level)))


def gpio_write(_handle: int, pin: int, level: int) -> None:
    """Set the level that it is driven to."""
    _write(pin, str(int(level)))


def gpio_read(_handle: int, pin: int) -> int:
    """Return the level."""
    return int(_levels.get(pin) == "1")


def gpio_get_mode(_handle: int, pin: int) -> int:
    """Return whether it is driven."""
    return 0 if _levels.get(pin, "in") == "in" else _OUTPUT


def gpio_free(_handle: int, _pin: int) -> None:
    """Let go of the pin, which stays as it is."""


def _write(pin: int, level: str) -> None:
    _levels[pin] = level
    with open(os.environ["PIN_CHIP"], "a", encoding="ascii") as chip:  # noqa: PTH123 - a chip is quick
        chip.write(f"{time.monotonic_ns()} {pin} {level}\n")
