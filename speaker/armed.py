"""The armed page: asked for an instant up to a minute ahead, and kept until the playout arms it. One at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from box.clock import Clock
from box.sentences import Sentence
from programme.publication import Publication
from speaker.airing import Outcome, Reason, Result
from speaker.asrun.log import AsRunLog
from speaker.condition import ArmedPage
from speaker.order import as_on_air
from speaker.run import Turn
from speaker.script import Script

SWITCH_EARLY = timedelta(seconds=1.2)  # as the playout needs it with a lead-in of 0.5 s, where something is heard
FURTHEST = timedelta(seconds=60)  # who asks from further away asks again: a clock that is set meanwhile counts less
_SLACK = timedelta(seconds=5)  # a time server may set the clock back by so much while it waits
_LATEST = timedelta(seconds=1)  # what could not start by then was overtaken: the clock was set, the machine slept

TOO_FAR = Sentence("约定的播出时刻最多只能在一分钟以后", "the instant to start at may be a minute ahead, not more")
ARMED_ALREADY = Sentence("已经有一条在等着按时播出，请先停止它", "another page is armed already; stop that one first")


@dataclass(frozen=True)
class Early:
    """How long before its instant the page is handed to the playout: in silence, and where something is heard."""

    in_silence: timedelta
    when_heard: timedelta


@dataclass(frozen=True)
class Waiting:
    """What waits: what is to be said, with its open row of the as-run log, and at which instant."""

    turn: Turn
    at: datetime


class Armed:
    """The one page that waits for its instant.

    ``why_not`` tells what forbids a script at an instant, ``start`` hands it to the playout with its row. Both are
    asked ``early`` before the instant, so a limit counts as it is then, whatever was said when it was armed. Where
    something ``is_heard``, it goes on until its fade is due.
    """

    def __init__(
        self,
        log: AsRunLog,
        clock: Clock,
        *,
        why_not: Callable[[Script, datetime], Reason],
        start: Callable[[Turn], None],
        is_heard: Callable[[], object],
        early: Early,
    ) -> None:
        self._log = log
        self._clock = clock
        self._why_not = why_not
        self._start = start
        self._early = early
        self._is_heard = is_heard
        self.waiting: Waiting | None = None

    def put(self, turn: Turn, at: datetime) -> None:
        """Let ``turn`` wait for ``at``; what waited before must have been cancelled."""
        self.waiting = Waiting(turn, at)

    def cancel(self, outcome: Outcome, reason: Reason) -> None:
        """Let what waits not sound, and write so; nothing if nothing waits."""
        waiting, self.waiting = self.waiting, None
        if waiting is not None:
            self._log.end(waiting.turn.row, Result(outcome, reason, 0, None, self._clock.now()))

    def look(self, now: datetime, publication: Publication | None) -> list[datetime]:
        """Start what waits if it is time, as far as ``publication`` still has it; return when to look again for it."""
        waiting = self.waiting
        if waiting is None:
            return []
        start = waiting.at - (self._early.when_heard if self._is_heard() else self._early.in_silence)
        if now > waiting.at + _LATEST:
            self.cancel(Outcome.MISSED, Reason.TOO_LATE)
        elif waiting.at > now + FURTHEST + _SLACK:
            self.cancel(Outcome.MISSED, Reason.CLOCK_UNTRUSTED)
        elif start > now:
            return [start]
        elif publication is None or (script := as_on_air(waiting.turn.script, publication)) is None:
            self.cancel(Outcome.REFUSED, Reason.UNKNOWN)
        elif (reason := self._why_not(script, max(now, waiting.at))) is not Reason.NONE:
            self.cancel(Outcome.REFUSED, reason)
        else:
            self.waiting = None
            self._start(replace(waiting.turn, script=script))
        return []

    def status(self) -> ArmedPage | None:
        """Return what waits, as the status tells it."""
        waiting = self.waiting
        if waiting is None:
            return None
        titles = "、".join(message.title for message in waiting.turn.script.messages)
        return ArmedPage(at=waiting.at, airing=waiting.turn.row, title=titles)
