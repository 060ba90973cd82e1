"""The station: the speaker's brain. One thread takes one event after the other; everybody else only posts."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from queue import Empty, SimpleQueue
from threading import Thread

from box.clock import Clock
from box.sentences import Sentence, XiaolabaError
from box.settings import Contact
from programme.bulletins import Bulletins
from programme.publication import Publication
from speaker.airing import Playout, Reason, Result
from speaker.alarm_clock import AlarmClock, WatchedAlarmClock
from speaker.alarms import FAULT, NOTHING_ON_AIR, AlarmBoard
from speaker.asrun.database import LogUnwritable, is_damage
from speaker.asrun.log import AsRunLog
from speaker.card_watch import CardWatch
from speaker.clock_watch import ClockWatch
from speaker.contacts.calls import Calls
from speaker.contacts.line import Line
from speaker.hearing.self_test import SelfTest
from speaker.limits import HardLimits
from speaker.on_air import ARM_EARLY, OnAir, Stage, Timetable
from speaker.paging import Pages
from speaker.pins.lamp import Lamp, LampState
from speaker.protocol import (
    AskRecords,
    AskStatus,
    BeQuiet,
    Done,
    EndQuiet,
    Play,
    ProposeTime,
    Reply,
    Request,
    Stop,
)
from speaker.quiet_request import QuietRequests
from speaker.telling import Surroundings, Telling
from speaker.trust.keeper import ClockTrust
from speaker.trust.proposal import TimeProposal
from speaker.words import refused

logger = logging.getLogger(__name__)

UNTRUSTED_LOOK_SECONDS = 2.0  # a time server's answer, or a clock chip's driver that comes late, is soon noticed
SLOW_LOOK_SECONDS = 30.0  # the belt beside the alarm clock; it changes nothing while all is well
ANSWER_SECONDS = 1.0
_BLINK_SECONDS = 3.0
_END_SECONDS = 1.0
_TOO_BUSY = Sentence("播音程序正忙，请过几秒再试", "the speaker is busy; try again in a few seconds")


class Station:
    """Takes events in turn and has ``OnAir`` and ``Pages`` act on them; answers ``ask`` from any thread.

    ``alive`` is for a watchdog: it is called after every event while the alarm clock rings, nothing is overdue
    and the log is whole.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        trust: ClockTrust,
        proposal: TimeProposal,
        playout: Playout,
        log: AsRunLog,
        limits: HardLimits,
        quiet: QuietRequests,
        timetable: Timetable,
        stage: Stage,
        alarm_clock: AlarmClock,
        alarms: AlarmBoard,
        card: CardWatch,
        lamp: Lamp,
        surroundings: Surroundings,
        version: str,
        contacts: tuple[Contact, ...] = (),
        self_test: Callable[[OnAir], SelfTest] | None = None,
        alive: Callable[[], None] = lambda: None,
        arm_early: timedelta = ARM_EARLY,
        slow_look_seconds: float = SLOW_LOOK_SECONDS,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self._clock = clock
        self._clock_watch = ClockWatch(trust, alarms, proposal)
        self._playout = playout
        self._log = log
        self._alarm_clock = WatchedAlarmClock(alarm_clock, clock)
        self._alarms = alarms
        self._card = card
        self._lamp = lamp
        self._surroundings = surroundings
        self._alive = alive
        self._slow_look_seconds = slow_look_seconds
        self._answer_seconds = answer_seconds
        self._on_air = OnAir(
            clock=clock,
            trust=trust,
            playout=playout,
            log=log,
            limits=limits,
            quiet=quiet,
            timetable=timetable,
            stage=stage,
            alarm_clock=self._alarm_clock,
            card=card,
            arm_early=arm_early,
            ended=self._playout_ended,
        )
        self._self_test = self_test(self._on_air) if self_test else None
        self._pages = Pages(self._on_air, clock, card)
        self._calls = Calls(contacts, pages=self._pages, on_air=self._on_air, log=log, clock=clock, alarms=alarms)
        self._telling = Telling(
            on_air=self._on_air,
            clock=clock,
            clock_watch=self._clock_watch,
            log=log,
            limits=limits,
            stage=stage,
            playout=playout,
            card=card,
            alarms=alarms,
            surroundings=surroundings,
            calls=self._calls,
            version=version,
        )
        self._events: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread = Thread(target=self._serve, name="station", daemon=True)
        self._looked = clock.monotonic()
        self._blinks_until = clock.monotonic()
        self._log_is_damaged = False  # then nothing can sound any more, but the next start begins another
        self._rings = True  # not, once a slow look has found what the alarm clock should have rung for
        alarms.put("nothing-on-air", NOTHING_ON_AIR)

    @property
    def clips_in_use(self) -> frozenset[str]:
        """The clips of what is in hand, by their sha256."""
        return self._on_air.clips_in_use

    def start(self) -> None:
        """Begin to act."""
        self._thread.start()

    def close(self) -> None:
        """End what sounds as shut down, write its end, and act no more; about a second at most."""
        self._playout.close()
        self._events.put(None)
        self._thread.join(_END_SECONDS)

    def ask(self, request: Request) -> Reply:
        """Do what ``request`` asks, or say why not; from any thread, within a second."""
        if isinstance(request, AskRecords):
            return self._log.records(request)
        replies: SimpleQueue[Reply] = SimpleQueue()
        waits_until = self._clock.monotonic() + self._answer_seconds
        self._events.put(lambda: self._reply(request, replies, waits_until))
        try:
            return replies.get(timeout=self._answer_seconds)
        except Empty:
            return refused(Reason.BUSY, _TOO_BUSY)

    def take(self, publication: Publication) -> None:
        """Put ``publication`` on air."""
        self._events.put(lambda: self._take(publication))

    def take_bulletins(self, bulletins: Bulletins) -> None:
        """Have ``bulletins`` ready to be paged, in the place of those before."""
        self._events.put(lambda: self._take_bulletins(bulletins))

    def rang(self) -> None:
        """Look at what is due: the alarm clock rang."""
        self._events.put(self._has_rung)

    def clock_was_set(self) -> None:
        """Look at what is due by a clock that was set."""
        self._events.put(self._clock_was_set)

    def press_short(self) -> None:
        """Confirm the time that waits for it, else play the earliest broadcast of today; the lamp blinks at neither."""
        self._events.put(self._press_short)

    def press_long(self) -> None:
        """Stop, and be silent until the next cue."""
        self._events.put(self._press_long)

    def contact_is(self, name: str, line: Line) -> None:
        """Take note that the line of a contact has settled to ``line``."""
        self._events.put(lambda: self._calls.line_is(name, line))

    def look_at_contacts(self) -> None:
        """See how far the calls of contacts are, where one stands."""
        if self._calls.is_busy:
            self._events.put(self._calls.look)

    def post(self, event: Callable[[], None]) -> None:
        """Have ``event`` done on the station's thread, in its turn."""
        self._events.put(event)

    def settle(self) -> None:
        """Wait until all that was posted before has been done."""
        done: SimpleQueue[None] = SimpleQueue()
        self._events.put(lambda: done.put(None))
        done.get(timeout=10 * ANSWER_SECONDS)

    def slow_look(self) -> None:
        """Look at everything, whether or not anything has happened."""
        self._events.put(self._look_slowly)

    def _playout_ended(self, number: int, result: Result) -> None:
        self._events.put(lambda: self._has_ended(number, result))

    def _serve(self) -> None:
        while True:
            try:
                event = self._events.get(timeout=self._look_seconds())
            except Empty:
                event = self._look_slowly
            if event is None:
                return
            self._do(event)
            if self._clock.monotonic() - self._looked >= self._look_seconds():
                self._do(self._look_slowly)
            self._card.look()
            self._show_lamp()
            if not self._on_air.is_overdue() and self._rings and not self._log_is_damaged:
                self._alive()

    def _look_seconds(self) -> float:
        soon = UNTRUSTED_LOOK_SECONDS if self._clock_watch.is_lost else self._slow_look_seconds
        return min(self._slow_look_seconds, soon)

    def _look_at_clock(self) -> None:
        if self._clock_watch.look():
            self._on_air.clock_was_set()

    def _do(self, event: Callable[[], None]) -> None:
        try:
            event()
        except LogUnwritable as error:
            logger.error("%s", error)  # noqa: TRY400 - the sentence says it all
            self._log_is_damaged |= is_damage(error)
        except Exception as error:  # a fault in one event must not take the voice away
            logger.exception("an event failed")
            self._log_is_damaged |= is_damage(error)
            self._alarms.put("fault", error.sentence if isinstance(error, XiaolabaError) else FAULT)
        if self._log.refusal is None:
            self._alarms.clear("log-unwritable")
        else:
            self._alarms.put("log-unwritable", self._log.refusal.sentence)

    def _reply(self, request: Request, replies: SimpleQueue[Reply], waits_until: float) -> None:
        if isinstance(request, Play) and self._clock.monotonic() >= waits_until:
            return  # it was told that it would not sound
        reply: Reply = refused(Reason.NONE, FAULT)
        try:
            reply = self._answer(request)
        except LogUnwritable as error:
            reply = refused(Reason.NONE, error.sentence)
            raise
        finally:
            replies.put(reply)

    def _answer(self, request: Request) -> Reply:
        if isinstance(request, Play):
            reply = self._pages.play(request)
            self._on_air.look()
            return reply
        if isinstance(request, Stop):
            self._calls.silence()
            self._on_air.stop(Reason.STOPPED)
            return Done()
        if isinstance(request, ProposeTime):
            hindrance = self._clock_watch.proposal.propose(request.instant)
            return Done() if hindrance is None else refused(Reason.NONE, hindrance)
        if isinstance(request, BeQuiet | EndQuiet):
            return self._be_quiet(request)
        if isinstance(request, AskStatus):
            return self._telling.status()
        return self._log.records(request)

    def _be_quiet(self, request: BeQuiet | EndQuiet) -> Reply:
        if self._clock_watch.is_lost:
            return refused(Reason.CLOCK_UNTRUSTED)
        quiet = self._on_air.quiet
        hindrance = quiet.ask(request) if isinstance(request, BeQuiet) else quiet.end()
        if quiet.standing() is not None:
            self._on_air.quiet_was_asked()
        self._on_air.look()
        return Done() if hindrance is None else refused(Reason.NONE, hindrance)

    def _take(self, publication: Publication) -> None:
        self._on_air.take(publication)
        self._alarms.clear("nothing-on-air")
        self._alarms.clear("clip-damaged")
        self._on_air.look()
        self._calls.look_at_messages()

    def _take_bulletins(self, bulletins: Bulletins) -> None:
        self._on_air.bulletins = bulletins

    def _clock_was_set(self) -> None:
        self._look_at_clock()
        self._alarm_clock.wake()
        self._on_air.clock_was_set()
        self._on_air.look()

    def _press_short(self) -> None:
        if self._clock_watch.proposal.accept():
            return
        self._on_air.end_silence()
        if not isinstance(self._pages.play_earliest(), Done):
            self._blinks_until = self._clock.monotonic() + _BLINK_SECONDS
        self._on_air.look()

    def _press_long(self) -> None:
        self._calls.silence()
        self._on_air.silence()

    def _has_ended(self, number: int, result: Result) -> None:
        self._on_air.has_ended(number, result)
        self._on_air.look()

    def _has_rung(self) -> None:
        self._rings = True
        self._alarm_clock.forget()  # before the look, which may fail for another reason
        self._on_air.look()

    def _look_slowly(self) -> None:
        self._looked = self._clock.monotonic()
        self._look_at_clock()
        if self._clock_watch.is_lost:
            self._alarm_clock.forget()
        self._rings = self._rings and not self._alarm_clock.is_silent()
        self._on_air.look()
        self._calls.look_at_messages()
        if self._self_test is not None:
            self._self_test.look()
        self._on_air.note_position()  # last: where the log can't be written, the look has been

    def _show_lamp(self) -> None:
        blinks = self._clock.monotonic() < self._blinks_until
        if self._clock_watch.proposal.waits:
            self._lamp.show(LampState.ASKING)
        elif self._clock_watch.is_lost and not blinks:
            self._lamp.show(LampState.TIMELESS)
        elif blinks or self._alarms.all() or self._surroundings.alarms():
            self._lamp.show(LampState.ALARM)
        elif self._on_air.current is not None:
            self._lamp.show(LampState.SOUNDING)
        else:
            self._lamp.show(LampState.READY)
