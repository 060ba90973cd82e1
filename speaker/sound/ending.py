"""How a rundown ended: what is said of it, by what ended it and by whether any of it was heard."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from speaker.airing import Outcome, Reason, Result, Rundown
from speaker.sound.inbox import Begin, Command, End


class Counted(Protocol):
    """What has sounded of a rundown: ``Sounding``."""

    played: int
    started: datetime | None
    ended: datetime | None


def ended_by(command: Command) -> tuple[Outcome, Reason]:
    """Return how a rundown ends in whose midst ``command`` comes."""
    if isinstance(command, Begin):
        return Outcome.PRE_EMPTED, Reason.HIGHER_PRIORITY
    if isinstance(command, End):
        return Outcome.CUT, command.reason
    return Outcome.CUT, Reason.SHUT_DOWN


def result_of(rundown: Rundown, outcome: Outcome, reason: Reason, sounding: Counted | None, now: datetime) -> Result:
    """Return what became of ``rundown``, with the figures of ``sounding``; None where it came to no sound.

    What nobody heard was not cut: without a card or a whole clip it was missed, in quiet hours it was refused.
    """
    started = sounding.started if sounding is not None else None
    played = sounding.played if sounding is not None else 0
    ended = sounding.ended if sounding is not None else None
    if not played:
        outcome, reason = _unheard(outcome, reason)
    due = rundown.due
    return Result(
        outcome=outcome,
        reason=reason,
        frames_played=played,
        started=started,
        ended=ended or now,
        lateness_ms=(started - due).total_seconds() * 1000 if started is not None and due is not None else None,
    )


def _unheard(outcome: Outcome, reason: Reason) -> tuple[Outcome, Reason]:
    if reason is Reason.CARD_LOST:
        return Outcome.MISSED, Reason.CARD_MISSING
    if reason is Reason.CLIP_DAMAGED:
        return Outcome.MISSED, reason
    if reason is Reason.QUIET_HOURS:
        return Outcome.REFUSED, reason
    return outcome, reason
