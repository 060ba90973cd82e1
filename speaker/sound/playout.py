"""Playout: sounds one rundown at a time, to the instant, and keeps card and amplifier only as long as it must."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Literal

from box.clock import Clock
from box.sentences import Sentence
from speaker.airing import Outcome, Position, Reason, Result, Rundown
from speaker.sound.amplifier import Amplifier
from speaker.sound.blocks import ClipDamaged, blocks_of
from speaker.sound.card import PERIOD_FRAMES, RATE_HZ, Card, CardLost, CardMissing
from speaker.sound.curfew import MARGIN_FRAMES, Curfew, QuietFrom, QuietHoursBegin
from speaker.sound.ending import ended_by, result_of
from speaker.sound.gain import cap_of, gain_of
from speaker.sound.inbox import Begin, Close, Command, End, Inbox
from speaker.sound.line import Line
from speaker.sound.real_time import hurry
from speaker.sound.sounding import Sounding
from speaker.sound.stream import Stream

ARM_SECONDS = 2.0  # so long before it is due, a rundown is loaded and the card is open
SWITCH_SECONDS = 0.7  # before the lead-in, what is heard gives way: what the card has (200 ms), the fade, and to spare
RETRY_SECONDS = 1.0  # a card that could not be opened for a rundown that is not yet due
PROBE_SECONDS = 60.0  # in silence: is the card still there?
PROBE_MISSING_SECONDS = 5.0  # is it back?
PULSE_SECONDS = 1.0  # in silence: so often the thread goes round, to show that it is not stuck in the card
LONGEST_SLEEP_SECONDS = 0.25  # while armed; the wall clock may be set meanwhile

_log = logging.getLogger(__name__)


class _Interrupted(Exception):
    def __init__(self, command: Command) -> None:
        self.command = command


class CardPlayout:
    """Sounds rundowns on ``card``, with a thread of its own. It decides nothing.

    ``lead_in_ms`` is silence between switching the amplifier on and the first sample; ``tail_ms`` silence
    before it is switched off. ``loudest_percent`` is the installer's cap, held on the samples themselves, and
    ``quiet_from`` tells the quiet hours, in which no sample of a rundown that keeps them leaves the card.

    A rundown that is due later is armed two seconds before. A rundown for which the card can't be opened when
    it is due ends as missed with CARD_MISSING, at once: the caller may start it again within its grace.
    """

    def __init__(
        self,
        *,
        card: Card,
        amplifier: Amplifier,
        clock: Clock,
        lead_in_ms: int,
        tail_ms: int,
        loudest_percent: int,
        quiet_from: QuietFrom,
    ) -> None:
        self._card = card
        self._amplifier = amplifier
        self._clock = clock
        self._lead_in_seconds = lead_in_ms / 1000
        self._tail_frames = tail_ms * RATE_HZ // 1000
        self._cap = cap_of(loudest_percent)
        self._quiet_from = quiet_from
        self._inbox = Inbox()
        self._line: Line | None = None
        self._awake_at = 0.0  # by the monotonic clock: when the amplifier's lead-in is over
        self._trouble: Sentence | None = None
        self._sounding: Sounding | None = None
        self._closed = False
        self._turned = clock.monotonic()
        self._starting = threading.Lock()
        self._probe()
        self._thread = threading.Thread(target=self._run, name="playout", daemon=True)
        self._thread.start()

    def start(self, rundown: Rundown, ended: Callable[[Result], None]) -> None:
        """Sound ``rundown`` in place of anything that sounds now, which fades and ends as pre-empted.

        Returns at once. ``ended`` is called exactly once, on the playout's own thread, when the last frame has
        sounded and before the amplifier is switched off: what is started from it finds the amplifier awake.
        """
        with self._starting:
            if self._closed:
                raise RuntimeError("the playout is closed")
            self._inbox.put(Begin(rundown, ended))

    def stop(self, reason: Reason) -> None:
        """End what sounds, or what is armed, as cut with ``reason``; nothing if nothing is."""
        self._inbox.put(End(reason))

    def position(self) -> Position | None:
        """Return where playout is, or None in silence and while something is only armed."""
        sounding = self._sounding
        return sounding.position() if sounding is not None else None

    def card_state(self) -> Literal["card", "recorder", "missing"]:
        """Return what it plays on, or that the card could not be opened when it was last tried."""
        return "missing" if self._trouble is not None else self._card.kind

    def card_sentence(self) -> Sentence | None:
        """Return what is wrong with the card and what to do, or None."""
        return self._trouble

    @property
    def turned(self) -> float:
        """The monotonic second at which the thread last went round: until then it was not stuck in the card."""
        return self._turned

    @property
    def underruns(self) -> int:
        """How often the card ran out of samples, since the start."""
        return self._card.underruns

    def close(self) -> None:
        """End what sounds as shut down, switch the amplifier off and let go of the card; then return."""
        with self._starting:
            self._closed = True
            self._inbox.put(Close())
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _run(self) -> None:
        hurry()
        command: Command | None = None
        try:
            probed = self._clock.monotonic()
            while not isinstance(command, Close):
                self._turned = self._clock.monotonic()
                command = self._inbox.take(PULSE_SECONDS)
                patience = PROBE_SECONDS if self._trouble is None else PROBE_MISSING_SECONDS
                if command is None and self._clock.monotonic() - probed >= patience:
                    self._probe()
                    probed = self._clock.monotonic()
                elif isinstance(command, Begin):
                    command = self._on_air(command)
        finally:
            self._release()
            while (command := self._inbox.take(0)) is not None:
                if isinstance(command, Begin):
                    self._tell(command, Outcome.CUT, Reason.SHUT_DOWN, None)

    def _on_air(self, begin: Begin) -> Command | None:
        """Sound ``begin`` and whatever takes its place, with card and amplifier kept on in between."""
        command: Command | None = begin
        try:
            while isinstance(command, Begin):
                command = self._air(command)
        finally:
            self._release()
        return command

    def _air(self, begin: Begin) -> Command | None:
        """Sound one rundown and tell how it ended; return the command that ended it, or came in its tail."""
        command: Command | None = None
        outcome, reason = Outcome.AIRED, Reason.NONE
        sounding = None
        stream: Stream | None = None
        curfew = Curfew(self._quiet_from, is_lifted=begin.rundown.above_quiet_hours)
        try:
            self._wait_for_arming(begin.rundown.due)
            gain = gain_of(begin.rundown.volume_percent)
            stream = Stream(blocks_of(begin.rundown.items, gain=gain, cap=self._cap), nudge=self._inbox.nudge)
            line = self._open_line(begin.rundown.due)
            self._wait_until_loaded(stream)
            sounding = Sounding(rundown=begin.rundown, stream=stream, line=line, curfew=curfew, pause=self._pause)
            self._sound(sounding, line, curfew)
        except _Interrupted as interrupted:
            command = interrupted.command
            outcome, reason = ended_by(command)
            self._fall_silent(sounding, fading=isinstance(command, Begin))
            if not isinstance(command, Begin):
                self._release()
        except QuietHoursBegin:
            outcome, reason = Outcome.CUT, Reason.QUIET_HOURS
            self._fall_silent(sounding, fading=False)
        except CardMissing:
            outcome, reason = Outcome.MISSED, Reason.CARD_MISSING
        except CardLost as lost:
            self._trouble = lost.sentence
            outcome, reason = Outcome.CUT, Reason.CARD_LOST
            self._release()
        except ClipDamaged as damaged:
            _log.error("%s", damaged)
            outcome, reason = Outcome.CUT, Reason.CLIP_DAMAGED
        except Exception:  # noqa: BLE001 - a mistake of ours must not silence every cue after this one
            _log.exception("playout failed")
            outcome, reason = Outcome.CUT, Reason.INTERRUPTED
            self._release()
        finally:
            if stream is not None:
                stream.close()
            self._sounding = None
        self._tell(begin, outcome, reason, sounding)
        return command if command is not None else self._tail(curfew)

    def _wait_for_arming(self, due: datetime | None) -> None:
        while due is not None and (left := self._seconds_to(due) - ARM_SECONDS - self._lead_in_seconds) > 0:
            if self._line is not None:
                self._release()
            self._pause(min(left, LONGEST_SLEEP_SECONDS))

    def _open_line(self, due: datetime | None) -> Line:
        while self._line is None:
            try:
                self._card.open()
                self._line = Line(self._card, self._clock)
                self._trouble = None
            except CardMissing as missing:
                self._trouble = missing.sentence
                if due is None or (left := self._seconds_to(due)) <= 0:
                    raise
                self._pause(min(left, RETRY_SECONDS))
        return self._line

    def _wait_until_loaded(self, stream: Stream) -> None:
        while not stream.ready:
            self._pause(LONGEST_SLEEP_SECONDS)
        if stream.exhausted and stream.damage is not None:
            raise stream.damage  # nothing to sound: the amplifier is not woken for it

    def _sound(self, sounding: Sounding, line: Line, curfew: Curfew) -> None:
        due = sounding.rundown.due
        while (silence := self._silence_before(sounding, line, due, curfew)) is None:
            self._amplifier.off()
            line.drop()
        self._sounding = sounding
        sounding.sound(silence)

    def _silence_before(self, sounding: Sounding, line: Line, due: datetime | None, curfew: Curfew) -> int | None:
        """Wake the amplifier, in time where there is time; return the frames of silence before the rundown."""
        margin = (line.ahead_frames + 6 * PERIOD_FRAMES) / RATE_HZ
        while due is not None and (left := self._seconds_to(due) - self._lead_in_left() - margin) > 0:
            self._pause(min(left, LONGEST_SLEEP_SECONDS))
        lead_in = self._lead_in_left()
        begins = self._clock.now() + timedelta(seconds=lead_in)
        if not curfew.allowed(begins if due is None else max(begins, due), delay=0, sounding=0).samples:
            raise QuietHoursBegin  # the amplifier is not woken for it
        was_on = self._amplifier.is_on
        self._amplifier.on()  # also where it is on: the longest time that it may be begins anew
        if not was_on:
            self._awake_at = self._clock.monotonic() + lead_in
        if due is None or self._seconds_to(due) < lead_in:
            return round(lead_in * RATE_HZ)
        return sounding.lead_up_to(due, longest_seconds=lead_in + ARM_SECONDS)

    def _tail(self, curfew: Curfew) -> Command | None:
        """Let silence sound while the amplifier stays on; return a command that comes meanwhile."""
        line = self._line
        if line is None or not self._amplifier.is_on:
            return None
        end = line.written + self._tail_frames
        try:
            while (reading := line.reading()).sounded < end:
                ahead = curfew.allowed(reading.now, delay=0, sounding=0).silence_ahead
                if ahead <= MARGIN_FRAMES // 2:
                    break  # the amplifier is off when the quiet hours begin
                line.keep_silent_ahead(ahead)
                self._pause(PERIOD_FRAMES / RATE_HZ)
        except _Interrupted as interrupted:
            return interrupted.command
        except CardLost as lost:
            self._trouble = lost.sentence
        return None

    def _fall_silent(self, sounding: Sounding | None, *, fading: bool) -> None:
        """Silence what is on the card, at once or ``fading``, and count what of it has sounded."""
        if self._line is None:
            return
        try:
            if fading and sounding is not None:
                with suppress(QuietHoursBegin):  # then what fades is silent already
                    sounding.fade_out(self._wait_in_a_fade)
            reading = self._line.reading()
            self._line.drop()
            if sounding is not None:
                sounding.note(reading)
        except CardLost as lost:
            self._trouble = lost.sentence
            self._release()

    def _tell(self, begin: Begin, outcome: Outcome, reason: Reason, sounding: Sounding | None) -> None:
        result = result_of(begin.rundown, outcome, reason, sounding, self._clock.now())
        try:
            begin.ended(result)
        except Exception:  # noqa: BLE001 - whatever the listener's fault, the amplifier must go off and the next cue sound
            _log.exception("the listener to an ended rundown failed")

    def _pause(self, seconds: float) -> None:
        self._turned = self._clock.monotonic()
        command = self._inbox.take(seconds)
        if command is not None:
            raise _Interrupted(command)

    def _wait_in_a_fade(self, seconds: float) -> bool:
        self._turned = self._clock.monotonic()
        self._inbox.wait(seconds)
        return self._inbox.wants_silence

    def _release(self) -> None:
        self._amplifier.off()
        self._card.close()
        self._line = None

    def _probe(self) -> None:
        try:
            self._card.probe()
            self._trouble = None
        except CardMissing as missing:
            self._trouble = missing.sentence

    def _seconds_to(self, due: datetime) -> float:
        return (due - self._clock.now()).total_seconds()

    def _lead_in_left(self) -> float:
        if not self._amplifier.is_on:
            return self._lead_in_seconds
        return max(0.0, self._awake_at - self._clock.monotonic())
