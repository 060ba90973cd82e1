"""Networks of a test's own and cables between them, which can be cut without a word, lose packets and be slow.

A cable is two TUN devices, one in each network, and a thread here that carries the packets: what TCP does about it
is the kernel's own. Root, ``ip`` and /dev/net/tun are needed; a test is skipped, with the reason, where they are not.
"""

from __future__ import annotations

import ctypes
import fcntl
import heapq
import os
import random
import selectors
import struct
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import TypeVar

import pytest

_CLONE_NEWNET = 0x40000000  # linux/sched.h
_TUNSETIFF = 0x400454CA  # linux/if_tun.h
_IFF_TUN, _IFF_NO_PI = 0x0001, 0x1000
_LARGEST_PACKET = 65_536
_LOOK_SECONDS = 0.005
_Result = TypeVar("_Result")


class Network:
    """A network namespace. ``under`` is the command that puts a program into it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._path = Path("/run/netns") / name

    @property
    def under(self) -> tuple[str, ...]:
        """The words before a command that is to run here."""
        return ("nsenter", f"--net={self._path}")

    def within(self, work: Callable[[], _Result]) -> _Result:
        """Do ``work`` here: the threads that it starts are here too."""

        def enter() -> None:
            descriptor = os.open(self._path, os.O_RDONLY)
            try:
                libc = ctypes.CDLL(None, use_errno=True)
                if libc.setns(descriptor, _CLONE_NEWNET) != 0:
                    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
            finally:
                os.close(descriptor)

        with ThreadPoolExecutor(1) as thread:
            thread.submit(enter).result()
            return thread.submit(work).result()

    def ip(self, *words: str) -> None:
        """Run ``ip`` here."""
        subprocess.run([*self.under, "ip", *words], check=True, capture_output=True)


class Cable:
    """Carries packets between two networks. ``loss`` is the part that is lost, ``delay_seconds`` for each way.

    While ``is_cut`` nothing is carried and nobody is told: both ends take the connection for whole.
    """

    def __init__(self, ends: tuple[int, int]) -> None:
        self.loss = 0.0
        self.delay_seconds = 0.0
        self.is_cut = False
        self.lost = 0
        self._ends = ends
        self._chance = random.Random(7)  # noqa: S311 - which packets are lost, not a secret
        self._ended = Event()
        self._under_way: list[tuple[float, int, int, bytes]] = []
        self._count = 0
        self._thread = Thread(target=self._carry, name="cable", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Carry no more."""
        self._ended.set()
        self._thread.join()

    def _carry(self) -> None:
        with selectors.DefaultSelector() as selector:
            for end, other in (self._ends, self._ends[::-1]):
                selector.register(end, selectors.EVENT_READ, other)
            while not self._ended.is_set():
                for key, _ in selector.select(_LOOK_SECONDS):
                    with suppress(OSError):  # that end is down
                        self._take(os.read(key.fd, _LARGEST_PACKET), key.data)
                while self._under_way and self._under_way[0][0] <= time.monotonic():
                    _, _, end, packet = heapq.heappop(self._under_way)
                    with suppress(OSError):
                        os.write(end, packet)

    def _take(self, packet: bytes, end: int) -> None:
        if self.is_cut or self._chance.random() < self.loss:
            self.lost += 1
            return
        self._count += 1
        heapq.heappush(self._under_way, (time.monotonic() + self.delay_seconds, self._count, end, packet))


@contextmanager
def networks(*names: str) -> Iterator[tuple[Network, ...]]:
    """Give networks with nothing in them but themselves. Skips the test where there can be none."""
    if os.geteuid() != 0:
        pytest.skip("a network of its own takes root")
    found = tuple(Network(f"xlb-{os.getpid()}-{name}") for name in names)
    try:
        for network in found:
            subprocess.run(["ip", "netns", "add", network.name], check=True, capture_output=True)
            network.ip("link", "set", "lo", "up")
    except (OSError, subprocess.CalledProcessError) as error:
        _forget(found)
        pytest.skip(f"no network of its own can be had here: {error}")
    try:
        yield found
    finally:
        _forget(found)


@contextmanager
def cable(hub: Network, box: Network, number: int) -> Iterator[Cable]:
    """Lay a cable between the two, the hub's end 10.77.``number``.1 and the box's .2. Skips where there is no TUN."""
    with ExitStack() as stack:
        try:
            ends = tuple(
                network.within(lambda name=f"cable{number}": _tun(name))  # type: ignore[misc]  # it is called at once
                for network in (hub, box)
            )
        except OSError as error:
            pytest.skip(f"no TUN device can be had here: {error}")
        for end in ends:
            stack.callback(os.close, end)
        addresses = (f"10.77.{number}.1", f"10.77.{number}.2")
        for network, own, other in ((hub, *addresses), (box, *addresses[::-1])):
            network.ip("address", "add", own, "peer", other, "dev", f"cable{number}")
            network.ip("link", "set", f"cable{number}", "up")
        laid = Cable((ends[0], ends[1]))
        stack.callback(laid.close)
        yield laid


def _tun(name: str) -> int:
    descriptor = os.open("/dev/net/tun", os.O_RDWR)
    try:
        fcntl.ioctl(descriptor, _TUNSETIFF, struct.pack("16sH22x", name.encode(), _IFF_TUN | _IFF_NO_PI))
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _forget(found: tuple[Network, ...]) -> None:
    for network in found:
        subprocess.run(["ip", "netns", "del", network.name], check=False, capture_output=True)
