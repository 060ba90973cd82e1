"""What is done at each request of the socket, and what is answered, in time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Lock

from box.clock import Clock
from box.sentences import Sentence
from speaker.airing import Reason
from speaker.alarms import FAULT
from speaker.asrun.database import LogUnwritable
from speaker.asrun.log import AsRunLog
from speaker.clock_watch import ClockWatch
from speaker.contacts.calls import Calls
from speaker.on_air import OnAir
from speaker.paging import Pages
from speaker.protocol import (
    BEGUN_SECONDS,
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
from speaker.telling import Telling
from speaker.words import refused

ANSWER_SECONDS = 1.0
_TOO_BUSY = Sentence("播音程序正忙，请过几秒再试", "the speaker is busy; try again in a few seconds")


@dataclass(frozen=True)
class Answers:
    """Who has to act on a request. They are the station's, so ``post`` has it done on the station's thread."""

    on_air: OnAir
    pages: Pages
    calls: Calls
    telling: Telling
    clock_watch: ClockWatch
    log: AsRunLog
    clock: Clock
    post: Callable[[Callable[[], None]], None]
    answer_seconds: float

    def ask(self, request: Request) -> Reply:
        """Have done what ``request`` asks, or say why not; from any thread, within ``answer_seconds``.

        Who is told that the speaker is too busy for a page may ask again: the page does not sound. So one that was
        begun in time is waited for, however slow the storage is.
        """
        if isinstance(request, AskRecords):
            return self.log.records(request)
        replies: SimpleQueue[Reply] = SimpleQueue()
        turn = Lock()  # has whoever comes first: the station, which begins, or the asker, who gives up
        waits_until = self.clock.monotonic() + self.answer_seconds
        self.post(lambda: self._reply(request, replies, waits_until, turn))
        try:
            return replies.get(timeout=self.answer_seconds)
        except Empty:
            pass
        try:
            if isinstance(request, Play) and not turn.acquire(blocking=False):
                return replies.get(timeout=BEGUN_SECONDS)
        except Empty:
            pass
        return refused(Reason.BUSY, _TOO_BUSY)

    def _reply(self, request: Request, replies: SimpleQueue[Reply], waits_until: float, turn: Lock) -> None:
        if isinstance(request, Play) and (self.clock.monotonic() >= waits_until or not turn.acquire(blocking=False)):
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
            reply = self.pages.play(request)
            self.on_air.look()
            return reply
        if isinstance(request, Stop):
            self.calls.silence()
            self.on_air.stop(Reason.STOPPED)
            return Done()
        if isinstance(request, ProposeTime):
            hindrance = self.clock_watch.proposal.propose(request.instant)
            return Done() if hindrance is None else refused(Reason.NONE, hindrance)
        if isinstance(request, BeQuiet | EndQuiet):
            return self._be_quiet(request)
        if isinstance(request, AskStatus):
            return self.telling.status()
        return self.log.records(request)

    def _be_quiet(self, request: BeQuiet | EndQuiet) -> Reply:
        if self.clock_watch.is_lost:
            return refused(Reason.CLOCK_UNTRUSTED)
        quiet = self.on_air.quiet
        hindrance = quiet.ask(request) if isinstance(request, BeQuiet) else quiet.end()
        if quiet.standing() is not None:
            self.on_air.quiet_was_asked()
        self.on_air.look()
        return Done() if hindrance is None else refused(Reason.NONE, hindrance)
