"""The time on somebody's phone, proposed by the panel: it counts once a person at the box presses the button."""

from __future__ import annotations

import logging
import socket
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from box.clock import Clock
from box.clock_setter import LATEST
from box.sentences import Sentence
from box.version import BUILT
from speaker.trust.keeper import ClockTrust
from speaker.trust.states import Trust

logger = logging.getLogger(__name__)

WAITS_SECONDS = 120.0  # as long as it takes to walk from the office to the box
SET_WITHIN_SECONDS = 30.0  # Python starts in about a second on a Pi Zero
KEPT_WITHIN = timedelta(minutes=15)  # a crystal is off by that after half a year

NOT_NEEDED = Sentence(
    "时间已经和网络核对过，不用再设", "the clock is synchronised already; there is nothing to confirm"
)
NO_BUTTON = Sentence(
    "这台设备没有接按钮，不能在现场确认时间。请接上网络，或请安装人员加一块时钟模块",
    "this box has no button, so nobody there can confirm the time: connect a network, or have a clock module added",
)
NO_SETTER = Sentence(
    "这台设备上没有装校时服务，请安装人员重新安装小喇叭",
    "the service that sets the clock is not installed here: have xiaolaba installed anew",
)
IMPOSSIBLE = Sentence(
    "手机上的时间不对，请先校准手机的日期和时间",
    "the time on the phone can't be right: set the phone's date and time first",
)
TOO_FAR = Sentence(
    "手机和设备的时间差了一刻钟以上，请先核对手机的日期、时间和时区；手机没错的话，请联系安装人员",
    "phone and box differ by more than a quarter of an hour: check the phone's date, time and zone first;"
    " if they are right, call the installer",
)


class ClockSetter(Protocol):
    """What sets the machine's clock, with rights that the speaker does not have."""

    @property
    def is_there(self) -> bool:
        """Whether it can be asked."""
        ...

    def set(self, offset_seconds: int) -> None:
        """Have the wall clock set to so many seconds above the monotonic one. Raises OSError where it is away."""
        ...


class SocketSetter:
    """The root helper behind a datagram socket, which starts it: ``box/clock_setter.py``."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def is_there(self) -> bool:
        """Whether systemd listens for it."""
        return self._path.is_socket()

    def set(self, offset_seconds: int) -> None:
        """Send it the one number."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
            sender.setblocking(False)
            sender.sendto(str(offset_seconds).encode("ascii"), str(self._path))


class TimeProposal:
    """One proposed time at most; a newer one takes its place. It counts on while it waits for the button."""

    def __init__(self, clock: Clock, trust: ClockTrust, setter: ClockSetter, *, has_button: bool) -> None:
        self._clock = clock
        self._trust = trust
        self._setter = setter
        self._has_button = has_button
        self._offset_seconds = 0.0
        self._waits_until: float | None = None
        self._set_until: float | None = None

    @property
    def waits(self) -> bool:
        """Whether a time waits for the button."""
        return self._waits_until is not None and self._clock.monotonic() < self._waits_until

    def has_failed(self) -> bool:
        """Tell whether a time was confirmed and the clock was not set to it."""
        if self._set_until is None or self._trust.trust is not Trust.UNTRUSTED:
            self._set_until = None
            return False
        return self._clock.monotonic() >= self._set_until

    def hindrance(self) -> Sentence | None:
        """Return why no time can be confirmed here and now, None where one can."""
        if self._trust.trust in {Trust.SYNCHRONISED, Trust.ASSUMED}:
            return NOT_NEEDED
        if not self._has_button:
            return NO_BUTTON
        return None if self._setter.is_there else NO_SETTER

    def propose(self, instant: datetime) -> Sentence | None:
        """Let ``instant`` wait for the button, or return why not.

        A clock that is kept is not far wrong, so neither may a time be that is to take its place: whoever has the
        panel and knows that somebody will press the button would otherwise choose the hour.
        """
        hindrance = self.hindrance()
        if hindrance is not None:
            return hindrance
        if not BUILT <= instant <= LATEST:
            return IMPOSSIBLE
        if self._trust.trust is Trust.KEPT and abs(instant - self._clock.now()) > KEPT_WITHIN:
            return TOO_FAR
        now = self._clock.monotonic()
        self._offset_seconds, self._waits_until = instant.timestamp() - now, now + WAITS_SECONDS
        return None

    def accept(self) -> bool:
        """Have the clock set to the time that waits, if one does: somebody at the box has pressed the button."""
        if not self.waits:
            return False
        self._waits_until = None
        self._set_until = self._clock.monotonic() + SET_WITHIN_SECONDS
        offset_seconds = round(self._offset_seconds)
        try:
            self._setter.set(offset_seconds)
        except OSError as error:
            logger.warning("the clock setter could not be asked: %s", error)
            self._set_until = self._clock.monotonic()
            return True
        logger.warning("the time was confirmed at the box; the clock is being set")
        self._trust.expect(offset_seconds)
        return True
