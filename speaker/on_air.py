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
from programme.cues import Cue, Occurrence
from programme.publication import Publication
from speaker.airing import Outcome, Playout, Priority, Reason, Result, Rundown
from speaker.alarm_clock import AlarmClock
from speaker.armed import Armed
from speaker.asrun.ledger import NEVER
from speaker.asrun.log import AsRunLog, Entry
from speaker.asrun.rows import Rows
from speaker.card_watch import CardWatch
from speaker.due import Owed, decide
from speaker.limits import HardLimits
from speaker.lookback import LookBack, days_around
from speaker.permission import Permission
from speaker.quiet_request import QuietRequests
from speaker.run import Run
from speaker.script import SCHEDULE, Asker, Script, local_day, script_of_cue
from speaker.timings import timings_of
from speaker.trust.keeper import ClockTrust
from speaker.trust.states import Trust

ARM_EARLY = timedelta(seconds=3)  # the playout opens the card 2 s before, and the row is written before that
RETRY_SECONDS = 3.0  # between two attempts to open a card that is not there
_NEARLY_SOUNDING_SECONDS = 0.3
_WAITS_FOR = {
    Reason.CARD_MISSING: Reason.CARD_MISSING,
    Reason.CARD_LOST: Reason.CARD_MISSING,
    Reason.HIGHER_PRIORITY: Reason.BUSY,
    Reason.CLOCK_UNTRUSTED: Reason.CLOCK_UNTRUSTED,
}

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
    ) -> None:
        self._arm_early = arm_early
        self._clock = clock
        self._trust = trust
        self._look_back = LookBack(clock, trust.seen_before)
        self._playout = playout
        self._log = log
        self._permission = Permission(clock, log, limits, self._knows_the_time)
        self._limits = limits
        self.quiet = quiet
        self._timetable = timetable
        self._stage = stage
        self._alarm_clock = alarm_clock
        self._card = card
        self._ended = ended
        self._numbers = 0
        self._runs: dict[int, Run] = {}
        self._recalled: set[int] = set()
        self._rows = Rows(log, clock)
        self._retry_at: float | None = None
        self._silent_since: datetime | None = None
        self._grace = timedelta()
        self.armed = Armed(log, clock, why_not=self._why_not_armed, start=self._start_armed, early=arm_early)
        self.publication: Publication | None = None
        self.bulletins = Bulletins(messages=())
        self.current: Run | None = None

    @property
    def is_silenced(self) -> bool:
        """Whether somebody has silenced the box until the next cue."""
        return self._silent_since is not None

    @property
    def clips_in_use(self) -> frozenset[str]:
        """The clips of what is in hand, by their sha256."""
        scripts = [run.script for run in tuple(self._runs.values())]
        waiting = self.armed.waiting
        scripts += [waiting.script] if waiting else []
        return frozenset(message.clip for script in scripts for message in script.messages)

    def take(self, publication: Publication) -> None:
        """Put ``publication`` on air in the place of the one before; what sounds goes on."""
        self._log.owe(timings_of(publication), self._clock.now() if self._knows_the_time() else NEVER)
        self.publication = publication

    def look(self) -> None:
        """Do what is due now, and set the alarm clock to the next instant to look."""
        if not self._knows_the_time():
            self._be_quiet()
            return
        now = self._clock.now()
        self._look_back.time_is_known(now)
        instants: list[datetime] = []
        try:
            instants += self.armed.look(now)
            instants += self._do_what_is_due(now)
        finally:  # also where the log can't be written: what sounds must end before the quiet hours
            instants += self._keep_the_quiet_hours(now)
            if instants:
                self._alarm_clock.set(min(instants), self._grace)

    def _do_what_is_due(self, now: datetime) -> list[datetime]:
        """Air or arm what is due, and write off what will not be aired; return when to look again for it."""
        self._log.know_nothing_after(now)
        self._rows.write_what_was_not()
        publication = self.publication
        days = self._look_back.days(publication, now) if publication else ()
        cues = self._cues_of(days)
        sounding = {run.occurrence for run in self._runs.values() if run.occurrence is not None}
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
        instants = [decision.again] if decision.again else []
        if decision.first is not None:
            instants += self._approach(decision.first, now)
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
        rundown = self._stage(script)
        row = self._log.begin(self.entry(script, rundown, asker, self._today(), attempt=1))
        self._start(script, rundown, row, occurrence=None, above_quiet_hours=above_quiet_hours)
        return row

    def arm(self, script: Script, asker: Asker, at: datetime) -> int:
        """Let ``script`` sound at the instant ``at``; return its row. The limits have been asked."""
        script = replace(script, due=at)
        row = self._log.begin(self.entry(script, self._stage(script), asker, self._today(), attempt=1))
        self.armed.put(row, script, at)
        return row

    def not_sounded(self, script: Script, asker: Asker, outcome: Outcome, reason: Reason) -> None:
        """Write that ``script`` was asked for and did not sound."""
        entry = self.entry(script, self._stage(script), asker, self._today(), attempt=1)
        self._log.not_sounded(entry, outcome, reason)

    def stop(self, reason: Reason) -> None:
        """End what sounds or waits for its instant. A cue that is only armed is not silenced: it is the next cue."""
        run = self.current
        if run is not None and (run.occurrence is None or not self._is_only_armed(run)):
            self._playout.stop(reason)
        self.armed.cancel(Outcome.CUT, reason)

    def stop_row(self, row: int, reason: Reason) -> None:
        """End what sounds if it is that row's, and nothing else."""
        if self.current is not None and self.current.row == row:
            self._playout.stop(reason)

    def silence(self) -> None:
        """End what sounds, and let nothing sound before the next cue; one that waits is not aired any more."""
        self._silent_since = self._clock.now()
        self.stop(Reason.STOPPED)

    def end_silence(self) -> None:
        """Let pages sound again."""
        self._silent_since = None

    def quiet_was_asked(self) -> None:
        """End what sounds and take back what is armed, but no emergency."""
        run = self.current
        if run is None or run.priority is Priority.EMERGENCY:
            return
        if run.occurrence is None or not self._is_only_armed(run):
            self._playout.stop(Reason.QUIET_REQUEST)
        else:
            self._recall(run)

    def clock_was_set(self) -> None:
        """Take back what is armed for an instant that is another now; ``look`` arms it anew."""
        run = self.current
        if run is None or run.script.due is None or not self._is_only_armed(run):
            return
        if run.due_monotonic - self._clock.monotonic() > _NEARLY_SOUNDING_SECONDS:
            self._recall(run)

    def has_ended(self, number: int, result: Result) -> None:
        """Write what became of the run ``number``, or keep its row open where nothing sounded and it is owed."""
        run = self._runs.pop(number)
        self._permission.has_sounded(run.priority, result.frames_played)
        if self.current is run:
            self.current = None
        self._card.learn(result)
        recalled = number in self._recalled
        self._recalled.discard(number)
        if recalled and run.occurrence is None and run.script.due is not None and result.frames_played == 0:
            self.armed.put(run.row, run.script, run.script.due)
            return
        if run.occurrence is not None and result.frames_played == 0:
            waits_for = _WAITS_FOR.get(result.reason)
            if waits_for is not None:
                self._rows.wait(run.occurrence, waits_for)
            if waits_for is Reason.CARD_MISSING:
                self._retry_at = self._clock.monotonic() + RETRY_SECONDS
            if waits_for is not None or recalled:
                return
        self._rows.end(run, result)

    def note_position(self) -> None:
        """Write how far the airing is, for the case that power goes."""
        position = self._playout.position()
        if self.current is not None and position is not None and position.frames_played > 0:
            self._log.note(self.current.row, position.frames_played)

    def is_overdue(self) -> bool:
        """Tell whether what is in hand should have ended long ago: the playout hangs."""
        return self.current is not None and self.current.is_overdue(self._clock.monotonic())

    def entry(self, script: Script, rundown: Rundown, asker: Asker, day: date, *, attempt: int) -> Entry:
        """Return the row of the as-run log for ``script``."""
        return Entry(
            priority=script.priority,
            origin=asker.origin,
            who=asker.who,
            broadcast=script.broadcast,
            day=day,
            attempt=attempt,
            due=script.due,
            frames=rundown.frames if script.said else 0,
            volume_percent=rundown.volume_percent,
            revision=self.publication.revision if self.publication else "",
            said=script.said,
            occasion=asker.occasion,
            clock=self._trust.trust,
        )

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

    def _approach(self, first: Owed, now: datetime) -> list[datetime]:
        """Air or arm ``first`` if it is time; return when to look again for it."""
        arm = first.cue.due.astimezone(UTC) - self._arm_early  # in a zone with summer time the sum could be an hour out
        if arm > now:
            return [arm]
        if self.current is not None:
            self._rows.wait(first.cue.occurrence, Reason.BUSY)
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
        rundown = self._stage(script)
        reason = self._permission.may_sound(rundown, max(now, cue.due.astimezone(UTC)))
        if reason is not Reason.NONE:
            self._write_off(cue, owed.attempt, Outcome.REFUSED, reason)
            return False
        entry = self.entry(script, rundown, SCHEDULE, cue.occurrence.day, attempt=owed.attempt)
        row = self._rows.begin(entry, cue.occurrence)
        self._silent_since = None
        self._start(script, rundown, row, occurrence=cue.occurrence)
        return True

    def _start(
        self,
        script: Script,
        rundown: Rundown,
        row: int,
        *,
        occurrence: Occurrence | None,
        above_quiet_hours: bool = False,
    ) -> None:
        self._numbers += 1
        number = self._numbers
        until_due = (rundown.due - self._clock.now()).total_seconds() if rundown.due else 0.0
        run = Run(
            number=number,
            row=row,
            script=script,
            rundown=rundown,
            occurrence=occurrence,
            due_monotonic=self._clock.monotonic() + max(0.0, until_due),
            above_quiet_hours=above_quiet_hours or self._limits.sounds_at_night(script.priority),
        )
        self._runs[number] = run
        self.current = run
        self._playout.start(rundown, lambda result: self._ended(number, result))

    def _why_not_armed(self, script: Script, instant: datetime) -> Reason:
        if self.current is not None and self.current.priority >= script.priority:
            return Reason.BUSY
        if self.is_silenced and script.priority is not Priority.EMERGENCY:
            return Reason.STOPPED
        return self.why_not(script, instant=instant)

    def _start_armed(self, script: Script, row: int) -> None:
        self._start(script, self._stage(script), row, occurrence=None)

    def _keep_the_quiet_hours(self, now: datetime) -> list[datetime]:
        """Stop what reaches into the quiet hours; return when to look again for it."""
        end = self.current.end_before_quiet(self._limits, now, self._arm_early) if self.current else None
        if end is not None and now >= end:
            self._playout.stop(Reason.QUIET_HOURS)
            return []
        return [end] if end else []

    def _write_off(self, cue: Cue, attempt: int, outcome: Outcome, reason: Reason) -> None:
        if self.publication is None:
            return
        script = script_of_cue(self.publication, cue)
        entry = self.entry(script, self._stage(script), self.quiet.asker(reason), cue.occurrence.day, attempt=attempt)
        self._rows.write_off(entry, cue.occurrence, outcome, reason)

    def _recall(self, run: Run) -> None:
        self._recalled.add(run.number)
        self._playout.stop(Reason.NONE)

    def _is_only_armed(self, run: Run) -> bool:
        position = self._playout.position()
        sounded = position is not None and position.frames_played > 0
        return not sounded and self._clock.monotonic() < run.due_monotonic

    def _today(self) -> date:
        now = self._clock.now()
        return local_day(self.publication, now) if self.publication else now.astimezone(ZoneInfo("UTC")).date()
