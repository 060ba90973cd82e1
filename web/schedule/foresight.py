"""What a change of the schedule would do, told before it is saved: what is wrong, what to know, and a day of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from box.sentences import Sentence
from programme.checking import faults_in
from programme.daysheet import DaySheet, day_sheet
from programme.faults import Fault
from programme.meeting import broadcast_seconds
from programme.model import Broadcast, DayException, InExceptions, Programme
from programme.publication import Publication
from programme.timetable import FURTHEST_DAYS, cues_on
from speaker.airing import Outcome
from speaker.client import SpeakerAway
from speaker.forecast import forecast_within
from web.day import local_day
from web.handed_in import HandedIn
from web.language import as_sentence
from web.lengths import real_seconds
from web.schedule.quiet_hours import QuietHours, limits_of, quiet_hours_in
from web.words import day_name

LOOKED_AT_DAYS = 14  # for warnings of single days: a message that expires, a day on which another is longer
_SOUNDED = frozenset({Outcome.AIRED, Outcome.CUT, Outcome.PRE_EMPTED})
_SOUNDED_STATES = frozenset({"sounding", "held", "aired", "cut", "pre-empted"})


@dataclass(frozen=True)
class Foresight:
    """With ``faults`` it can't be saved. ``warnings`` are to be read first. ``sheet`` is the first day it is about."""

    faults: tuple[str, ...]
    warnings: tuple[str, ...]
    sheet: DaySheet | None

    @property
    def mark(self) -> str:
        """Return what tells these warnings from others: she has read them when the form says so."""
        return hashlib.sha256("\n".join(self.warnings).encode()).hexdigest()[:16]


def new_faults(house: HandedIn, before: Programme, after: Programme) -> tuple[Fault, ...]:
    """Return what is wrong with ``after`` that was not already wrong with ``before``, by real lengths."""
    seconds_of = real_seconds(house, house.on_air())
    had = {(fault.path, fault.zh) for fault in faults_in(before, seconds_of)}
    return tuple(fault for fault in faults_in(after, seconds_of) if (fault.path, fault.zh) not in had)


class Foreseeing:
    """Looks ahead for one request: asks the speaker once, and reckons lengths from what is on air."""

    def __init__(self, house: HandedIn) -> None:
        self._house = house
        self.on_air: Publication | None = house.on_air()
        self._limits = limits_of(house.speaker)
        self.quiet = quiet_hours_in(self._limits.quiet_hours) if self._limits else QuietHours(known=False)
        self._seconds_of = real_seconds(house, self.on_air)
        self._shared = house.shared()

    def sheet(self, programme: Programme, day: date) -> DaySheet:
        """Return what ``programme`` plays on ``day``, beside what a hub has this yard say."""
        foretell = forecast_within(self._limits) if self._limits else None
        return day_sheet(
            programme,
            day,
            on_air=self.on_air,
            foretell=foretell,
            seconds_of=self._seconds_of,
            shared=self._shared,
        )

    def seconds_of(self, programme: Programme, broadcast: Broadcast) -> float:
        """Return how long that broadcast sounds where all its messages are valid."""
        return broadcast_seconds(programme, broadcast, self._seconds_of)

    def of_broadcast(self, before: Programme, after: Programme, broadcast_id: str) -> Foresight:
        """Return what follows from ``before`` becoming ``after``, in which that broadcast is new or changed."""
        broadcast = after.broadcast(broadcast_id)
        faults = tuple(as_sentence(fault) for fault in new_faults(self._house, before, after))
        if broadcast is None or any(after.message(name) is None for name in broadcast.messages):
            return Foresight(faults, (), None)
        today = local_day(self._house.clock.now(), after)
        day = self._next_day(after, broadcast_id, today)
        warnings = dict.fromkeys(self._warnings(before.broadcast(broadcast_id), after, broadcast, today))
        return Foresight(faults, tuple(warnings), self.sheet(after, day) if day else None)

    def of_exception(self, before: Programme, after: Programme, exception: DayException) -> Foresight:
        """Return what follows from an exception that is new or changed."""
        today = local_day(self._house.clock.now(), after)
        warnings = []
        if exception.last < today:
            warnings.append(_("这些日子都过去了，这个例外不会有作用。"))
        faults = tuple(as_sentence(fault) for fault in new_faults(self._house, before, after))
        shown = exception.first <= exception.last
        return Foresight(faults, tuple(warnings), self.sheet(after, max(exception.first, today)) if shown else None)

    def sounded_today(self, programme: Programme) -> frozenset[str]:
        """Return the broadcasts that were heard today, or are being heard: those are not aired again today."""
        try:
            return frozenset(
                cue.broadcast for cue in self._house.speaker.status().today if cue.state in _SOUNDED_STATES
            )
        except SpeakerAway:
            rows = self._house.records.on(local_day(self._house.clock.now(), programme))
            return frozenset(row.broadcast for row in rows if row.broadcast and row.outcome in _SOUNDED)

    def _warnings(self, had: Broadcast | None, after: Programme, broadcast: Broadcast, today: date) -> Iterator[str]:
        yield from self._not_today(had, after, broadcast, today)
        if not self.quiet.known:
            yield _("现在联系不上播音程序，不知道静音时段是几点到几点。")
        yield from self._of_days(after, broadcast, [today + timedelta(days=index) for index in range(LOOKED_AT_DAYS)])

    def _of_days(self, after: Programme, broadcast: Broadcast, days: Sequence[date]) -> Iterator[str]:
        """Yield what is to be known of those days, with the first of them where it is not so on all."""
        rows = {day: row for day in days for row in self.sheet(after, day).rows if row.broadcast == broadcast.id}
        found: dict[Sentence, list[date]] = {}
        for day, row in rows.items():
            for warning in row.warnings:
                found.setdefault(warning, []).append(day)
        for sentence, on in found.items():
            if len(on) == len(rows):
                yield as_sentence(sentence)
            else:
                yield _("%(day)s：%(sentence)s", day=day_name(on[0]), sentence=as_sentence(sentence))

    def _not_today(self, had: Broadcast | None, after: Programme, broadcast: Broadcast, today: date) -> Iterator[str]:
        """Yield what the rule "Once" and the time of day make of a change that was made today."""
        now = self._house.clock.now()
        due = [cue.due for cue in cues_on(after, today) if cue.occurrence.broadcast_id == broadcast.id]
        later = self._next_day(after, broadcast.id, today + timedelta(days=1))
        start = _("从%(day)s开始", day=day_name(later)) if later else _("以后也没有日子可播")
        if not due:
            if later is None and not isinstance(broadcast.days, InExceptions):
                yield _("这样写，以后哪一天都不会播了。请看看日期。")
            return
        if had is not None and had != broadcast and broadcast.id in self.sounded_today(after):
            yield _("这个时段今天已经播过，今天不再播；改动%(start)s。", start=start)
        elif (had is None or had.at != broadcast.at or had.days != broadcast.days) and due[0] <= now:
            at = f"{due[0].astimezone(ZoneInfo(after.timezone)):%H:%M}"
            yield _("今天 %(at)s 已经过了，今天不播；%(start)s。", at=at, start=start)

    @staticmethod
    def _next_day(programme: Programme, broadcast_id: str, first: date) -> date | None:
        for index in range(FURTHEST_DAYS):
            day = first + timedelta(days=index)
            if any(cue.occurrence.broadcast_id == broadcast_id for cue in cues_on(programme, day)):
                return day
        return None
