"""How the speaker is, put together when it is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from box.clock import Clock
from programme.cues import Cue
from speaker.airing import Playout
from speaker.alarms import AlarmBoard
from speaker.asrun.ledger import Ledger
from speaker.asrun.log import AsRunLog
from speaker.card_watch import CardWatch
from speaker.clock_watch import ClockWatch
from speaker.condition import Alarm, CueStatus
from speaker.contacts.calls import Calls
from speaker.limits import HardLimits
from speaker.on_air import OnAir, Stage
from speaker.protocol import Status
from speaker.script import local_day, script_of_cue
from speaker.status import cues_status, next_due, sounding_of


@dataclass(frozen=True)
class Surroundings:
    """What the status tells of the pins, asked when it is told."""

    amplifier: Callable[[], Literal["on", "off", "none"]]
    alarms: Callable[[], tuple[Alarm, ...]]
    button: Callable[[], Literal["none", "up", "held"]]


@dataclass(frozen=True)
class Telling:
    """What has to be asked; ``status`` belongs on the station's thread."""

    on_air: OnAir
    clock: Clock
    clock_watch: ClockWatch
    log: AsRunLog
    limits: HardLimits
    stage: Stage
    playout: Playout
    card: CardWatch
    alarms: AlarmBoard
    surroundings: Surroundings
    calls: Calls
    version: str

    def status(self) -> Status:
        """Return how the speaker is."""
        now, publication, quiet = self.clock.now(), self.on_air.publication, self.on_air.quiet
        self.card.look()
        cues = self.on_air.cues(now)
        ledger = self.log.ledger(sorted({cue.occurrence.day for cue in cues}))
        lost = self.clock_watch.is_lost
        return Status(
            version=self.version,
            now=now,
            zone=publication.zone if publication else "",
            timezone=publication.timezone if publication else "",
            revision=publication.revision if publication else "",
            card=self.card.state,
            amplifier=self.surroundings.amplifier(),
            quiet_now=self.limits.is_quiet(now),
            quiet_hours=self.limits.quiet_hours,
            silenced=self.on_air.is_silenced,
            sounding=sounding_of(self.on_air.current, self.playout.position()),
            today=self._today(cues, ledger, now),
            next_due=None if lost else next_due(cues, ledger, self.limits, now, quiet.last),
            alarms=(*self.alarms.all(), *self.surroundings.alarms()),
            bulletins=tuple(bulletin.id for bulletin in self.on_air.bulletins.messages),
            clock=self.clock_watch.status(),
            quiet_request=quiet.standing(),
            waiting=self.on_air.turns.told(),
            limits=self.limits.written,
            button=self.surroundings.button(),
            armed=self.on_air.armed.status(),
            shared=publication.shared if publication else "",
            contacts=self.calls.status(),
        )

    def _today(self, cues: tuple[Cue, ...], ledger: Ledger, now: datetime) -> tuple[CueStatus, ...]:
        publication, run = self.on_air.publication, self.on_air.current
        if publication is None:
            return ()
        day = local_day(publication, now)
        todays = [cue for cue in cues if cue.occurrence.day == day]
        return cues_status(
            [(cue, self.stage(script_of_cue(publication, cue)).frames) for cue in todays],
            publication=publication,
            ledger=ledger,
            limits=self.limits,
            now=now,
            sounding=run.occurrence if run else None,
            held=self.on_air.turns.held,
            is_lost=self.clock_watch.is_lost,
            quiet=self.on_air.quiet.last,
        )
