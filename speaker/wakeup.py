"""Notices that somebody sets the wall clock: what sleeps on the monotonic clock must look again."""

from __future__ import annotations

import ctypes
import errno
import os
import select
from collections.abc import Callable
from threading import Thread

_CLOCK_REALTIME = 0
_TFD_TIMER_ABSTIME = 1
_TFD_TIMER_CANCEL_ON_SET = 2
_NEVER = 2**62 if ctypes.sizeof(ctypes.c_long) == 8 else 2**31 - 1  # the last second of a time_t


class _Timespec(ctypes.Structure):
    _fields_ = [("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long)]


class _Itimerspec(ctypes.Structure):
    _fields_ = [("interval", _Timespec), ("value", _Timespec)]


class ClockSteps:
    """Calls back whenever the wall clock is set, forward or back. Python 3.11 has no ``os.timerfd_create``.

    The kernel cancels a timer of CLOCK_REALTIME when that clock is set (``TFD_TIMER_CANCEL_ON_SET``); the
    thread sleeps until then. ``until`` is the second at which it calls back by itself: never, but in a test.
    """

    def __init__(self, was_set: Callable[[], None], until: int = _NEVER) -> None:
        self._was_set = was_set
        self._until = until
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._timer = self._checked(
            self._libc.timerfd_create(_CLOCK_REALTIME, os.O_CLOEXEC | os.O_NONBLOCK), "timerfd_create"
        )
        self._end = os.eventfd(0, os.EFD_CLOEXEC)
        self._thread = Thread(target=self._wait, name="clock steps", daemon=True)

    def start(self) -> None:
        """Begin to notice."""
        self._arm(self._until)
        self._thread.start()

    def close(self) -> None:
        """Notice no more."""
        os.eventfd_write(self._end, 1)
        if self._thread.ident is not None:
            self._thread.join()
        os.close(self._timer)
        os.close(self._end)

    def _wait(self) -> None:
        poll = select.poll()
        poll.register(self._timer, select.POLLIN)
        poll.register(self._end, select.POLLIN)
        while True:
            ready = {descriptor for descriptor, _ in poll.poll()}
            if self._end in ready:
                return
            try:
                os.read(self._timer, 8)
            except OSError as error:
                if error.errno != errno.ECANCELED:
                    raise
            self._arm(_NEVER)
            self._was_set()

    def _arm(self, second: int) -> None:
        value = _Itimerspec(_Timespec(0, 0), _Timespec(second, 0))
        flags = _TFD_TIMER_ABSTIME | _TFD_TIMER_CANCEL_ON_SET
        self._checked(self._libc.timerfd_settime(self._timer, flags, ctypes.byref(value), None), "timerfd_settime")

    def _checked(self, result: int, name: str) -> int:
        if result < 0:
            number = ctypes.get_errno()
            raise OSError(number, f"{name}: {os.strerror(number)}")
        return result
