"""The button: a press is short or it is held, never both."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Protocol

HELD_SECONDS = 3.0
DEBOUNCE_SECONDS = 0.05  # contacts of cheap push-buttons settle within 20 ms; a person can't press twice in 50


class Button(Protocol):
    """A button that calls back for each press."""

    @property
    def is_held(self) -> bool:
        """Tell whether it has been down for three seconds and is down still."""
        ...

    def listen(self, short: Callable[[], None], held: Callable[[], None]) -> None:
        """Call ``short`` when it is let go before three seconds, ``held`` when three seconds are reached."""
        ...


class NoButton:
    """Where no button pin is named: nothing is missed."""

    is_held = False

    def listen(self, short: Callable[[], None], held: Callable[[], None]) -> None:
        """Never call anything."""


class Press:
    """Tells short presses from held ones, out of what a debounced pin reports.

    The three reports may come from different threads and in an unlucky order (let go in the very instant the
    hold is reached): the first of them decides, and each press calls back at most once. A button that was
    already down when the speaker started is not a press.
    """

    def __init__(self) -> None:
        self._undecided = False
        self._is_held = False
        self._lock = Lock()
        self.listen(_nothing, _nothing)

    def listen(self, short: Callable[[], None], held: Callable[[], None]) -> None:
        """Call ``short`` or ``held`` for each press from now on."""
        self._short = short
        self._held = held

    @property
    def is_held(self) -> bool:
        """Tell whether it is being held: until it is let go, or its next press where that was missed."""
        return self._is_held

    def went_down(self) -> None:
        """Take note that the button is pressed."""
        with self._lock:
            self._undecided, self._is_held = True, False

    def hold_reached(self) -> None:
        """Take note that it has been down for the time of a hold."""
        if self._decide(is_held=True):
            self._held()

    def went_up(self) -> None:
        """Take note that it was let go."""
        if self._decide(is_held=False):
            self._short()

    def _decide(self, *, is_held: bool) -> bool:
        with self._lock:
            decided, self._undecided = self._undecided, False
            if decided or not is_held:
                self._is_held = is_held
            return decided


def _nothing() -> None:
    """Nobody listens yet."""
