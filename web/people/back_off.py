"""Wrong passwords make the next try wait, longer each time; nobody is locked out for good."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

from box.clock import Clock

FREE_TRIES = 5
FIRST_WAIT_SECONDS = 2.0
LONGEST_WAIT_SECONDS = 300.0
FORGOTTEN_AFTER_SECONDS = 3600.0
MOST_KEYS = 2000


@dataclass(frozen=True)
class _Tries:
    wrong: int
    last: float


class BackOff:
    """Counts wrong tries by user name and address.

    By both, so that a stranger on the LAN who guesses at her name does not keep her out.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._tries: dict[tuple[str, str], _Tries] = {}
        self._lock = Lock()

    def wait_seconds(self, name: str, address: str) -> float:
        """Return how long this pair must wait before the next try counts; 0 for none."""
        with self._lock:
            tries = self._tries.get((name, address))
        if tries is None or tries.wrong < FREE_TRIES:
            return 0.0
        doubled: float = FIRST_WAIT_SECONDS * 2.0 ** min(tries.wrong - FREE_TRIES, 20)
        return max(0.0, tries.last + min(doubled, LONGEST_WAIT_SECONDS) - self._clock.monotonic())

    def wrong(self, name: str, address: str) -> None:
        """Count a wrong try."""
        now = self._clock.monotonic()
        with self._lock:
            self._tries = {
                key: tries for key, tries in self._tries.items() if now - tries.last < FORGOTTEN_AFTER_SECONDS
            }
            while len(self._tries) >= MOST_KEYS:
                del self._tries[min(self._tries, key=lambda key: self._tries[key].last)]
            had = self._tries.get((name, address))
            self._tries[(name, address)] = _Tries(wrong=(had.wrong if had else 0) + 1, last=now)

    def right(self, name: str, address: str) -> None:
        """Forget the wrong tries of somebody who got in."""
        with self._lock:
            self._tries.pop((name, address), None)
