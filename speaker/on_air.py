"""What sounds: the decision of what is due turned into rows of the as-run log and rundowns for the playout.

Everything here runs on the station's one thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from box.clock import Clock
from programme.bulletins import Bulletins
from programme.cues import Cue
from programme.publication import Publication
from speaker.airing import Outcome, Playout, Priority, Reason, Result, Rundown
from speaker.alarm_clock import AlarmClock
from speaker.armed import SWITCH_EARLY, Armed, Early
from speaker.asrun.ledger import NEVER
from speaker.asrun.log import AsRunLog, Entry
from speaker.asrun.rows import Rows
from speaker.card_watch import CardWatch
from speaker.due import Owed, decide
from speaker.ending import Ending
from speaker.entries import entry_of
from speaker.in_hand import InHand
from speaker.limits import HardLimits
from speaker.lookback import LookBack, days_around
from speaker.order import as_on_air, rule_of
from speaker.permission import Permission
from speaker.quiet_request import QuietRequests
from speaker.run import Run, Turn
from speaker.script import SCHEDULE, Asker, Script, local_day, script_of_cue
from speaker.timings import timings_of
from speaker.trust.keeper import ClockTrust
from speaker.trust.states import Trust
from speaker.turns import Next, Turns

ARM_EARLY = timedelta(seconds=3)  # the playout opens the card 2 s before, and the row is written before that
RETRY_SECONDS = 3.0  # between two attempts to open a card that is not there
# The days that are looked at reach to the end of tomorrow: half a day from now they reach a day on.
_LOOK_AHEAD = timedelta(hours=12)

Timetable = Callable[[Publication, date], tuple[Cue, ...]]
Stage = Callable[[Script], Rundown]
Ended = Callable[[int, Result], None]


class OnAir:
    """Airs what is due, within the limits and once, and whatever else it is given to sound.

    ``ended`` is handed each run's number and result on the playout's thread; it must bring them back to
    ``has_ended`` on the station's.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        trust: ClockTrust,
        playout: Playout,
        log: AsRunLog,
        limits: HardLimits,
        quiet: QuietRequests,
        timetable: Timetable,
        stage: Stage,
        alarm_clock: AlarmClock,
        card: CardWatch,
        ended: Ended,
        arm_early: timedelta = ARM_EARLY,
        switch_early: timedelta = SWITCH_EARLY,
    ) -> None:
        self._arm_early = arm_early
        self._clock = clock
        self._trust = trust
        self._look_back = LookBack(clock, trust.seen_before)
        self._playout = playout
        self._log = log
        self._limits = limits
        self.quiet = quiet
        self._timetable = timetable
        self._stage = stage
        self._alarm_clock = alarm_clock
        self._card = card
        self._in_hand = InHand(playout=playout, clock=clock, limits=limits, stage=stage, ended=ended, early=arm_early)
        self._ending = Ending(log, clock, self._in_hand)
        self._permission = Permission(clock, log, limits, self._knows_the_time, self._in_hand.position)
        self._rows = Rows(log, clock)
        self.turns = Turns(clock=clock, rows=self._rows, permission=self._permission, limits=limits, stage=stage)
        self._retry_at: float | None = None
        self._silent_since: datetime | None = None
        self._grace = timedelta()
        heard, early = self._in_hand.position, Early(arm_early, switch_early)
        self.armed = Armed(log, clock, why_not=self._why_not_armed, start=self._start, is_heard=heard, early=early)
        self.publication: Publication | None = None
        self.bulletins = Bulletins(messages=())

    @property
    def current(self) -> Run | None:
        """What sounds or is armed."""
        return self._in_hand.current

    @property
    def is_silenced(self) -> bool:
        """Whether somebody has silenced the box until the next cue."""
        return self._silent_since is not None

    @property
    def clips_in_use(self) -> frozenset[str]:
        """The clips of what is in hand, by their sha256."""
        waiting = self.armed.waiting
        armed = (waiting.turn.script,) if waiting else ()
        scripts = (*self._in_hand.scripts, *self.turns.scripts, *armed)
        return frozenset(message.clip for script in scripts for message in script.messages)

    def take(self, publication: Publication) -> None:
        """Put ``publication`` on air; what sounds goes on, what is only armed with words of before is taken back."""
        self._log.owe(timings_of(publication), self._clock.now() if self._knows_the_time() else NEVER)
        self.publication = publication
        self._in_hand.take_back(lambda script: as_on_air(script, publication) != script)

    def look(self) -> None:
        """Do what is due now, and set the alarm clock to the next instant to look."""
        if not self._knows_the_time():
            self._be_quiet()
            return
        now = self._clock.now()
        self._look_back.time_is_known(now)
        instants: list[datetime] = []
        try:
            instants += self.armed.look(now, self.publication)
            instants += self._ending.look(now)
            instants += self._do_what_is_due(now)
        finally:  # also where the log can't be written: what sounds must end before the quiet hours
            instants += self._in_hand.keep_the_quiet_hours(now)
            if instants:
                self._alarm_clock.set(min(instants), self._grace)

    def _do_what_is_due(self, now: datetime) -> list[datetime]:
        """Air or arm what is due, and write off what will not be aired; return when to look again for it."""
        self._log.know_nothing_after(now)
        self._rows.write_what_was_not()
        publication = self.publication
        days = self._look_back.days(publication, now) if publication else ()
        cues = self._cues_of(days)
        sounding = self._in_hand.occurrences | self.turns.held
        decision = decide(
            cues,
            self._log.ledger(days),
            self._limits,
            now,
            in_hand=sounding | self._rows.in_hand,
            silent_since=self._silent_since,
            untrusted_from=self._look_back.untrusted_from,
            quiet=self.quiet.last,
        )
        for one in decision.not_aired:
            self._write_off(one.cue, one.attempt, one.outcome, one.reason)
        self._rows.write_off_all_but({cue.occurrence for cue in cues} | sounding, days)
        if publication is not None:
            self._look_back.has_judged(now)
        self._grace = decision.first.cue.grace if decision.first else timedelta()
        instants = [now + _LOOK_AHEAD, *([decision.again] if decision.again else [])]
        free = self.turns.next(now, publication, cues, self._in_hand.priority) if publication else Next(None, ())
        instants += free.again
        if free.turn is not None:
            self._start(free.turn)
        if decision.first is not None:
            instants += self._approach(decision.first, now, is_taken=free.is_taken)
        if self.current is not None or free.is_taken:
            self._rows.wait_for_others(decision.owed, self._in_hand.occurrences, now + self._arm_early)
        return instants

    def cues(self, now: datetime) -> tuple[Cue, ...]:
        """Return the cues of yesterday, today and tomorrow."""
        return self._cues_of(days_around(self.publication, now)) if self.publication else ()

    def why_not(self, script: Script, *, instant: datetime | None = None, above_quiet_hours: bool = False) -> Reason:
        """Return what forbids ``script`` at ``instant`` (None: now), ``Reason.NONE`` if nothing does."""
        at = instant or self._clock.now()
        reason = self._permission.may_sound(self._stage(script), at, above_quiet_hours=above_quiet_hours)
        hushed = self.quiet.standing() if instant is None else self.quiet.last
        if hushed is not None and hushed.covers(at) and script.priority is not Priority.EMERGENCY:
            return Reason.QUIET_REQUEST
        return reason

    def sound(self, script: Script, asker: Asker, *, above_quiet_hours: bool = False) -> int:
        """Sound ``script`` now, in the place of what sounds; return its row. The limits have been asked."""
        turn = self._page(script, asker, above_quiet_hours=above_quiet_hours)
        self._start(turn)
        return turn.row

    def ahead_of(self, priority: Priority) -> int:
        """Return how many are to be heard before a page of ``priority``; none, if it may sound at once."""
        current = self._in_hand.priority
        return (current is not None and current >= priority) + self.turns.ahead_of(priority)

    def wait(self, script: Script, asker: Asker, *, above_quiet_hours: bool = False) -> int:
        """Let ``script`` wait for its turn; return its row. Whether it may was asked."""
        turn = self._page(script, asker, above_quiet_hours=above_quiet_hours)
        self.turns.wait(turn)
        return turn.row

    def arm(self, script: Script, asker: Asker, at: datetime) -> int:
        """Let ``script`` sound at the instant ``at``; return its row. The limits have been asked."""
        script = replace(script, due=at)
        turn = self._page(script, asker, above_quiet_hours=False)
        self.armed.put(turn, at)
        return turn.row

    def not_sounded(self, script: Script, asker: Asker, outcome: Outcome, reason: Reason) -> None:
        """Write that ``script`` was asked for and did not sound."""
        self._log.not_sounded(self._entry(script, asker, self._today()), outcome, reason)

    def stop(self, reason: Reason) -> None:
        """End what sounds or waits for its instant, what was cut, and pages that wait; an armed cue is the next cue."""
        self._in_hand.stop(reason)
        self.turns.drop(reason)
        self.armed.cancel(Outcome.CUT, reason)

    def stop_row(self, row: int, reason: Reason) -> None:
        """End what sounds or waits for its turn if it is that row's, and nothing else."""
        self._in_hand.stop_row(row, reason)
        self.turns.drop_row(row, reason)

    def silence(self) -> None:
        """End what sounds, and let nothing sound before the next cue; one that waits is not aired any more."""
        self._silent_since = self._clock.now()
        self.stop(Reason.STOPPED)

    def end_silence(self) -> None:
        """Let pages sound again."""
        self._silent_since = None

    def quiet_was_asked(self) -> None:
        """End what sounds, what was cut and pages that wait, and take back what is armed, but no emergency."""
        self._in_hand.hush()
        self.turns.drop(Reason.QUIET_REQUEST)

    def clock_was_set(self) -> None:
        """Take back what is armed for an instant that is another now; ``look`` arms it anew."""
        self._in_hand.take_back(lambda script: script.due is not None)

    def has_ended(self, number: int, result: Result) -> None:
        """Write what became of the run ``number``, or keep its row open where nothing sounded and it is owed."""
        ended = self._in_hand.end(number)
        run, cut_by = ended.run, ended.cut_by
        self._permission.has_sounded(run.priority, result.frames_played)
        self.turns.has_sounded(run.priority)
        self._card.learn(result)
        if ended.recalled and run.occurrence is None and run.script.due is not None and result.frames_played == 0:
            self.armed.put(run.turn, run.script.due)
            return
        if run.occurrence is not None and result.frames_played == 0 and not run.turn.parts:
            waits_for = self._rows.stays_open(run.occurrence, result.reason)
            if waits_for is Reason.CARD_MISSING:
                self._retry_at = self._clock.monotonic() + RETRY_SECONDS
            if waits_for is not None or ended.recalled:
                return
        if cut_by is None or result.reason is not Reason.HIGHER_PRIORITY:
            self._rows.end(run.turn, run.turn.whole(result), run.turn.parts_with(result))
        elif not self.turns.hold(run, result, cut_by, rule_of(run.occurrence, self.publication)):
            self._rows.end(run.turn, run.turn.whole(result), run.turn.parts_with(result, cut_by))

    def note_position(self) -> None:
        """Write how far the airing is, for the case that power goes."""
        position = self._in_hand.position()
        if position is not None:
            self._log.note(*position)

    def is_overdue(self) -> bool:
        """Tell whether what is in hand should have ended long ago: the playout hangs."""
        return self._in_hand.is_overdue()

    def _entry(self, script: Script, asker: Asker, day: date, attempt: int = 1) -> Entry:
        revision = self.publication.revision if self.publication else ""
        return entry_of(script, self._stage(script), asker, day, attempt, revision, self._trust.trust)

    def _cues_of(self, days: Iterable[date]) -> tuple[Cue, ...]:
        publication = self.publication
        return tuple(cue for day in days for cue in self._timetable(publication, day)) if publication else ()

    def _knows_the_time(self) -> bool:
        return self._trust.trust is not Trust.UNTRUSTED

    def _be_quiet(self) -> None:
        """End what sounds or is armed: nobody knows whether it is night."""
        self._look_back.time_is_unknown()
        self._playout.stop(Reason.CLOCK_UNTRUSTED)
        self.armed.cancel(Outcome.REFUSED, Reason.CLOCK_UNTRUSTED)
        self._rows.write_what_was_not()

    def _approach(self, first: Owed, now: datetime, *, is_taken: bool) -> list[datetime]:
        """Air or arm ``first`` if it is time; return when to look again for it."""
        arm = first.cue.due.astimezone(UTC) - self._arm_early  # in a zone with summer time the sum could be an hour out
        if arm > now:
            return [arm]
        if self.current is not None or is_taken:
            return []
        if self._retry_at is not None:
            wait = self._retry_at - self._clock.monotonic()
            if wait > 0:
                return [now + timedelta(seconds=wait)]
            self._retry_at = None
        return [] if self._air(first, now) else [now]

    def _air(self, owed: Owed, now: datetime) -> bool:
        publication = self.publication
        if publication is None:
            return False
        cue = owed.cue
        script = script_of_cue(publication, cue)
        reason = self._permission.may_sound(self._stage(script), max(now, cue.due.astimezone(UTC)))
        if reason is not Reason.NONE:
            self._write_off(cue, owed.attempt, Outcome.REFUSED, reason)
            return False
        entry = self._entry(script, SCHEDULE, cue.occurrence.day, owed.attempt)
        row = self._rows.begin(entry, cue.occurrence)
        self._silent_since = None
        self._start(Turn(row, script, SCHEDULE, self._clock.monotonic(), occurrence=cue.occurrence))
        return True

    def _page(self, script: Script, asker: Asker, *, above_quiet_hours: bool) -> Turn:
        row = self._log.begin(self._entry(script, asker, self._today()))
        return Turn(row, script, asker, self._clock.monotonic(), above_quiet_hours=above_quiet_hours)

    def _start(self, turn: Turn) -> None:
        self.turns.begins(turn)
        self._in_hand.start(turn)

    def _why_not_armed(self, script: Script, instant: datetime) -> Reason:
        if self.current is not None and self.current.priority >= script.priority:
            return Reason.BUSY
        if self.is_silenced and script.priority is not Priority.EMERGENCY:
            return Reason.STOPPED
        return self.why_not(script, instant=instant)

    def _write_off(self, cue: Cue, attempt: int, outcome: Outcome, reason: Reason) -> None:
        if self.publication is None:
            return
        script = script_of_cue(self.publication, cue)
        entry = self._entry(script, self.quiet.asker(reason), cue.occurrence.day, attempt)
        self._rows.write_off(entry, cue.occurrence, outcome, reason)

    def _today(self) -> date:
        now = self._clock.now()
        return local_day(self.publication, now) if self.publication else now.astimezone(ZoneInfo("UTC")).date()
