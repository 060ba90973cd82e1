"""Pages: what somebody wants to sound now, and whether it may."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal

from box.clock import Clock
from speaker.airing import Outcome, Priority, Reason
from speaker.armed import ARMED_ALREADY, FURTHEST, TOO_FAR
from speaker.card_watch import CardWatch
from speaker.on_air import OnAir
from speaker.protocol import Done, Play, Refused, Reply
from speaker.script import (
    BUTTON,
    Asker,
    Script,
    local_day,
    nothing_said,
    script_of_broadcast,
    script_of_bulletin,
    script_of_message,
)
from speaker.words import SILENCED, refused

_SAME_REFUSAL_SECONDS = 60.0  # a refusal that is asked for again within this is one row of the log
_MOST_REFUSALS = 100


class Pages:
    """Answers who wants to be heard now. A page has its own identity and never uses up an occurrence."""

    def __init__(self, on_air: OnAir, clock: Clock, card: CardWatch) -> None:
        self._on_air = on_air
        self._clock = clock
        self._card = card
        self._refusals: dict[tuple[object, ...], float] = {}

    def play(self, request: Play) -> Reply:
        """Sound what ``request`` names, or say why not.

        The first airing of ``run`` may sound in the quiet hours where nobody hears it: it is only recorded.
        """
        unheard = request.origin == "first-airing" and self._card.state == "recorder"
        script = self._script(request)
        if isinstance(script, Reason):
            return refused(script)
        asker = Asker(request.origin, request.who, request.occasion)
        if request.at is not None:
            return self._arm(script, asker, request.at.astimezone(UTC))
        return self._page(script, asker, above_quiet_hours=unheard)

    def play_earliest(self) -> Reply:
        """Sound the earliest broadcast of today's timetable: what the button is for."""
        now = self._clock.now()
        publication = self._on_air.publication
        if publication is None:
            return refused(Reason.NOTHING_ON_AIR)
        today = local_day(publication, now)
        cues = [cue for cue in self._on_air.cues(now) if cue.occurrence.day == today]
        if not cues:
            return refused(Reason.NOTHING_TO_SAY)
        earliest = min(cues, key=lambda cue: cue.due)
        script = self._script(Play(broadcast=earliest.occurrence.broadcast_id))
        if isinstance(script, Reason):
            return refused(script)
        return self._page(script, BUTTON, above_quiet_hours=False)

    def _arm(self, script: Script, asker: Asker, at: datetime) -> Reply:
        """Let ``script`` wait for ``at``, if nothing that is known already forbids it then."""
        waiting, now = self._on_air.armed.waiting, self._clock.now()
        if at > now + FURTHEST:
            return refused(Reason.NONE, TOO_FAR)
        if self._on_air.is_silenced and script.priority is not Priority.EMERGENCY:
            return refused(Reason.STOPPED, SILENCED)
        if waiting is not None and waiting.turn.script.priority >= script.priority:
            return refused(Reason.BUSY, ARMED_ALREADY)
        outcome, reason = Outcome.REFUSED, self._on_air.why_not(script, instant=at)
        if at < now:
            outcome, reason = Outcome.MISSED, Reason.TOO_LATE
        elif reason is Reason.NONE and self._card.state == "missing":
            outcome, reason = Outcome.MISSED, Reason.CARD_MISSING
        if reason is not Reason.NONE:
            self._record(script, asker, outcome, reason)
            return refused(reason)
        self._on_air.armed.cancel(Outcome.PRE_EMPTED, Reason.HIGHER_PRIORITY)
        return Done(airing=self._on_air.arm(script, asker, at))

    def call(self, request: Play, asker: Asker, on_record: Collection[Reason], *, signal_alone: bool = False) -> Reply:
        """Sound what a contact calls for; whatever is refused is on record, but for reasons that are ``on_record``.

        An emergency whose words are not on air, or ``signal_alone``, is the built-in signal.
        """
        script = self._script(request)
        if request.priority == "emergency" and (signal_alone or isinstance(script, Reason)):
            script = nothing_said(Priority.EMERGENCY, signal_alone=True)
        if isinstance(script, Reason):
            reply: Reply = refused(script)
            script = nothing_said(_PRIORITIES[request.priority])
        else:
            reply = self._page(script, asker, above_quiet_hours=False, records=False)
        if isinstance(reply, Refused) and reply.reason not in on_record:
            missed = reply.reason is Reason.CARD_MISSING
            self._on_air.not_sounded(script, asker, Outcome.MISSED if missed else Outcome.REFUSED, reply.reason)
        return reply

    def _page(self, script: Script, asker: Asker, *, above_quiet_hours: bool, records: bool = True) -> Reply:
        if self._on_air.is_silenced and script.priority is not Priority.EMERGENCY:
            return refused(Reason.STOPPED, SILENCED)
        ahead = self._on_air.ahead_of(script.priority)
        hindrance = self._on_air.turns.hindrance(script, asker, self._on_air.current) if ahead else None
        if hindrance is not None:
            return refused(Reason.BUSY, hindrance)
        outcome, reason = Outcome.REFUSED, self._on_air.why_not(script, above_quiet_hours=above_quiet_hours)
        if reason is Reason.NONE and self._card.state == "missing":
            outcome, reason = Outcome.MISSED, Reason.CARD_MISSING
        if reason is Reason.TOO_SOON and ahead:
            reason = Reason.NONE  # it is asked again when its turn comes
        if reason is not Reason.NONE:
            if records:
                self._record(script, asker, outcome, reason)
            return refused(reason)
        if ahead:
            row = self._on_air.wait(script, asker, above_quiet_hours=above_quiet_hours)
            return Done(airing=row, ahead=ahead)
        return Done(airing=self._on_air.sound(script, asker, above_quiet_hours=above_quiet_hours))

    def _script(self, request: Play) -> Script | Reason:
        publication = self._on_air.publication
        if publication is None:
            return Reason.NOTHING_ON_AIR
        today, priority = local_day(publication, self._clock.now()), _PRIORITIES[request.priority]
        script = None
        if request.named != 1:
            return Reason.UNKNOWN
        if request.broadcast is not None:
            script = script_of_broadcast(publication, request.broadcast, today, priority)
        elif request.message is not None:
            script = script_of_message(publication, request.message, today, priority)
        elif request.bulletin is not None:
            bulletin = self._on_air.bulletins.find(request.bulletin)
            script = script_of_bulletin(publication, bulletin, priority) if bulletin else None
        if script is None:
            return Reason.UNKNOWN
        if not script.messages:
            return Reason.NOTHING_TO_SAY
        volume, repeat = request.volume_percent, request.repeat
        return replace(
            script,
            volume_percent=script.volume_percent if volume is None else volume,
            repeat=script.repeat if repeat is None else repeat,
        )

    def _record(self, script: Script, asker: Asker, outcome: Outcome, reason: Reason) -> None:
        """Write that a page did not sound, but not each of a flood of them."""
        now = self._clock.monotonic()
        fresh = {key: since for key, since in self._refusals.items() if now - since < _SAME_REFUSAL_SECONDS}
        key = (script.broadcast, script.said, script.priority, asker, reason)
        if key not in fresh and len(fresh) < _MOST_REFUSALS:
            self._on_air.not_sounded(script, asker, outcome, reason)
            fresh[key] = now
        self._refusals = fresh


_PRIORITIES: dict[Literal["page", "emergency"], Priority] = {
    "page": Priority.PAGE,
    "emergency": Priority.EMERGENCY,
}
