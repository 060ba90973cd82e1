"""What the tests of playout listen with: clips of noise, an amplifier that takes notes, a waiting listener."""

import random
import threading
import time
import wave
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from speaker.airing import Item, Position, Priority, Result, Rundown, Sound
from speaker.sound.gain import scaled
from speaker.sound.playout import CardPlayout

LATE_MS = 100.0  # half of what a card has ahead; how exactly it is kept is what `bench start` measures
TRIES = 20
PATIENCE_SECONDS = 60.0


class Ending:
    """A listener that waits for what became of a rundown."""

    def __init__(self) -> None:
        self.results: list[Result] = []
        self._told = threading.Event()

    def __call__(self, result: Result) -> None:
        """Take the result."""
        self.results.append(result)
        self._told.set()

    def result(self) -> Result:
        """Return the result as soon as there is one."""
        assert self._told.wait(PATIENCE_SECONDS), "nobody told how it ended"
        return self.results[0]


def once_within(limit: float, measure: Callable[[], float]) -> None:
    """Measure until it is within ``limit``; fails where it never is.

    A busy machine is late now and then, by anything up to a second; a mistake of ours is late each time.
    """
    measured: list[float] = []
    while len(measured) < TRIES:
        measured.append(measure())
        if measured[-1] < limit:
            return
    raise AssertionError(f"never below {limit}: {measured}")


class NotedAmplifier:
    """An amplifier that writes down when it was switched, by the monotonic clock in ns."""

    def __init__(self) -> None:
        self.switched: list[tuple[str, int]] = []
        self.is_on = False

    def on(self) -> None:
        """Switch on; what is on stays on without a word."""
        if not self.is_on:
            self.is_on = True
            self.switched.append(("on", time.monotonic_ns()))

    def off(self) -> None:
        """Switch off; what is off stays off without a word."""
        if self.is_on:
            self.is_on = False
            self.switched.append(("off", time.monotonic_ns()))

    @property
    def orders(self) -> list[str]:
        """The switchings without their instants."""
        return [order for order, _ in self.switched]


def clip(folder: Path, name: str, frames: int) -> tuple[Sound, bytes]:
    """Write a clip of noise, within the cap, that begins and ends with a sample that is not 0; return its samples."""
    noise = random.Random(name).randbytes(2 * frames - 4)  # noqa: S311 - noise, not a secret
    samples = b"\x01\x00" + scaled(noise, 0.25) + b"\x01\x00"
    path = folder / f"{name}.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 48_000, frames, "NONE", ""))
        file.writeframes(samples)
    return Sound(path=path, frames=frames, message_id=name), samples


def never_quiet(instant: datetime, within: timedelta) -> datetime | None:
    """Tell of no quiet hours at all."""
    return None


def rundown(*items: Item, volume: int = 100, due: datetime | None = None) -> Rundown:
    """Return a page of ``items``."""
    return Rundown(items=items, priority=Priority.PAGE, volume_percent=volume, due=due)


def sounding(playout: CardPlayout, frames: int = 1) -> Position | None:
    """Return the position once so many frames of a rundown have sounded, or None before."""
    position = playout.position()
    return position if position is not None and position.frames_played >= frames else None
