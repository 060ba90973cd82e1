"""One thread that takes one event after the other, so that nothing else of the station needs a lock."""

from __future__ import annotations

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread

from box.clock import Clock

Event = Callable[[], None]
SETTLE_SECONDS = 60.0


class EventLoop:
    """Does what is posted, in turn, and ``look`` where ``look_seconds`` have passed without it.

    Each event is handed to ``do``, which must not raise; ``after`` is called after each.
    """

    def __init__(
        self, clock: Clock, *, do: Callable[[Event], None], after: Event, look: Event, look_seconds: Callable[[], float]
    ) -> None:
        self._clock = clock
        self._do = do
        self._after = after
        self._look = look
        self._look_seconds = look_seconds
        self._events: SimpleQueue[Event | None] = SimpleQueue()
        self._thread = Thread(target=self._serve, name="station", daemon=True)
        self._looked = clock.monotonic()

    def start(self) -> None:
        """Begin to take events; those posted before are the first."""
        self._thread.start()

    def close(self, seconds: float) -> None:
        """Do what was posted before and end; give up after ``seconds``."""
        self._events.put(None)
        self._thread.join(seconds)

    def post(self, event: Event) -> None:
        """Have ``event`` done in its turn; from any thread, without waiting."""
        self._events.put(event)

    def look(self) -> None:
        """Have the look taken in its turn."""
        self._events.put(self._look_now)

    def settle(self) -> None:
        """Wait until all that was posted before has been done. Raises queue.Empty after ``SETTLE_SECONDS``."""
        done: SimpleQueue[None] = SimpleQueue()
        self._events.put(lambda: done.put(None))
        done.get(timeout=SETTLE_SECONDS)

    def _serve(self) -> None:
        while True:
            try:
                event = self._events.get(timeout=self._look_seconds())
            except Empty:
                event = self._look_now
            if event is None:
                return
            self._do(event)
            if self._clock.monotonic() - self._looked >= self._look_seconds():
                self._do(self._look_now)
            self._after()

    def _look_now(self) -> None:
        self._looked = self._clock.monotonic()
        self._look()
