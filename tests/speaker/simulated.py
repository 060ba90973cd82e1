"""A courtyard in simulated time: the real station and its log, alarms that ring, and a microphone that listens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from box.clock import Clock
from box.settings import Limits
from programme.cues import Occurrence
from programme.publication import SAMPLE_RATE_HZ, Publication
from speaker.airing import Outcome, Position, Priority, Reason, Result, Rundown, Sound
from speaker.limits import HardLimits
from speaker.on_air import Stage
from speaker.protocol import AskRecords
from speaker.record import Airing
from speaker.trust.states import Trust
from tests.fakes import SetClock
from tests.speaker.fakes import Box, FakePlayout, FakeTrust, stage

_SAME_SECONDS = 5e-7  # the clock goes by microseconds: what differs by less is a sum of floats
MOST_EVENTS = 20_000  # between two acts: an alarm clock that is set to the past over and over would hang the test


@dataclass(frozen=True)
class Heard:
    """What the microphone heard of one run: since when by the wall clock, how many seconds, and whether to its end.

    ``occurrence``, ``due`` and ``until``, the end of its grace, are None for a page. ``died`` says that the power went
    while it sounded, ``cut`` that something else took its place. ``life`` counts how often the box was switched on.
    ``ahead_seconds`` is how long before it was to begin the playout was told, ``length_seconds`` how long it is.
    """

    since: datetime
    seconds: float
    occurrence: Occurrence | None = None
    due: datetime | None = None
    until: datetime | None = None
    whole: bool = False
    died: bool = False
    cut: bool = False
    life: int = 0
    ahead_seconds: float = 0.0
    length_seconds: float = 0.0


class Loudspeaker(FakePlayout):
    """A playout that sounds at its due instant, for as long as it takes, and is heard."""

    def __init__(self, clock: Clock, page_or_cue: Callable[[Rundown], Heard], heard: list[Heard]) -> None:
        super().__init__(clock)
        self._heard = heard
        self._page_or_cue = page_or_cue
        self._begins_at = 0.0
        self.page_ended = float("-inf")
        self._sounding: Heard | None = None

    @property
    def is_sounding(self) -> bool:
        """Whether anything is heard just now."""
        return self._sounding is not None

    @property
    def sounding(self) -> Heard | None:
        """What is heard just now, as far as it has been."""
        return self._sounding

    def start(self, rundown: Rundown, ended: Callable[[Result], None]) -> None:
        """Take ``rundown`` in hand, to be begun when it is due."""
        if self.is_sounding:
            self.tick()
        super().start(rundown, ended)
        wait = (rundown.due - self._clock.now()).total_seconds() if rundown.due else 0.0
        length = rundown.frames / SAMPLE_RATE_HZ
        self._armed = replace(self._page_or_cue(rundown), ahead_seconds=max(0.0, wait), length_seconds=length)
        self._begins_at = self._clock.monotonic() + max(0.0, wait)

    def stop(self, reason: Reason) -> None:
        """End what is in hand as cut, after so much as has sounded by now."""
        if self.is_sounding:
            self.tick()
        super().stop(reason)

    def position(self) -> Position | None:
        """Return how far it has sounded by now, as a card does that is asked between two of its periods."""
        if self._sounding is not None and self.rundown is not None:
            self.sound(min(self._clock.monotonic() - self._begins_at, self.rundown.frames / SAMPLE_RATE_HZ))
        return super().position()

    def next_change(self) -> float | None:
        """Return the monotonic second at which it begins or ends by itself."""
        if self.rundown is None:
            return None
        if self._sounding is None:
            return self._begins_at
        return self._begins_at + self.rundown.frames / SAMPLE_RATE_HZ

    def tick(self) -> None:
        """Begin, sound on, or end, as time has passed."""
        if self.rundown is None or self._clock.monotonic() < self._begins_at - _SAME_SECONDS:
            return
        if self.card_state() == "missing":
            self.fail(Reason.CARD_LOST if self.is_sounding else Reason.CARD_MISSING)
            return
        rundown = self.rundown
        seconds = self._clock.monotonic() - self._begins_at
        before = self._sounding or replace(self._armed, since=self._clock.now())
        self._sounding = replace(before, seconds=seconds)
        self.sound(seconds)
        if seconds >= rundown.frames / SAMPLE_RATE_HZ - _SAME_SECONDS:
            self._sounding = replace(self._sounding, whole=True)
            self.finish()

    def die(self) -> None:
        """Fall silent with the power."""
        if self._sounding is not None:
            self._sounding = replace(self._sounding, died=True)
        self._let_go()

    def _end(self, outcome: Outcome, reason: Reason) -> None:
        if self._sounding is not None:
            self._sounding = replace(self._sounding, cut=outcome is Outcome.PRE_EMPTED)
        if self.rundown is not None and self._armed.occurrence is None:
            self.page_ended = self._clock.monotonic()
        self._let_go()
        super()._end(outcome, reason)

    def _let_go(self) -> None:
        if self._sounding is not None and self._sounding.seconds > 0:
            self._heard.append(self._sounding)
        self._sounding = None


class Courtyard:
    """A box in simulated time. The power may go and the clock may be set; its log stays.

    ``true_offset`` is how far the wall clock is ahead of the true time, ``sounded`` when anything was heard, by the
    wall clock as it was.
    """

    def __init__(
        self,
        start: datetime,
        folder: Path,
        limits: Limits,
        publication: Publication,
        trust: Trust,
        *,
        stage: Stage = stage,
    ) -> None:
        self._stage = stage
        self.clock = SetClock(start)
        self.limits = HardLimits(limits)
        self.heard: list[Heard] = []
        self.sounded: list[tuple[datetime, datetime]] = []
        self._rows: dict[int, Airing] = {}
        self.true_offset = timedelta()
        self._folder = folder
        self._limits = limits
        self._seen: datetime | None = None
        self._lives = 0
        self.publication = publication
        self.switch_on(trust)
        self.publish(publication)

    @property
    def is_believed(self) -> bool:
        """Whether the clock is."""
        return self.trust.trust is not Trust.UNTRUSTED

    def publish(self, publication: Publication) -> None:
        """Put another programme on air."""
        self.publication = publication
        self.box.take(publication)
        self._settle()

    def switch_on(self, trust: Trust) -> None:
        """Give the box its power back; its kept publication is on air again."""
        self._lives += 1
        self._rows.clear()  # it may have another log
        self.trust = FakeTrust(trust, seen_before=self._seen)
        self.box = Box(
            self.clock,
            self._folder,
            limits=self._limits,
            trust=self.trust,
            playout=self._loudspeaker(),
            stage=self._stage,
        )
        self.box.take(self.publication)
        self._settle()

    def cut_power(self, seconds: int) -> None:
        """Take its power for so long."""
        self._remember()
        self.loudspeaker.die()
        self.box.die()
        self.clock.advance(seconds)

    def set_clock(self, seconds: float) -> None:
        """Set the wall clock by so much, without a word about who did."""
        self.clock.step(seconds)
        self.true_offset += timedelta(seconds=seconds)
        self.box.station.clock_was_set()
        self._settle()

    def believe(self, trust: Trust, *, seconds: float = 0.0) -> None:
        """Let the clock be believed so far from now on, set by so much."""
        self._remember()
        self.trust.becomes = trust
        self.set_clock(seconds)

    def live(self, seconds: float) -> None:
        """Let time pass: alarms ring, what sounds begins and ends."""
        end = self.clock.monotonic() + seconds
        for _ in range(MOST_EVENTS):
            self._settle()
            left = end - self.clock.monotonic()
            waits = [left]
            change = self.loudspeaker.next_change()
            if change is not None:
                waits.append(change - self.clock.monotonic())
            alarm = self.box.alarm_clock.instant
            if alarm is not None:
                waits.append((alarm - self.clock.now()).total_seconds())
            if left < _SAME_SECONDS and min(waits) > 0:
                return
            before, sounds = self.clock.now(), self.loudspeaker.is_sounding
            self.clock.advance(max(0.0, min(waits)))
            if sounds:
                self.sounded.append((before, self.clock.now()))
            if alarm is not None and alarm <= self.clock.now():
                self.box.alarm_clock.instant = None
                self.box.station.rang()
            elif left < _SAME_SECONDS:
                return
        raise AssertionError("the station never comes to rest")

    def rows(self) -> tuple[Airing, ...]:
        """Return everything that is on record, as it is now."""
        more = True
        while more:
            last = max((row.change for row in self._rows.values()), default=0)
            reply = self.box.log.records(AskRecords(changed_after=last))
            self._rows |= {row.id: row for row in reply.airings}
            more = reply.more
        return tuple(self._rows[number] for number in sorted(self._rows))

    def end(self) -> None:
        """Put it away."""
        self.box.die()

    def _settle(self) -> None:
        for _ in range(2):  # an event, what it has ended, and what begins or ends thereby
            self.box.station.settle()
            self.loudspeaker.tick()
        self.box.station.settle()
        if self.is_believed:
            self._seen = self.clock.now()

    def _remember(self) -> None:
        if self.is_believed:
            self._seen = self.clock.now()

    def _loudspeaker(self) -> Loudspeaker:
        self.loudspeaker = Loudspeaker(self.clock, self._page_or_cue, self.heard)
        return self.loudspeaker

    def _page_or_cue(self, rundown: Rundown) -> Heard:
        """Return what will be heard of ``rundown``, by its message's name: every broadcast has one of its own."""
        if rundown.priority is not Priority.PROGRAMME or rundown.due is None:
            return Heard(self.clock.now(), 0.0, life=self._lives)
        name = next(item.message_id for item in rundown.items if isinstance(item, Sound) and item.message_id)
        day = rundown.due.astimezone(ZoneInfo(self.publication.timezone)).date()
        broadcast = self.publication.broadcast(name)
        if broadcast is None:
            return Heard(self.clock.now(), 0.0, life=self._lives)
        due = rundown.due.astimezone(UTC)
        return Heard(
            self.clock.now(),
            0.0,
            Occurrence(day, name),
            due,
            due + timedelta(minutes=broadcast.grace_minutes),
            life=self._lives,
        )
