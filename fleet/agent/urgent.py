"""What is urgent: made ready, armed for its instant, followed to its end, and taken back at a word."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Lock, Thread

from box.clock import Clock
from box.sentences import Sentence, XiaolabaError
from fleet.agent.audio import AudioAway, GivenUp
from fleet.agent.board import Board
from fleet.agent.clips import Clips
from fleet.agent.following import PATIENCE_SECONDS, Followed, Following
from fleet.agent.speaker import Speaker
from fleet.wire.accounts import What
from fleet.wire.documents import Announcement, Order, Prepare, Say, Stop
from speaker.airing import Reason
from speaker.client import SpeakerAway
from speaker.protocol import Refused

ARM_WITHIN = timedelta(seconds=50)  # the speaker takes an instant of up to a minute ahead
SOON = timedelta(milliseconds=100)  # an instant nearer than that can't be armed for: it is played at once
LOOK_SECONDS = 0.2
BUSY_TRIES = 5  # a speaker that is too busy for a page says so after a second
RETRY_SECONDS = 2.0
PREPARE_FOR = timedelta(minutes=15)  # so long a clip is tried to be had before anybody has said when it is to sound
MOST_AT_ONCE = 8
_LOG = logging.getLogger(__name__)

TOO_LATE = Sentence("收到得太晚，过了时刻，没有播", "it came too late after its instant, and was not aired")
TOO_MANY = Sentence("同时要办的紧急广播太多", "there are too many urgent announcements at once")
NOT_TAKEN = Sentence("播音程序没有接收这段声音", "the speaker did not take the clip")


@dataclass(frozen=True)
class Outcome:
    """What became of an urgent order, as it is reported."""

    counter: int
    urgent: str | None
    what: What
    why: Sentence | None = None
    lateness_ms: float | None = None
    airing: int | None = None


class Urgent:
    """Works on each order on a thread of its own; ``Stop`` is done by whoever brings it, at once.

    ``pause`` waits that many seconds. A ``Stop`` counts for every order of a lower counter, also one that is still
    being fetched; that it comes after its ``Say`` on another thread changes nothing.
    """

    def __init__(
        self,
        *,
        clips: Clips,
        board: Board,
        speaker: Speaker,
        clock: Clock,
        tell: Callable[[Outcome], None],
        following: Following,
        pause: Callable[[float], None] | None = None,
    ) -> None:
        self._clips = clips
        self._board = board
        self._speaker = speaker
        self._clock = clock
        self._tell = tell
        self._following = following
        self._ended = Event()
        self._pause = pause or self._ended.wait
        self._lock = Lock()  # between "is it stopped?" and the word to the speaker
        self._stops: list[tuple[int, str | None]] = []
        self._unanswered: dict[str, float] = {}  # what was handed to a speaker that said nothing to it, and until when
        self._at_work = 0

    def take(self, order: Order, *, again: bool) -> None:
        """Do what ``order`` says. What came ``again`` is not said twice; to fetch and to stop twice harms nobody."""
        match order.does:
            case Stop():
                self._stop(order.counter, order.does)
            case Say() if again:
                return
            case Prepare() | Say():
                self._begin(order, order.does)

    def go_on(self) -> None:
        """Follow what was sounding when this process ended."""
        followed = self._following.kept()
        if followed is not None:
            self._on_a_thread(lambda: self._follow(followed))

    def end(self) -> None:
        """Wait for nothing any more; what the speaker has armed stays armed."""
        self._ended.set()

    def work(self, order: Order) -> None:
        """Do all that ``order`` (Prepare or Say) asks, and report it."""
        match order.does:
            case Prepare() as prepare:
                self._prepare(order.counter, prepare)
            case Say() as say:
                self._say(order.counter, say)

    def _begin(self, order: Order, does: Prepare | Say) -> None:
        with self._lock:
            if self._at_work >= MOST_AT_ONCE:
                self._report(order.counter, does.urgent, What.REFUSED, TOO_MANY)
                return
        self._on_a_thread(lambda: self.work(order))

    def _on_a_thread(self, work: Callable[[], None]) -> None:
        def run() -> None:
            try:
                work()
            except Exception:  # noqa: BLE001 - the trace is in the log, and the next order must be followed
                _LOG.exception("an urgent order failed")
            finally:
                with self._lock:
                    self._at_work -= 1

        with self._lock:
            self._at_work += 1
        Thread(target=run, name="urgent", daemon=True).start()

    def _prepare(self, counter: int, prepare: Prepare) -> None:
        until = self._clock.monotonic() + PREPARE_FOR.total_seconds()
        try:
            ready = self._bring(
                prepare.urgent, prepare.announcement, lambda: self._goes_on(counter, prepare.urgent, until)
            )
        except (XiaolabaError, OSError) as error:
            self._refuse(counter, prepare.urgent, _sentence(error))
            return
        if ready is not None:
            self._report(counter, prepare.urgent, What.READY)

    def _say(self, counter: int, say: Say) -> None:
        latest = say.starts_at + timedelta(seconds=say.late_ok_seconds)
        until = self._clock.monotonic() + (latest - self._clock.now()).total_seconds()
        bulletin = None
        try:
            if until > self._clock.monotonic():
                goes_on = lambda: self._goes_on(counter, say.urgent, until)  # noqa: E731 - it is handed on as it is
                bulletin = self._bring(say.urgent, say.announcement, goes_on)
                self._wait_for(say.starts_at - ARM_WITHIN, goes_on)
        except (XiaolabaError, OSError) as error:
            self._refuse(counter, say.urgent, _sentence(error))
            return
        if self._is_stopped(counter, say.urgent):
            return  # whoever stopped it has reported so
        if bulletin is None or self._clock.now() > latest:
            self._report(counter, say.urgent, What.TOO_LATE, TOO_LATE)
            return
        followed = self._play(counter, say, bulletin, latest)
        if followed is not None:
            self._follow(followed)

    def _bring(self, urgent: str, announcement: Announcement, goes_on: Callable[[], bool]) -> str | None:
        """Have the clip here and taken by the speaker; return the bulletin's id, None when it no longer goes on.

        A speaker that is just starting anew, or too busy to say how it is, is waited for. Raises SpeakerAway where it
        was away to the end.
        """
        away: SpeakerAway | None = None
        while goes_on():
            try:
                self._clips.bring(announcement.clip, announcement.frames, announcement.travels, goes_on)
                bulletin = self._board.put(urgent, announcement)
            except GivenUp:
                return None
            except AudioAway as error:
                _LOG.info("%s", error)
                self._pause(RETRY_SECONDS)
                continue
            while goes_on():
                try:
                    if bulletin in self._speaker.status().bulletins:
                        return bulletin
                    away = None
                except SpeakerAway as error:
                    away = error
                self._pause(LOOK_SECONDS)
        if away is not None:
            raise away
        return None

    def _wait_for(self, instant: datetime, goes_on: Callable[[], bool]) -> None:
        while goes_on() and (left := (instant - self._clock.now()).total_seconds()) > 0:
            self._pause(min(left, 1.0))

    def _play(self, counter: int, say: Say, bulletin: str, latest: datetime) -> Followed | None:
        """Hand it to the speaker, more than once where that is too busy for it, and report what came of that."""
        reply = self._hand_over(counter, say, bulletin)
        for _ in range(BUSY_TRIES):
            if not isinstance(reply, Refused) or reply.reason is not Reason.BUSY:
                break
            self._pause(LOOK_SECONDS)
            if self._clock.now() > latest:
                break
            reply = self._hand_over(counter, say, bulletin)
        if isinstance(reply, Refused):
            self._refuse(counter, say.urgent, Sentence(reply.zh, reply.en))
            return None
        if reply is not None:
            self._report(counter, say.urgent, What.ARMED, airing=reply.airing)
        return reply

    def _hand_over(self, counter: int, say: Say, bulletin: str) -> Followed | Refused | None:
        """Hand it to the speaker, unless it was stopped meanwhile: None."""
        with self._lock:
            if (counter, say.urgent) in self._stopped_orders(counter, say.urgent):
                return None
            ahead = say.starts_at - self._clock.now() > SOON
            try:
                reply = self._speaker.play(
                    bulletin=bulletin,
                    priority=say.priority,
                    origin="fleet",
                    who=say.who,
                    volume_percent=say.volume_percent,
                    repeat=say.repeat,
                    occasion=say.occasion,
                    at=say.starts_at if ahead else None,
                )
            except SpeakerAway as error:  # it may have it all the same: nobody answered
                until = say.starts_at - self._clock.now() + timedelta(seconds=PATIENCE_SECONDS)
                self._unanswered[say.urgent] = self._clock.monotonic() + until.total_seconds()
                return Refused(reason=Reason.NONE, zh=error.sentence.zh, en=error.sentence.en)
            if isinstance(reply, Refused):
                return reply
            if reply.airing is None:
                return Refused(reason=Reason.NONE, zh=NOT_TAKEN.zh, en=NOT_TAKEN.en)
            seconds = say.announcement.frames / 48_000 * say.repeat
            followed = Followed(
                counter=counter, urgent=say.urgent, airing=reply.airing, starts_at=say.starts_at, seconds=seconds
            )
            self._following.begin(followed)
            return followed

    def _follow(self, followed: Followed) -> None:
        for step in self._following.steps(followed, self._pause, self._ended.is_set):
            self._report(
                followed.counter,
                followed.urgent,
                step.what,
                step.why,
                lateness_ms=step.lateness_ms,
                airing=followed.airing,
            )

    def _stop(self, counter: int, stop: Stop) -> None:
        why = None
        with self._lock:
            self._stops = [*self._stops[-19:], (counter, stop.urgent)]
            now = self._clock.monotonic()
            self._unanswered = {urgent: until for urgent, until in self._unanswered.items() if now < until}
            perhaps = {urgent for urgent in self._unanswered if stop.urgent in {None, urgent}}
            if perhaps or self._following.in_hand(stop.urgent):
                try:
                    self._speaker.stop(who=stop.who)
                    for urgent in perhaps:
                        del self._unanswered[urgent]
                except SpeakerAway as error:
                    why = error.sentence
        self._report(counter, stop.urgent, What.REFUSED if why else What.STOPPED, why)

    def _stopped_orders(self, counter: int, urgent: str) -> set[tuple[int, str]]:
        stopped = any(at > counter and named in {None, urgent} for at, named in self._stops)
        return {(counter, urgent)} if stopped else set()

    def _is_stopped(self, counter: int, urgent: str) -> bool:
        with self._lock:
            return bool(self._stopped_orders(counter, urgent))

    def _goes_on(self, counter: int, urgent: str, until: float) -> bool:
        past = self._clock.monotonic() > until
        return not past and not self._ended.is_set() and not self._is_stopped(counter, urgent)

    def _refuse(self, counter: int, urgent: str, why: Sentence) -> None:
        """Report that it can't be; what was stopped meanwhile stays told as stopped."""
        if not self._is_stopped(counter, urgent):
            self._report(counter, urgent, What.REFUSED, why)

    def _report(
        self,
        counter: int,
        urgent: str | None,
        what: What,
        why: Sentence | None = None,
        *,
        lateness_ms: float | None = None,
        airing: int | None = None,
    ) -> None:
        self._tell(Outcome(counter, urgent, what, why, lateness_ms, airing))


def _sentence(error: XiaolabaError | OSError) -> Sentence:
    if isinstance(error, XiaolabaError):
        return error.sentence
    reason = error.strerror or str(error)
    return Sentence(f"存储卡写不进去：{reason}", f"the storage refuses to be written: {reason}")
