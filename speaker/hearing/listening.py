"""Listening to one airing: what a microphone takes becomes levels at once, and at the end a verdict."""

from __future__ import annotations

import wave
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from speaker.hearing.bands import BANDS_HZ, HOP_FRAMES, HOPS_PER_SECOND, RATE_HZ, SAMPLE_BYTES, BandMeter
from speaker.hearing.judging import Judgement, judge
from speaker.hearing.matching import Span
from speaker.hearing.microphone import Microphone, MicrophoneAway
from speaker.hearing.reference import CLIP_RATE_HZ, reference_levels

AFTER_SECONDS = 3.0  # 1.5 s in which the end may still arrive, half a second of echo, and a second of noise
LONGEST_SECONDS = 20 * 60  # of levels, a kilobyte a second: what comes after them is not listened to
READ_SECONDS = 0.1
OPEN_SECONDS = 2.0  # so long a microphone that is busy may take to be let go by the listening before
_MOST_READS = 8  # of a quarter of a second each: more than can have come since the last time
_GAP_SECONDS = 0.5  # what is missing by the clock was lost; less is two clocks that differ


class NotWanted(Exception):
    """Nobody wants the verdict any more: nothing sounded, or who asked has gone."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the rundown: a clip (None: silence), its frames of 48 kHz, and whether its sound is compared."""

    path: str | None
    frames: int
    counts: bool


@dataclass(frozen=True, slots=True)
class Played:
    """What was played of it: so many frames of 48 kHz, the first at that second of the monotonic clock.

    ``enough`` says that the verdict is wanted now, without the noise after it: something else is to sound.
    """

    began: float
    frames: int
    enough: bool = False

    @property
    def ended(self) -> float:
        """The monotonic second at which the last frame sounded."""
        return self.began + self.frames / CLIP_RATE_HZ


class Ear:
    """Listens, with ``open_microphone``, until it is told what was played and has heard what comes after it.

    ``wait`` sleeps for so many seconds, and returns what was told meanwhile or raises NotWanted.
    """

    def __init__(
        self,
        open_microphone: Callable[[], Microphone],
        monotonic: Callable[[], float],
        wait: Callable[[float], Played | None],
    ) -> None:
        self._open_microphone = open_microphone
        self._monotonic = monotonic
        self._wait = wait
        self._meter = BandMeter()
        self._levels = [array("f") for _ in BANDS_HZ]
        self._since = 0.0
        self._frames = 0

    def listen(self, parts: Sequence[Part]) -> Judgement:
        """Return the verdict on ``parts``; at once where there is nothing to listen with. Raises NotWanted."""
        microphone: Microphone | None = None
        try:
            microphone = self._opened()
            played: Played | None = None
            while played is None or not (played.enough or self._monotonic() >= played.ended + AFTER_SECONDS):
                played = self._wait(READ_SECONDS) or played
                self._take_all(microphone)
        except MicrophoneAway as away:
            return Judgement("not-listened", why=away.why)
        finally:
            if microphone is not None:
                microphone.close()
        return self._judgement(parts, played)

    def _opened(self) -> Microphone:
        """Return the microphone; one that is busy may be so with the listening before."""
        asked_since = self._monotonic()
        while True:
            try:
                microphone = self._open_microphone()
            except MicrophoneAway as away:
                if away.why != "busy" or self._monotonic() - asked_since > OPEN_SECONDS:
                    raise
                self._wait(READ_SECONDS)
            else:
                self._since = self._monotonic()
                return microphone

    def _take_all(self, microphone: Microphone) -> None:
        overruns = microphone.overruns
        for _ in range(_MOST_READS):
            self._take(microphone.read())
        missing = (self._monotonic() - self._since) * RATE_HZ - self._frames
        if missing > 0 and (microphone.overruns > overruns or missing > _GAP_SECONDS * RATE_HZ):
            self._take(bytes(round(missing) * SAMPLE_BYTES))  # so that what follows is in its place

    def _take(self, samples: bytes) -> None:
        self._frames += len(samples) // SAMPLE_BYTES
        if self._frames > LONGEST_SECONDS * RATE_HZ:
            return
        for band, more in zip(self._levels, self._meter.take(samples), strict=True):
            band.extend(more)

    def _judgement(self, parts: Sequence[Part], played: Played) -> Judgement:
        begin = round((played.began - self._since) * HOPS_PER_SECOND)
        most = max(0, len(self._levels[0]) - begin) * HOP_FRAMES * CLIP_RATE_HZ // RATE_HZ
        frames = min(played.frames, most)
        try:
            sent = reference_levels([(part.path, part.frames) for part in parts], frames)
        except (OSError, EOFError, wave.Error):
            return Judgement("not-listened", why="clip-gone")
        return judge(sent, self._levels, spans_of(parts), begin)


def spans_of(parts: Sequence[Part]) -> list[Span]:
    """Return where what counts lies, in hops."""
    spans: list[Span] = []
    at = 0
    for part in parts:
        first, last = (round(frames * HOPS_PER_SECOND / CLIP_RATE_HZ) for frames in (at, at + part.frames))
        if part.counts:
            spans.append((first, last))
        at += part.frames
    return spans
