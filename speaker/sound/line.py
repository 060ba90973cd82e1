"""The open card with a count of its frames: which frame sounds, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from box.clock import Clock
from speaker.sound.card import PERIOD_FRAMES, RATE_HZ, SAMPLE_BYTES, Card

AHEAD_FRAMES = 6 * PERIOD_FRAMES  # of silence; a wake-up may come 50 ms late and nothing is heard of it
_CLOSE_TOGETHER_SECONDS = 0.0001
SILENCE_FRAMES = RATE_HZ // 10  # the most that is written at a time
_SILENCE = bytes(SAMPLE_BYTES * SILENCE_FRAMES)


@dataclass(frozen=True)
class Reading:
    """At ``now``, ``sounded`` frames had left the card and ``delay`` were still to come."""

    now: datetime
    sounded: int
    delay: int


class Line:
    """Counts what is written to an open card since it was opened or dropped."""

    def __init__(self, card: Card, clock: Clock) -> None:
        self._card = card
        self._clock = clock
        self.written = 0

    def write(self, samples: bytes) -> int:
        """Write what there is room for; return the frames taken. Raises CardLost."""
        taken = self._card.write(samples)
        self.written += taken
        return taken

    def write_silence(self, frames: int) -> int:
        """Write at most ``frames`` of silence, and at most ``SILENCE_FRAMES``; return the frames taken."""
        return self.write(_SILENCE[: frames * SAMPLE_BYTES])

    @property
    def running(self) -> bool:
        """Whether the card runs: since it was started, and until it ran dry or was dropped."""
        return self._card.running

    @property
    def ahead_frames(self) -> int:
        """How many frames of silence are kept written ahead: few, and enough for this card."""
        return max(AHEAD_FRAMES, 2 * self._card.period_frames)

    def keep_silent_ahead(self, most_frames: int | None = None) -> None:
        """See that ``ahead_frames``, or ``most_frames``, are written ahead, of silence where need be; run the card."""
        wanted = self.ahead_frames if most_frames is None else min(self.ahead_frames, most_frames)
        short = wanted - self._card.delay()  # asked once: on a slow machine a frame sounds each time
        while short > 0 and (taken := self.write_silence(short)):
            short -= taken
        self.keep_running()

    def keep_running(self) -> None:
        """Start the card if it stands and has something to sound: the first time, or after an underrun."""
        if not self._card.running and self._card.delay() > 0:
            self._card.start()

    def start(self) -> None:
        """Let what is written sound now."""
        self._card.start()

    def reading(self) -> Reading:
        """Read the clock and the card as one.

        A thread that is put to sleep between the two would take an old delay for a new one: then once more.
        """
        for _ in range(5):
            before = self._clock.monotonic()
            delay = self._card.delay()
            now = self._clock.now()
            if self._clock.monotonic() - before < _CLOSE_TOGETHER_SECONDS:
                break
        return Reading(now=now, sounded=self.written - delay, delay=delay)

    def drop(self) -> None:
        """Fall silent at once and count from nothing again. Raises CardLost."""
        self.written = 0
        self._card.drop()
