"""How long a voice that failed is left alone."""

from __future__ import annotations

from collections.abc import Callable

from box.clock import Clock
from box.sentences import Sentence

FIRST_REST_SECONDS = 60.0
LONGEST_REST_SECONDS = 3600.0


class BackOff:
    """After a failure an engine rests; each further failure doubles the rest, with jitter.

    The jitter keeps many boxes from asking a service that came back in the same second. ``chance`` gives a
    number from 0 to 1.
    """

    def __init__(self, *, clock: Clock, chance: Callable[[], float]) -> None:
        self._clock = clock
        self._chance = chance
        self._failures = 0
        self._until = clock.monotonic()
        self.why: Sentence | None = None

    @property
    def resting(self) -> bool:
        """Tell whether it must not be asked now."""
        return self._clock.monotonic() < self._until

    def failed(self, why: Sentence) -> None:
        """Begin a rest; ``why`` is the sentence to show meanwhile."""
        rest = min(FIRST_REST_SECONDS * 2**self._failures, LONGEST_REST_SECONDS)
        self._failures = min(self._failures + 1, 16)
        self._until = self._clock.monotonic() + rest * (0.75 + self._chance() / 2)
        self.why = why

    def succeeded(self) -> None:
        """Forget all failures."""
        self._failures = 0
        self._until = self._clock.monotonic()
        self.why = None
