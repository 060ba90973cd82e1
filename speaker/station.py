"""The station: the speaker's brain. One thread takes one event after the other; everybody else only posts."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from box.clock import Clock
from box.sentences import XiaolabaError
from box.settings import Contact
from programme.bulletins import Bulletins
from programme.publication import Publication
from speaker.airing import Playout, Result
from speaker.alarm_clock import AlarmClock, WatchedAlarmClock
from speaker.alarms import FAULT, NOTHING_ON_AIR, AlarmBoard
from speaker.answers import ANSWER_SECONDS, Answers
from speaker.armed import SWITCH_EARLY
from speaker.asrun.database import LogUnwritable, is_damage
from speaker.asrun.log import AsRunLog
from speaker.card_watch import CardWatch
from speaker.clock_watch import ClockWatch
from speaker.contacts.calls import Calls
from speaker.contacts.line import Line
from speaker.event_loop import EventLoop
from speaker.hearing.self_test import SelfTest
from speaker.limits import HardLimits
from speaker.on_air import ARM_EARLY, OnAir, Stage, Timetable
from speaker.paging import Pages
from speaker.pins.lamp import Lamp, state_of
from speaker.protocol import Done, Reply, Request
from speaker.quiet_request import QuietRequests
from speaker.telling import Surroundings, Telling
from speaker.trust.keeper import ClockTrust
from speaker.trust.proposal import TimeProposal

logger = logging.getLogger(__name__)

UNTRUSTED_LOOK_SECONDS = 2.0  # a time server's answer, or a clock chip's driver that comes late, is soon noticed
SLOW_LOOK_SECONDS = 30.0  # the belt beside the alarm clock; it changes nothing while all is well
_BLINK_SECONDS = 3.0
_END_SECONDS = 1.0


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
        switch_early: timedelta = SWITCH_EARLY,
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
            switch_early=switch_early,
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
        self._loop = EventLoop(
            clock, do=self._do, after=self._after_each, look=self._look_slowly, look_seconds=self._look_seconds
        )
        self._answers = Answers(
            on_air=self._on_air,
            pages=self._pages,
            calls=self._calls,
            telling=self._telling,
            clock_watch=self._clock_watch,
            log=log,
            clock=clock,
            post=self._loop.post,
            answer_seconds=answer_seconds,
        )
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
        self._loop.start()

    def close(self) -> None:
        """End what sounds as shut down, write its end, and act no more; about a second at most."""
        self._playout.close()
        self._loop.close(_END_SECONDS)

    def ask(self, request: Request) -> Reply:
        """Do what ``request`` asks, or say why not; from any thread, within a second."""
        return self._answers.ask(request)

    def take(self, publication: Publication) -> None:
        """Put ``publication`` on air."""
        self._loop.post(lambda: self._take(publication))

    def take_bulletins(self, bulletins: Bulletins) -> None:
        """Have ``bulletins`` ready to be paged, in the place of those before."""
        self._loop.post(lambda: self._take_bulletins(bulletins))

    def rang(self) -> None:
        """Look at what is due: the alarm clock rang."""
        self._loop.post(self._has_rung)

    def clock_was_set(self) -> None:
        """Look at what is due by a clock that was set."""
        self._loop.post(self._clock_was_set)

    def press_short(self) -> None:
        """Confirm the time that waits for it, else play the earliest broadcast of today; the lamp blinks at neither."""
        self._loop.post(self._press_short)

    def press_long(self) -> None:
        """Stop, and be silent until the next cue."""
        self._loop.post(self._press_long)

    def contact_is(self, name: str, line: Line) -> None:
        """Take note that the line of a contact has settled to ``line``."""
        self._loop.post(lambda: self._calls.line_is(name, line))

    def look_at_contacts(self) -> None:
        """See how far the calls of contacts are, where one stands."""
        if self._calls.is_busy:
            self._loop.post(self._calls.look)

    def post(self, event: Callable[[], None]) -> None:
        """Have ``event`` done on the station's thread, in its turn."""
        self._loop.post(event)

    def settle(self) -> None:
        """Wait until all that was posted before has been done."""
        self._loop.settle()

    def slow_look(self) -> None:
        """Look at everything, whether or not anything has happened."""
        self._loop.look()

    def _playout_ended(self, number: int, result: Result) -> None:
        self._loop.post(lambda: self._has_ended(number, result))

    def _after_each(self) -> None:
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
        self._lamp.show(
            state_of(
                asks=self._clock_watch.proposal.waits,
                knows_the_time=not self._clock_watch.is_lost,
                button_had_nothing=self._clock.monotonic() < self._blinks_until,
                needs_a_person=bool(self._alarms.all() or self._surroundings.alarms()),
                sounds=self._on_air.current is not None,
            )
        )
