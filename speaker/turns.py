"""Whose turn it is when the loudspeaker is free: pages that wait, and what was cut. The rules are in docs/order.md.

Everything here runs on the station's one thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from box.clock import Clock
from box.sentences import Sentence
from programme.cues import Cue, Occurrence
from programme.model import AfterCut
from programme.publication import Publication
from speaker.airing import Outcome, Priority, Reason, Result, Rundown
from speaker.asrun.rows import Rows
from speaker.condition import Waiting
from speaker.limits import HardLimits
from speaker.order import MOST_PARTS, PAGE_WAITS, as_on_air, may_go_on_until, rest_of
from speaker.permission import Permission
from speaker.record import PRIORITY_NAMES
from speaker.run import Run, Turn
from speaker.script import Asker, Script

MOST_WAITING = 8
MOST_OF_ONE = 3  # pages of one person, program or button
LONGEST_PAUSE_SECONDS = 30.0  # nothing else begins while a page waits out so much of the installer's pause
CALM_SECONDS = 15.0  # after an emergency nothing else begins by itself: a contact may say it again after its gap
_JUST_AFTER = timedelta(milliseconds=1)
_SAME = Sentence("同样的内容正在播，或者已经在排队了", "the same is sounding or waiting already")
_FULL = Sentence(
    f"前面已经有 {MOST_WAITING} 个插播在排队，请等播掉几个再来",
    f"{MOST_WAITING} pages are waiting already; try again when some of them have sounded",
)
_ENOUGH = Sentence(
    f"您已经有 {MOST_OF_ONE} 个插播在排队，请等播掉一个再来",
    f"{MOST_OF_ONE} pages of yours are waiting already; try again when one has sounded",
)


@dataclass(frozen=True)
class Next:
    """What to do now: the turn that is to begin, if any, and when to look again.

    ``is_taken`` says that nothing else may begin: an emergency has just ended, or a page waits out the pause.
    """

    turn: Turn | None
    again: tuple[datetime, ...]
    is_taken: bool = False


@dataclass(frozen=True)
class _Cut:
    """What was cut: ``turn`` is what is left of it, ``result`` how it is on record if it does not go on."""

    turn: Turn
    result: Result


class Turns:
    """Keeps the pages that wait, and what was cut, and tells which of them is next."""

    def __init__(
        self,
        *,
        clock: Clock,
        rows: Rows,
        permission: Permission,
        limits: HardLimits,
        stage: Callable[[Script], Rundown],
    ) -> None:
        self._clock = clock
        self._rows = rows
        self._permission = permission
        self._limits = limits
        self._stage = stage
        self._waiting: list[Turn] = []
        self._cut: list[_Cut] = []  # a broadcast, and a page that cut it and was cut itself
        self._heard: dict[tuple[str, str], float] = {}
        self._calm_until = float("-inf")

    @property
    def held(self) -> frozenset[Occurrence]:
        """The occurrences that were cut and are to go on."""
        return frozenset(one.turn.occurrence for one in self._cut if one.turn.occurrence is not None)

    @property
    def scripts(self) -> tuple[Script, ...]:
        """What is said when its turn comes, in order."""
        return tuple(turn.script for turn in self._in_order())

    def told(self) -> tuple[Waiting, ...]:
        """Return what waits, in order, for the status."""
        return tuple(
            Waiting(
                priority=PRIORITY_NAMES[turn.script.priority],
                broadcast=turn.script.broadcast,
                title=turn.script.said[turn.script.said_before % len(turn.script.said)].title,
                who=turn.asker.who,
                was_cut=turn in (one.turn for one in self._cut),
            )
            for turn in self._in_order()
        )

    def ahead_of(self, priority: Priority) -> int:
        """Return how many of those that wait are heard before a page of ``priority`` that is asked for now."""
        return sum(turn.script.priority >= priority for turn in self._in_order())

    def hindrance(self, script: Script, asker: Asker, current: Run | None) -> Sentence | None:
        """Return why ``script`` may not wait, None if it may."""
        for turn in (*self._in_order(), *((current.turn,) if current else ())):
            if turn.occurrence is None and _is_same(turn, script, asker):
                return _SAME
        if len(self._waiting) >= MOST_WAITING:
            return _FULL
        if sum(_who(turn.asker) == _who(asker) for turn in self._waiting) >= MOST_OF_ONE:
            return _ENOUGH
        return None

    def wait(self, turn: Turn) -> None:
        """Let a page wait, whose row has been begun."""
        self._waiting.append(turn)

    def begins(self, turn: Turn) -> None:
        """Take note of who is heard now."""
        if turn.occurrence is None:
            waiting = {_who(one.asker) for one in self._waiting}
            self._heard = {who: when for who, when in self._heard.items() if who in waiting}
            self._heard[_who(turn.asker)] = self._clock.monotonic()

    def has_sounded(self, priority: Priority) -> None:
        """Take note that something of ``priority`` has just ended."""
        if priority is Priority.EMERGENCY:
            self._calm_until = self._clock.monotonic() + CALM_SECONDS

    def hold(self, run: Run, result: Result, cut_by: int, rule: AfterCut) -> bool:
        """Keep what is left of ``run``, which was cut by the row ``cut_by``; False where nothing of it goes on."""
        turn = run.turn
        parts = turn.parts_with(result, cut_by)
        rest = rest_of(turn.script, run.rundown, result.frames_played, rule)
        if rest is None or len(parts) > MOST_PARTS:
            return False
        left = replace(turn, script=rest, parts=parts, first=turn.first or (result if parts else None))
        ended = replace(turn.whole(result), outcome=Outcome.PRE_EMPTED, reason=Reason.HIGHER_PRIORITY)
        self._cut.append(_Cut(left, ended))  # first: also where the storage refuses, it is known here
        if parts:
            self._rows.hold(left, parts)
        return True

    def drop(self, reason: Reason) -> None:
        """Let nothing of it sound any more but an emergency that waits: somebody wants silence."""
        outcome = Outcome.REFUSED if reason is Reason.QUIET_REQUEST else Outcome.MISSED
        cut, waiting = self._cut, self._waiting
        self._cut = []
        self._waiting = [turn for turn in waiting if turn.script.priority is Priority.EMERGENCY]
        for one in cut:
            self._rows.has_ended(one.turn, replace(one.result, outcome=Outcome.CUT, reason=reason), one.turn.parts)
        for turn in waiting:
            if turn not in self._waiting:
                self._rows.has_ended(turn, Result(outcome, reason, 0, None, self._clock.now()))
        self._rows.write_what_was_not()

    def drop_row(self, row: int, reason: Reason) -> None:
        """Let what that row is of not sound any more."""
        for turn in self._in_order():
            if turn.row == row:
                self._close(turn, Outcome.MISSED, reason)

    def next(self, now: datetime, publication: Publication, cues: Sequence[Cue], current: Priority | None) -> Next:
        """Return which is next while ``current`` sounds (None: nothing), and close what has waited too long."""
        again = list(self._close_what_is_late(now, cues))
        calm = self._calm_until - self._clock.monotonic()
        is_taken = calm > 0
        if is_taken:
            again.append(now + timedelta(seconds=calm))
        for turn in self._in_order():
            if current is not None and current >= turn.script.priority:
                break
            if calm > 0 and turn.script.priority is not Priority.EMERGENCY:
                break
            script = as_on_air(turn.script, publication)
            reason = self._hindrance(turn, script, now) if script else Reason.UNKNOWN
            if reason is Reason.TOO_SOON:
                left = self._permission.page_gap_left()
                again.append(now + timedelta(seconds=left))
                is_taken = left <= LONGEST_PAUSE_SECONDS
                if is_taken:
                    break
            elif script is None or reason is not Reason.NONE:
                self._close(turn, Outcome.REFUSED, reason)
            else:
                self._forget(turn)
                return Next(replace(turn, script=script), tuple(again))
        return Next(None, tuple(again), is_taken)

    def _hindrance(self, turn: Turn, script: Script, now: datetime) -> Reason:
        goes_on = any(one.turn is turn for one in self._cut)
        return self._permission.may_sound(
            self._stage(script), now, above_quiet_hours=turn.above_quiet_hours, goes_on=goes_on
        )

    def _in_order(self) -> tuple[Turn, ...]:
        """Return all in the order of their turns, as it is now."""
        cut = {one.turn.script.priority: one.turn for one in self._cut}
        order = [*self._fairly(Priority.EMERGENCY)]
        order += [cut[Priority.PAGE]] if Priority.PAGE in cut else []
        order += self._fairly(Priority.PAGE)
        order += [cut[Priority.PROGRAMME]] if Priority.PROGRAMME in cut else []
        return tuple(order)

    def _fairly(self, priority: Priority) -> Iterator[Turn]:
        """Yield the pages of ``priority``: whoever was heard longest ago first, then whoever asked first."""
        left = [turn for turn in self._waiting if turn.script.priority is priority]
        heard = dict(self._heard)
        latest = max(heard.values(), default=0.0)
        while left:
            turn = min(left, key=lambda one: heard.get(_who(one.asker), float("-inf")))
            left.remove(turn)
            latest += 1.0
            heard[_who(turn.asker)] = latest
            yield turn

    def _close_what_is_late(self, now: datetime, cues: Sequence[Cue]) -> Iterator[datetime]:
        """Close what has waited too long, and yield when the next will have."""
        known = {cue.occurrence: cue for cue in cues}
        for turn in self._in_order():
            cue = known.get(turn.occurrence) if turn.occurrence else None
            if turn.occurrence is None:
                until = now + timedelta(seconds=turn.asked - self._clock.monotonic()) + PAGE_WAITS
                until += timedelta(seconds=turn.seconds_before)
            elif cue is None:
                self._close(turn, Outcome.CUT, Reason.UNKNOWN)
                continue
            else:
                until = may_go_on_until(cue, turn.frames_before, self._limits)
                until = (
                    until if cue.due <= now else now - _JUST_AFTER
                )  # the clock was set back: it was then begun early
            if now > until:
                self._close(turn, Outcome.MISSED, Reason.BUSY)
            else:
                yield until + _JUST_AFTER

    def _close(self, turn: Turn, outcome: Outcome, reason: Reason) -> None:
        """End ``turn``; what was cut is on record as pre-empted where it only waited too long."""
        cut = next((one for one in self._cut if one.turn is turn), None)
        if cut is None:
            self._close_waiting(turn, outcome, reason)
        elif reason is Reason.BUSY:
            self._close_cut(cut, Outcome.PRE_EMPTED, Reason.HIGHER_PRIORITY)
        else:
            self._close_cut(cut, Outcome.CUT, reason)

    def _close_cut(self, cut: _Cut, outcome: Outcome, reason: Reason) -> None:
        self._forget(cut.turn)
        self._rows.end(cut.turn, replace(cut.result, outcome=outcome, reason=reason), cut.turn.parts)

    def _close_waiting(self, turn: Turn, outcome: Outcome, reason: Reason) -> None:
        self._forget(turn)
        self._rows.end(turn, Result(outcome, reason, 0, None, self._clock.now()))

    def _forget(self, turn: Turn) -> None:
        self._waiting = [one for one in self._waiting if one is not turn]
        self._cut = [one for one in self._cut if one.turn is not turn]


def _who(asker: Asker) -> tuple[str, str]:
    return asker.origin, asker.who


def _is_same(turn: Turn, script: Script, asker: Asker) -> bool:
    other = turn.script
    return (other.broadcast, other.said, other.priority, _who(turn.asker)) == (
        script.broadcast,
        script.said,
        script.priority,
        _who(asker),
    )
