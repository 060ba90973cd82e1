"""Sets this machine's clock to a time that a person at the box has confirmed: the one thing that is done as root.

systemd starts it when the speaker, and nobody else, sends a datagram to its socket (``xiaolaba-clock.socket``). The
datagram is one whole number: how many seconds since 1970 the wall clock is to be ahead of the monotonic one. So the
second or two until this runs are not lost. What it comes to is held within the years this code can be in use.
"""

from __future__ import annotations

import fcntl
import os
import re
import socket
import struct
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from box.clock import SystemClock
from box.sentences import XiaolabaError
from box.version import BUILT

LATEST = BUILT + timedelta(days=25 * 365)
_LONGEST_BYTES = 16
_FIRST_DESCRIPTOR = 3  # sd_listen_fds(3)
_SET_CHIP = 0x4024700A  # RTC_SET_TIME of <linux/rtc.h>: _IOW('p', 0x0a, struct rtc_time)
_CHIP_TIME = struct.Struct("9i")  # struct rtc_time: second to year as in struct tm, then weekday, day of year, dst


class NotSet(XiaolabaError):
    """The clock was left as it is."""


def instant_of(datagram: bytes, monotonic: float) -> datetime:
    """Return the instant that ``datagram`` makes it now, ``monotonic`` seconds after the machine's start.

    Raises NotSet for anything but one whole number that comes to a time from the build on, within 25 years.
    """
    if len(datagram) > _LONGEST_BYTES or not re.fullmatch(rb"[0-9]{1,12}\n?", datagram):
        raise NotSet(
            "要设的时间不是一个整数，没有改动时钟", "that is no whole number of seconds: the clock is unchanged"
        )
    seconds = int(datagram) + monotonic
    if not BUILT.timestamp() <= seconds <= LATEST.timestamp():
        raise NotSet("要设的时间不可能对，没有改动时钟", "that time can't be right: the clock is unchanged")
    return datetime.fromtimestamp(seconds, UTC)


def chip_time(instant: datetime) -> bytes:
    """Return ``instant`` as the kernel's ``struct rtc_time``."""
    utc = instant.astimezone(UTC).timetuple()
    weekday = (utc.tm_wday + 1) % 7
    return _CHIP_TIME.pack(
        utc.tm_sec,
        utc.tm_min,
        utc.tm_hour,
        utc.tm_mday,
        utc.tm_mon - 1,
        utc.tm_year - 1900,
        weekday,
        utc.tm_yday - 1,
        0,
    )


def set_clock(
    datagram: bytes, *, monotonic: Callable[[], float], set_wall: Callable[[float], None], chips: list[Path]
) -> list[str]:
    """Set the wall clock, and the chips to it; return what went wrong with a chip: the clock is right without."""
    instant = instant_of(datagram, monotonic())
    set_wall(instant.timestamp())
    troubles = []
    for chip in chips:
        try:
            with chip.open("rb", buffering=0) as device:
                fcntl.ioctl(device, _SET_CHIP, chip_time(instant))
        except OSError as error:  # a chip that is broken or in use keeps nobody from the right time
            troubles.append(f"{chip}: {error}")
    return troubles


def main() -> int:
    """Take one datagram from the socket that systemd hands over; 1 with a sentence where the clock stays as it is."""
    if os.environ.get("LISTEN_PID") != str(os.getpid()) or os.environ.get("LISTEN_FDS") != "1":
        sys.stderr.write("只由 systemd 启动 · started by systemd only\n")
        return 1
    with socket.socket(fileno=_FIRST_DESCRIPTOR) as listener:
        listener.setblocking(False)
        datagram = listener.recv(_LONGEST_BYTES + 1)
    try:
        troubles = set_clock(
            datagram,
            monotonic=SystemClock().monotonic,
            set_wall=lambda seconds: time.clock_settime(time.CLOCK_REALTIME, seconds),
            chips=sorted(Path("/dev").glob("rtc[0-9]*")),
        )
    except (NotSet, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stderr.writelines(f"{trouble}\n" for trouble in troubles)
    return 0


if __name__ == "__main__":
    sys.exit(main())
