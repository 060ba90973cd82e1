"""One rundown on its way through the card: silence up to the instant it is due, its samples, and the count."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Protocol

from speaker.airing import FADE_FRAMES, Position, Rundown, Sound
from speaker.sound.blocks import ClipDamaged
from speaker.sound.card import PERIOD_FRAMES, RATE_HZ, SAMPLE_BYTES
from speaker.sound.fade import faded
from speaker.sound.line import SILENCE_FRAMES, Line, Reading

LONGEST_STALL_PERIODS = 1000  # 10 s without a sample from the disk: the clip counts as damaged
LONGEST_FADE_PERIODS = 200  # looks at the card; one that takes nothing for so long is stuck
_PERIOD_SECONDS = PERIOD_FRAMES / RATE_HZ


class Samples(Protocol):
    """Where the rundown's samples come from: ``Stream``."""

    damage: ClipDamaged | None

    @property
    def exhausted(self) -> bool:
        """Whether all has been taken and no more will come."""
        ...

    def take(self) -> bytes:
        """Return the next samples, or nothing where there are none yet or none any more."""
        ...


class Sounding:
    """Feeds ``line`` from ``stream``, and knows which of the rundown's frames have sounded.

    ``pause(seconds)`` sleeps between two looks at the card; it raises where the rundown is to end early.
    """

    def __init__(self, *, rundown: Rundown, stream: Samples, line: Line, pause: Callable[[float], None]) -> None:
        self.rundown = rundown
        self.started: datetime | None = None
        self.played = 0
        self._stream = stream
        self._line = line
        self._pause = pause
        self._first = 0  # the line's count at the rundown's first frame
        self._handed_over = 0  # frames of the rundown that the card has
        self._waiting = b""  # taken from the stream, and not handed over yet
        self._ends = tuple(accumulate(item.frames for item in rundown.items))

    def lead_up_to(self, due: datetime, *, longest_seconds: float) -> int | None:
        """Keep silence sounding until ``due`` is near; return the frames of silence still to come before it.

        Little is written ahead meanwhile, so that the number is reckoned late, from what the card and the
        clock say then: neither their drift nor a late wake-up is heard. None when ``due`` has moved further
        than ``longest_seconds`` away, because somebody set the clock. Raises CardLost.
        """
        handover = self._line.ahead_frames + 4 * PERIOD_FRAMES
        while True:
            left = _frames_to(due, self._line.reading())
            self._line.keep_silent_ahead(left - PERIOD_FRAMES)  # after a late wake-up not beyond the instant
            reading = self._line.reading()
            left = _frames_to(due, reading)
            if left > longest_seconds * RATE_HZ:
                return None
            if left <= handover:
                return max(0, left - reading.delay)
            self._pause(min(PERIOD_FRAMES, left - handover) / RATE_HZ)

    def sound(self, silence_frames: int) -> None:
        """Sound so much silence, then the whole rundown; return when its last frame has sounded.

        Raises ClipDamaged when what came before the damage has sounded, and CardLost.
        """
        self._first = self._line.written + silence_frames
        stalled = 0
        while True:
            silence_frames = self._fill(silence_frames)
            if not self._waiting and self._stream.exhausted:
                self._line.keep_silent_ahead()
            self._line.keep_running()
            self.note(self._line.reading())
            done = not self._waiting and self._stream.exhausted
            if done and self.played >= self._handed_over:
                break
            stalled = stalled + 1 if not self._waiting and not done else 0
            if stalled > LONGEST_STALL_PERIODS:
                raise ClipDamaged(self._sound_at(self.played), "…")
            rest = (self._handed_over - self.played) / RATE_HZ if done else _PERIOD_SECONDS
            self._pause(min(_PERIOD_SECONDS, rest))
        if self._stream.damage is not None:
            raise self._stream.damage

    def fade_out(self, wait: Callable[[float], bool]) -> None:
        """Let what the card has sound, and what follows fade; return when that has sounded. Raises CardLost.

        Nothing is done where nothing has been heard yet. ``wait(seconds)`` sleeps, and tells whether silence is wanted
        at once. Where the disk does not give what follows, it ends there.
        """
        begun, looks = 0, 0
        while self.played and begun < FADE_FRAMES and (block := self._waiting or self._stream.take()):
            room = (FADE_FRAMES - begun) * SAMPLE_BYTES
            self._waiting, block = block[room:], faded(block[:room], begun)
            begun += len(block) // SAMPLE_BYTES
            while block:
                taken = self._line.write(block)
                self._handed_over += taken
                block = block[taken * SAMPLE_BYTES :]
                self._line.keep_running()
                looks += 1
                if block and (wait(_PERIOD_SECONDS) or looks > LONGEST_FADE_PERIODS):
                    return
        while self.played and self.played < self._handed_over and looks < LONGEST_FADE_PERIODS:
            self._line.keep_silent_ahead()
            self.note(self._line.reading())
            looks += 1
            if wait(min(_PERIOD_SECONDS, (self._handed_over - self.played) / RATE_HZ)):
                return

    def note(self, reading: Reading) -> None:
        """Take down how far the rundown has sounded, and when its first frame did."""
        self.played = max(0, min(reading.sounded - self._first, self._handed_over))
        if self.started is None and self.played:
            self.started = reading.now - timedelta(seconds=(reading.sounded - self._first) / RATE_HZ)

    def position(self) -> Position:
        """Return where it is."""
        item = self._item_at(self.played)
        message_id = item.message_id if isinstance(item, Sound) else None
        return Position(frames_played=self.played, frames=self.rundown.frames, message_id=message_id)

    def _fill(self, silence_frames: int) -> int:
        """Write until the card is full or there is nothing more at hand; return the silence that is left over.

        A card that takes less than it was offered is full. It is not asked until it takes nothing: on a slow
        machine a frame has sounded each time it is asked, and nobody would look for a stop any more.
        """
        while silence_frames:
            offered = min(silence_frames, SILENCE_FRAMES)
            taken = self._line.write_silence(offered)
            silence_frames -= taken
            if taken < offered:
                return silence_frames
        while block := self._waiting or self._stream.take():
            taken = self._line.write(block)
            self._handed_over += taken
            self._waiting = block[taken * SAMPLE_BYTES :]
            if self._waiting:
                break
        return 0

    def _item_at(self, frame: int) -> object:
        index = min(bisect_right(self._ends, frame), len(self._ends) - 1)
        return self.rundown.items[index] if self.rundown.items else None

    def _sound_at(self, frame: int) -> Sound:
        item = self._item_at(frame)
        return item if isinstance(item, Sound) else next(i for i in self.rundown.items if isinstance(i, Sound))


def _frames_to(due: datetime, reading: Reading) -> int:
    return round((due - reading.now).total_seconds() * RATE_HZ)
