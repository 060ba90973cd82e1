"""What is due: a pure decision over the timetable, the as-run log and the clock.

Nothing here remembers or waits: asked again after a restart, a step of the clock or a new publication, it gives
the answer that the promise needs, an occurrence is completed at most once, never in quiet hours, never outside
its grace.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from programme.cues import Cue, Occurrence
from speaker.airing import Outcome, Reason
from speaker.asrun.ledger import Attempt, Ledger
from speaker.condition import QuietRequest
from speaker.limits import HardLimits

MOST_ATTEMPTS = 2  # one that death interrupted is attempted once more,
ANEW_WITHIN = timedelta(minutes=5)  # from its start, unless more than this is gone since it began
_MAY_BE_OWED_AGAIN = {Reason.TOO_LATE, Reason.CARD_MISSING, Reason.BUSY, Reason.CLOCK_UNTRUSTED}
_JUST_AFTER = timedelta(milliseconds=1)
_NO_END = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Owed:
    """A cue that is to be aired: as which attempt, and the last instant at which it may start."""

    cue: Cue
    attempt: int
    until: datetime


@dataclass(frozen=True)
class NotAired:
    """A cue that will not be aired any more, and why; ``attempt`` is the number of its row."""

    cue: Cue
    attempt: int
    outcome: Outcome
    reason: Reason


@dataclass(frozen=True)
class Decision:
    """What to do now: rows to write, the cues that are to sound, the first one first, and when to look again.

    What is ``owed`` may be due already or still to come.
    ``again`` is the next instant at which the passing of time alone changes the decision, None if none does.
    """

    not_aired: tuple[NotAired, ...]
    owed: tuple[Owed, ...]
    again: datetime | None

    @property
    def first(self) -> Owed | None:
        """What is to sound first; None if the days looked at hold nothing more to air."""
        return self.owed[0] if self.owed else None


def decide(
    cues: Sequence[Cue],
    ledger: Ledger,
    limits: HardLimits,
    now: datetime,
    *,
    in_hand: Collection[Occurrence] = (),
    silent_since: datetime | None = None,
    untrusted_from: datetime | None = None,
    quiet: QuietRequest | None = None,
) -> Decision:
    """Return what to do about ``cues`` (of yesterday, today and tomorrow) at ``now``.

    ``in_hand`` are occurrences that need no decision: the one that sounds or is armed. ``silent_since`` is when
    somebody silenced the box until the next cue: what was due by then and waits is not aired any more.
    ``quiet`` is what somebody asked for last: nothing that is due, or that waits, within it is aired.
    ``untrusted_from`` is from when on, the last time, nobody knew what time it was: it is why later cues are too late.
    """
    now = now.astimezone(UTC)
    not_aired: list[NotAired] = []
    owed: list[Owed] = []
    instants: list[datetime] = []
    for cue in sorted(cues, key=lambda cue: (cue.due, cue.occurrence)):
        if cue.occurrence in in_hand or _is_settled(ledger.of(cue.occurrence)):
            continue
        verdict = _verdict(cue, ledger, limits, now, quiet)
        if isinstance(verdict, Owed) and quiet is not None and quiet.covers(now) and cue.due <= now:
            verdict = NotAired(cue, verdict.attempt, Outcome.REFUSED, Reason.QUIET_REQUEST)
        if isinstance(verdict, Owed) and silent_since is not None and cue.due <= silent_since:
            verdict = NotAired(cue, verdict.attempt, Outcome.MISSED, Reason.STOPPED)
        if isinstance(verdict, NotAired) and untrusted_from is not None and cue.due >= untrusted_from:
            verdict = _for_want_of_a_clock(verdict)
        if isinstance(verdict, NotAired):
            not_aired.append(verdict)
        elif isinstance(verdict, Owed):
            owed.append(verdict)
            instants += [cue.due, verdict.until + _JUST_AFTER]
        elif cue.due > now:
            instants.append(cue.due)
    again = min((instant for instant in instants if instant > now), default=None)
    return Decision(tuple(not_aired), tuple(owed), again)


def must_not_sound(cue: Cue, limits: HardLimits, quiet: QuietRequest | None = None) -> NotAired | None:
    """Return why ``cue`` will not be aired whenever it comes, None where nothing speaks against it."""
    if limits.is_quiet(cue.due):
        return NotAired(cue, 1, Outcome.REFUSED, Reason.QUIET_HOURS)
    if quiet is not None and quiet.covers(cue.due):
        return NotAired(cue, 1, Outcome.REFUSED, Reason.QUIET_REQUEST)
    if not cue.messages:
        return NotAired(cue, 1, Outcome.MISSED, Reason.NOTHING_TO_SAY)
    return None


def window(cue: Cue, limits: HardLimits) -> datetime:
    """Return the instant from which on ``cue`` may not start: the end of its grace, or quiet hours before it."""
    due = cue.due.astimezone(UTC)
    end = due + cue.grace
    return limits.quiet_from(due, cue.grace) or end


def is_owed_at_all(cue: Cue, ledger: Ledger) -> bool:
    """Tell whether ``cue`` was on the timetable, and the log begun, when it was due."""
    since = ledger.owed_since.get(cue.occurrence.broadcast_id, ledger.created)
    return cue.due >= max(since, ledger.created)


def _verdict(
    cue: Cue, ledger: Ledger, limits: HardLimits, now: datetime, quiet: QuietRequest | None
) -> Owed | NotAired | None:
    """Return what is to be done about ``cue``; None is nothing, or nothing before it is due."""
    attempts = ledger.of(cue.occurrence)
    number = _next_number(attempts)
    if not is_owed_at_all(cue, ledger):
        if attempts or not _may_have_been_aired(cue, ledger):
            return None
        return NotAired(cue, number, Outcome.MISSED, Reason.TOO_LATE)
    hindrance = must_not_sound(cue, limits, quiet)
    if hindrance is not None:
        return None if cue.due > now else replace(hindrance, attempt=number)
    until = min(window(cue, limits), _anew_until(cue, attempts))
    if now <= until and not (cue.due <= now and limits.is_quiet(now)):
        return Owed(cue, number, until)
    if attempts and attempts[-1].outcome is not None:
        return None
    return NotAired(cue, number, Outcome.MISSED, Reason.TOO_LATE)


def _anew_until(cue: Cue, attempts: tuple[Attempt, ...]) -> datetime:
    """Return the last instant at which ``cue`` may be begun anew, if death interrupted it; else no end to it.

    Also where the new attempt is on record already and waits: what is half an hour old is not begun again.
    """
    died = [attempt for attempt in attempts if attempt.reason is Reason.INTERRUPTED]
    if not died:
        return _NO_END
    return (died[-1].begun or cue.due).astimezone(UTC) + ANEW_WITHIN - _JUST_AFTER


def _for_want_of_a_clock(missed: NotAired) -> NotAired:
    return replace(missed, reason=Reason.CLOCK_UNTRUSTED) if missed.reason is Reason.TOO_LATE else missed


def _is_settled(attempts: tuple[Attempt, ...]) -> bool:
    """Tell whether nothing more may come of an occurrence, whatever the clock says.

    One that death interrupted at its ending may have been heard whole: it is over.
    """
    interrupted = 0
    for attempt in attempts:
        if attempt.outcome is None:
            return False
        if attempt.outcome is Outcome.MISSED and attempt.reason in _MAY_BE_OWED_AGAIN:
            continue  # nothing sounded; the clock may have been set back to before its due instant
        if attempt.reason is Reason.INTERRUPTED and not attempt.reached_its_end:
            interrupted += 1
            continue
        if attempt.reason is Reason.SHUT_DOWN and attempt.frames_played == 0:
            continue  # ended in order while it was only armed
        return True
    return interrupted >= MOST_ATTEMPTS


def _next_number(attempts: tuple[Attempt, ...]) -> int:
    if not attempts:
        return 1
    last = attempts[-1]
    return last.number if last.outcome is None else last.number + 1


def _may_have_been_aired(cue: Cue, ledger: Ledger) -> bool:
    """Tell whether a log that is lost may have known of ``cue``: it was due earlier on the day it was lost."""
    created = ledger.created.astimezone(cue.due.tzinfo)
    return ledger.lost and cue.due < ledger.created and cue.occurrence.day == created.date()
