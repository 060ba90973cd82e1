"""A network of a test's own, in the kernel: nothing on it is heard outside, and nothing outside is heard on it."""

from __future__ import annotations

import ctypes
import os
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest

_CARD = "cable"
_CLONE_NEWNET = 0x40000000  # linux/sched.h
_Result = TypeVar("_Result")


def alone(addresses: tuple[str, ...], work: Callable[[], _Result]) -> _Result:
    """Do ``work`` where these are the machine's addresses, on one cable that carries multicast.

    The thread that does it, and the threads and processes that it starts, are in a network namespace, which ends with
    them. Skips the test, with the reason, where the kernel does not allow it.
    """

    def enter() -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.unshare(_CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        for words in (
            ("link", "set", "lo", "up"),
            ("link", "add", "name", _CARD, "type", "veth", "peer", "name", "far-end"),
            ("link", "set", "far-end", "up"),
            ("link", "set", _CARD, "up"),
            *(("address", "add", f"{address}/32", "dev", _CARD) for address in addresses),
            ("route", "add", "224.0.0.0/4", "dev", _CARD),
        ):
            subprocess.run(["ip", *words], check=True, capture_output=True)

    with ThreadPoolExecutor(1) as thread:
        try:
            thread.submit(enter).result()
        except (OSError, subprocess.CalledProcessError) as error:
            pytest.skip(f"no network of its own can be had here: {error}")
        return thread.submit(work).result()


def change_address(old: str, new: str) -> None:
    """Give the machine another address, as a router does that was switched off and on."""
    subprocess.run(["ip", "address", "add", f"{new}/32", "dev", _CARD], check=True)
    subprocess.run(["ip", "address", "del", f"{old}/32", "dev", _CARD], check=True)
