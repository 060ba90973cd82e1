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
from speaker.sound.curfew import Allowed, Curfew, QuietHoursBegin
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
    """Feeds ``line`` from ``stream`` as far as ``curfew`` allows, and knows which of the rundown's frames have sounded.

    ``started`` and ``ended`` are when the first and the last of them did. ``pause(seconds)`` sleeps between two looks
    at the card; it raises where the rundown is to end early.
    """

    def __init__(
        self, *, rundown: Rundown, stream: Samples, line: Line, curfew: Curfew, pause: Callable[[float], None]
    ) -> None:
        self.rundown = rundown
        self.started: datetime | None = None
        self.ended: datetime | None = None
        self.played = 0
        self._stream = stream
        self._line = line
        self._curfew = curfew
        self._pause = pause
        self._first = 0  # the line's count at the rundown's first frame
        self._handed_over = 0  # frames of the rundown that the card has
        self._waiting = b""  # taken from the stream, and not handed over yet
        self._ran: Reading | None = None  # the last one after which the card ran: from then on frame followed frame
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

        Raises ClipDamaged when what came before the damage has sounded, QuietHoursBegin where they begin before its
        end, and CardLost.
        """
        self._first = self._line.written + silence_frames
        stalled = 0
        while True:
            reading = self._line.reading()
            allowed = self._allowed(reading, silence_frames)
            silence_frames = self._fill(silence_frames, allowed.samples)
            self._note_that_it_runs(reading)
            done = not self._waiting and self._stream.exhausted
            is_at_its_end = done or not allowed.samples
            self._keep_running(silence_frames)
            if is_at_its_end:
                self._line.keep_silent_ahead(allowed.silence_ahead)
            self.note(self._line.reading())
            if is_at_its_end and self.played >= self._handed_over:
                break
            stalled = stalled + 1 if not self._waiting and not is_at_its_end else 0
            if stalled > LONGEST_STALL_PERIODS:
                raise ClipDamaged(self._sound_at(self.played), "…")
            rest = (self._handed_over - self.played) / RATE_HZ if is_at_its_end else _PERIOD_SECONDS
            self._pause(min(_PERIOD_SECONDS, rest))
        if not done:
            raise QuietHoursBegin
        if self._stream.damage is not None:
            raise self._stream.damage

    def fade_out(self, wait: Callable[[float], bool]) -> None:
        """Let what the card has sound, and what follows fade; return when that has sounded.

        Nothing is done where nothing has been heard yet. ``wait(seconds)`` sleeps, and tells whether silence is wanted
        at once. Where the disk does not give what follows, it ends there. Raises QuietHoursBegin and CardLost.
        """
        begun, looks = 0, 0
        while self.played and begun < FADE_FRAMES and (block := self._waiting or self._stream.take()):
            room = (FADE_FRAMES - begun) * SAMPLE_BYTES
            self._waiting, block = block[room:], faded(block[:room], begun)
            begun += len(block) // SAMPLE_BYTES
            while block:
                reading = self._line.reading()
                most = self._allowed(reading, 0).samples
                if not most:
                    begun = FADE_FRAMES  # what the card has is all that may be heard
                    break
                taken = self._line.write(block[: most * SAMPLE_BYTES])
                self._handed_over += taken
                self._note_that_it_runs(reading)
                block = block[taken * SAMPLE_BYTES :]
                self._keep_running(0)
                looks += 1
                if block and (wait(_PERIOD_SECONDS) or looks > LONGEST_FADE_PERIODS):
                    return
        while self.played and self.played < self._handed_over and looks < LONGEST_FADE_PERIODS:
            ahead = self._allowed(self._line.reading(), 0).silence_ahead
            self._keep_running(0)
            self._line.keep_silent_ahead(ahead)
            self.note(self._line.reading())
            looks += 1
            if wait(min(_PERIOD_SECONDS, (self._handed_over - self.played) / RATE_HZ)):
                return

    def note(self, reading: Reading) -> None:
        """Take down how far the rundown has sounded, when its first frame did, and the last one so far."""
        beyond = reading.sounded - self._first
        self.played = max(0, min(beyond, self._handed_over))
        if self.played:
            if self.started is None:
                self.started = reading.now - timedelta(seconds=beyond / RATE_HZ)
            self.ended = reading.now - timedelta(seconds=(beyond - self.played) / RATE_HZ)
            if self._ran is not None:  # it may have run dry before anybody looked
                since = (self._first + self.played - self._ran.sounded) / RATE_HZ
                self.ended = min(self.ended, self._ran.now + timedelta(seconds=since))

    def position(self) -> Position:
        """Return where it is, from any thread."""
        played = self.played  # read once: it moves meanwhile
        item = self._item_at(played)
        message_id = item.message_id if isinstance(item, Sound) else None
        return Position(frames_played=played, frames=self.rundown.frames, message_id=message_id)

    def _allowed(self, reading: Reading, silence_frames: int) -> Allowed:
        """Return what the quiet hours allow after so much silence that is still to come. Raises QuietHoursBegin."""
        left = self._left_on_card(reading)
        allowed = self._curfew.allowed(reading.now, delay=reading.delay + silence_frames, sounding=left)
        if allowed.is_over:
            raise QuietHoursBegin
        return allowed

    def _keep_running(self, silence_frames: int) -> None:
        """Start the card if it stands, unless the quiet hours have come too near while it was written to.

        Nothing is asked of the card between the reading and the start: each call may take long.
        """
        if self._line.running:
            return
        reading = self._line.reading()
        self._allowed(reading, silence_frames)
        if reading.delay:
            self._line.start()
            self._note_that_it_runs(reading)

    def _note_that_it_runs(self, reading: Reading) -> None:
        """Keep ``reading`` if the card has run since: it stands only where it runs dry, and a start is noted."""
        if self._line.running:
            self._ran = reading

    def _left_on_card(self, reading: Reading) -> int:
        return max(0, self._first + self._handed_over - reading.sounded) if self._handed_over else 0

    def _fill(self, silence_frames: int, most_frames: int) -> int:
        """Write until the card is full, has ``most_frames`` of samples more, or there is nothing at hand.

        Returns the silence that is left over. A card that takes less than it was offered is full. It is not asked
        until it takes nothing: on a slow machine a frame has sounded each time it is asked, and nobody would look for
        a stop any more.
        """
        while silence_frames:
            offered = min(silence_frames, SILENCE_FRAMES)
            taken = self._line.write_silence(offered)
            silence_frames -= taken
            if taken < offered:
                return silence_frames
        while most_frames and (block := self._waiting or self._stream.take()):
            offered = min(most_frames, len(block) // SAMPLE_BYTES)
            taken = self._line.write(block[: offered * SAMPLE_BYTES])
            self._handed_over += taken
            most_frames -= taken
            self._waiting = block[taken * SAMPLE_BYTES :]
            if taken < offered:
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
