"""How much of the panel's time strangers may take: so many answers by address, and so many in all."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock


@dataclass(frozen=True, slots=True)
class Pace:
    """``at_once`` answers at most, and ``a_second`` more as time goes on."""

    at_once: float
    a_second: float


# A visit is the page and, for each message that is listened to, one answer or two: seven for three messages. The
# yard's router may hide all its phones behind one address, so 37 of them at the same moment must pass: 259.
BY_ADDRESS = Pace(at_once=300, a_second=4)
IN_ALL = Pace(at_once=600, a_second=8)
MOST_ADDRESSES = 512  # those that asked longest ago are forgotten first; all of them together are held to IN_ALL


@dataclass(slots=True)
class _Left:
    answers: float
    at: float

    def after(self, now: float, pace: Pace) -> float:
        return min(pace.at_once, self.answers + max(now - self.at, 0.0) * pace.a_second)


class Turns:
    """Counts, on a clock that nobody can set (``monotonic``, seconds). Safe to be asked by several threads."""

    def __init__(self, monotonic: Callable[[], float], *, by_address: Pace = BY_ADDRESS, in_all: Pace = IN_ALL) -> None:
        self._monotonic = monotonic
        self._by_address = by_address
        self._in_all = in_all
        self._addresses: OrderedDict[str, _Left] = OrderedDict()
        self._everybody = _Left(in_all.at_once, monotonic())
        self._lock = Lock()

    def take(self, address: str) -> bool:
        """Take a turn for ``address``; tell whether there was one. Who is refused takes nothing from the others."""
        with self._lock:
            now = self._monotonic()
            theirs = self._addresses.pop(address, None) or _Left(self._by_address.at_once, now)
            theirs.answers, theirs.at = theirs.after(now, self._by_address), now
            self._addresses[address] = theirs
            if len(self._addresses) > MOST_ADDRESSES:
                self._addresses.popitem(last=False)
            ours = self._everybody
            ours.answers, ours.at = ours.after(now, self._in_all), now
            if theirs.answers < 1 or ours.answers < 1:
                return False
            theirs.answers -= 1
            ours.answers -= 1
            return True
