"""What the speaker will do with the cues of some days if nothing else happens: its rules, by a made clock. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import takewhile

from box.sentences import Sentence
from box.settings import Limits
from programme.cues import Cue, Occurrence
from programme.foretold import Foretell, Foretold, FramesOf
from programme.publication import SAMPLE_RATE_HZ
from speaker.airing import Outcome, Priority, Reason
from speaker.asrun.ledger import Attempt, Ledger
from speaker.due import NotAired, Owed, decide
from speaker.limits import HardLimits
from speaker.run import STOP_BEFORE_QUIET

_LONG_AGO = datetime(1, 1, 2, tzinfo=UTC)


def forecast_within(limits: Limits) -> Foretell:
    """Return what foretells cues within the installer's ``limits``.

    It is given all cues of the days in question and of two days before them, so that what is still sounding, and the
    minutes that a day has left, are known when the days begin.
    """

    def foretell(cues: Sequence[Cue], frames_of: FramesOf) -> Mapping[Occurrence, Foretold]:
        return _Days(HardLimits(limits), limits.longest_minutes, frames_of).foretold(cues)

    return foretell


@dataclass
class _Days:
    """The days as they pass. ``busy_until`` is when the loudspeaker is free again."""

    limits: HardLimits
    longest_minutes: int
    frames_of: FramesOf
    busy_until: datetime = _LONG_AGO
    attempts: dict[Occurrence, tuple[Attempt, ...]] = field(default_factory=dict)
    begun: list[tuple[datetime, int]] = field(default_factory=list)
    waited: set[Occurrence] = field(default_factory=set)
    told: dict[Occurrence, Foretold] = field(default_factory=dict)

    def foretold(self, cues: Sequence[Cue]) -> Mapping[Occurrence, Foretold]:
        left = sorted(cues, key=lambda cue: (cue.due, cue.occurrence))
        now = left[0].due.astimezone(UTC) if left else _LONG_AGO
        while left:
            now = max(now, self._pass(self._near(left, now), now)).astimezone(UTC)  # sums are right in UTC only
            left = [cue for cue in left if cue.occurrence not in self.told]
        return self.told

    @staticmethod
    def _near(left: Sequence[Cue], now: datetime) -> list[Cue]:
        """Return the cues that are due, and the next one: what the rule has to be asked about."""
        due = list(takewhile(lambda cue: cue.due <= now, left))
        return [*due, *left[len(due) : len(due) + 1]]

    def _pass(self, near: Sequence[Cue], now: datetime) -> datetime:
        """Do what is due at ``now``; return when to look again."""
        decision = decide(near, Ledger(_LONG_AGO, attempts=self.attempts), self.limits, now)
        for one in decision.not_aired:
            self._write_off(one)
        first = decision.first
        instants = [decision.again] if decision.again else []
        waits = [one.cue.occurrence for one in decision.owed if one.cue.due <= now]
        if now < self.busy_until:
            self.waited.update(waits)
            instants.append(self.busy_until)
        elif first is not None and waits:
            self._air(first, now)
            return now
        return min(instants) if instants else now

    def _air(self, owed: Owed, now: datetime) -> None:
        cue = owed.cue
        frames = self.frames_of(cue)
        day = self.limits.day_of(now)
        reason = self.limits.may_sound(
            instant=now,
            priority=Priority.PROGRAMME,
            frames=frames,
            sounded_today=sum(had for when, had in self.begun if day[0] <= when < day[1]),
        )
        if reason is not Reason.NONE:
            self._write_off(NotAired(cue, owed.attempt, Outcome.REFUSED, reason))
            return
        length = timedelta(seconds=frames / SAMPLE_RATE_HZ)
        quiet = self.limits.quiet_from(now, length + STOP_BEFORE_QUIET)
        end, outcome = now + length, Outcome.AIRED
        if quiet is not None and quiet - STOP_BEFORE_QUIET < end:
            end, outcome, reason = max(now, quiet - STOP_BEFORE_QUIET), Outcome.CUT, Reason.QUIET_HOURS
            frames = round((end - now).total_seconds() * SAMPLE_RATE_HZ)
        self.busy_until = end
        self.begun.append((now, frames))
        self._tell(cue, outcome, reason, begins=now if frames else None, frames=frames)

    def _write_off(self, one: NotAired) -> None:
        late = one.reason is Reason.TOO_LATE and one.cue.occurrence in self.waited
        self._tell(one.cue, one.outcome, Reason.BUSY if late else one.reason, begins=None, frames=0)

    def _tell(self, cue: Cue, outcome: Outcome, reason: Reason, *, begins: datetime | None, frames: int) -> None:
        self.attempts[cue.occurrence] = (Attempt(1, outcome, reason, frames),)
        self.told[cue.occurrence] = Foretold(
            begins=begins,
            frames=frames,
            volume_percent=self.limits.volume(cue.volume_percent),
            outcome=outcome,
            reason=reason,
            warning=self._warning(cue, outcome, reason, begins),
        )

    def _warning(self, cue: Cue, outcome: Outcome, reason: Reason, begins: datetime | None) -> Sentence | None:
        if outcome is Outcome.CUT:
            return Sentence("没播完就到安静时段，会被截断", "the quiet hours begin before it ends: it will be cut")
        if begins is not None and begins > cue.due:
            at = begins.astimezone(cue.due.tzinfo)
            return Sentence(
                f"前面的还没播完，等到 {at:%H:%M:%S} 才开始", f"waits for what is before it: it begins at {at:%H:%M:%S}"
            )
        if reason is Reason.TOO_LONG:
            most = self.longest_minutes
            return Sentence(f"超过一次最长 {most} 分钟，不会播", f"over the longest {most} minutes: it will not sound")
        return _WARNINGS.get(reason)


_WARNINGS = {
    Reason.QUIET_HOURS: Sentence("在安静时段里，不会响", "in the quiet hours: it will not sound"),
    Reason.DAY_USED_UP: Sentence(
        "这天的播出时间用完了，不会播", "the installer's minutes of the day are used up: it will not sound"
    ),
    Reason.BUSY: Sentence(
        "前面的播得太久，等过了补播时限，不会播", "what is before it takes longer than its grace: it will not sound"
    ),
}
