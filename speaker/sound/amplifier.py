"""The amplifier's relay, as playout sees it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Lock, Timer
from typing import Protocol

logger = logging.getLogger(__name__)


class Amplifier(Protocol):
    """What has to be on while something sounds. Switching never raises: a pin that fails is an alarm of its own."""

    @property
    def is_on(self) -> bool:
        """Whether it is on."""
        ...

    def on(self) -> None:
        """Switch it on, or leave it on for another while; it is awake only a lead-in later."""
        ...

    def off(self) -> None:
        """Switch it off."""
        ...


class NoAmplifier:
    """Where no pin is named: an amplifier that is always on, or a loudspeaker with its own."""

    def __init__(self) -> None:
        self._on = False

    @property
    def is_on(self) -> bool:
        """Whether it would be on now."""
        return self._on

    def on(self) -> None:
        """Remember it."""
        self._on = True

    def off(self) -> None:
        """Remember it."""
        self._on = False


class Waits(Protocol):
    """Something that calls back later, unless it is cancelled (``threading.Timer``)."""

    def start(self) -> None:
        """Begin to wait."""
        ...

    def cancel(self) -> None:
        """Do not call back."""
        ...


def timer(seconds: float, then: Callable[[], None]) -> Waits:
    """Return a timer on a thread of its own."""
    waits = Timer(seconds, then)
    waits.daemon = True
    return waits


class LimitedAmplifier:
    """An amplifier that goes off after ``longest_seconds``, whatever becomes of the thread that switched it on.

    Each ``on`` begins the time anew. ``exceeded`` is called, on another thread, when it had to be switched off: then
    something is stuck.
    """

    def __init__(
        self,
        amplifier: Amplifier,
        longest_seconds: float,
        exceeded: Callable[[], None],
        *,
        wait: Callable[[float, Callable[[], None]], Waits] = timer,
    ) -> None:
        self._amplifier = amplifier
        self._longest_seconds = longest_seconds
        self._exceeded = exceeded
        self._wait = wait
        self._waits: Waits | None = None
        self._lock = Lock()

    @property
    def is_on(self) -> bool:
        """Whether it is on."""
        return self._amplifier.is_on

    def on(self) -> None:
        """Switch it on, for the longest time at most."""
        with self._lock:
            self._forget()
            self._waits = self._wait(self._longest_seconds, self._cut)
            self._waits.start()
            self._amplifier.on()

    def off(self) -> None:
        """Switch it off."""
        with self._lock:
            self._forget()
            self._amplifier.off()

    def _cut(self) -> None:
        with self._lock:
            if not self._amplifier.is_on:
                return
            self._amplifier.off()
        logger.error("the amplifier was on for %.0f s and was switched off", self._longest_seconds)
        self._exceeded()

    def _forget(self) -> None:
        if self._waits is not None:
            self._waits.cancel()
            self._waits = None
