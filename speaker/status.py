"""How the speaker is: what the panel's first page and ``xiaolaba status`` show. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Literal

import msgspec

from programme.cues import Cue, Occurrence
from programme.publication import SAMPLE_RATE_HZ, Publication
from speaker.airing import Outcome, Position, Reason
from speaker.asrun.ledger import Ledger
from speaker.condition import CueStatus, QuietRequest, Sounding
from speaker.due import is_owed_at_all, must_not_sound
from speaker.limits import HardLimits
from speaker.record import PRIORITY_NAMES
from speaker.run import Run

State = Literal["later", "next", "sounding", "held", "aired", "cut", "pre-empted", "missed", "refused", "not-owed"]

_STATES: dict[Outcome, State] = {
    Outcome.AIRED: "aired",
    Outcome.CUT: "cut",
    Outcome.PRE_EMPTED: "pre-empted",
    Outcome.MISSED: "missed",
    Outcome.REFUSED: "refused",
}


def sounding_of(run: Run | None, position: Position | None) -> Sounding | None:
    """Return what sounds now; None in silence and while something is only armed."""
    if run is None or (position is None and run.occurrence is not None):
        return None
    if position is None:  # a page sounds from when it is asked for, also while the amplifier wakes: it can be stopped
        position = Position(0, run.rundown.frames, None)
    said = run.script.said
    message = next((one for one in said if one.message == position.message_id), said[0])  # the chime opens the first
    return Sounding(
        priority=PRIORITY_NAMES[run.priority],
        broadcast=run.script.broadcast,
        message=position.message_id,
        title=message.title,
        text=message.text,
        position_seconds=position.frames_played / SAMPLE_RATE_HZ,
        length_seconds=position.frames / SAMPLE_RATE_HZ,
    )


def cues_status(
    cues: Sequence[tuple[Cue, int]],
    *,
    publication: Publication,
    ledger: Ledger,
    limits: HardLimits,
    now: datetime,
    sounding: Occurrence | None,
    held: Collection[Occurrence] = (),
    is_lost: bool = False,
    quiet: QuietRequest | None = None,
) -> tuple[CueStatus, ...]:
    """Return how each of today's ``cues`` stands; each comes with the frames it will take.

    ``held`` are those that were cut and go on.
    ``is_lost`` says that nobody knows what time it is: what has not sounded will not.
    """
    states: list[CueStatus] = []
    next_is_told = False
    for cue, frames in cues:
        state = _cue_status(
            cue, frames, publication=publication, ledger=ledger, limits=limits, now=now, sounding=sounding, quiet=quiet
        )
        if cue.occurrence in held:
            state = msgspec.structs.replace(state, state="held", reason=Reason.NONE)
        if state.state == "later" and is_lost:
            state = msgspec.structs.replace(state, state="refused", reason=Reason.CLOCK_UNTRUSTED)
        elif state.state == "later" and not next_is_told:
            state = msgspec.structs.replace(state, state="next")
            next_is_told = True
        states.append(state)
    return tuple(states)


def next_due(
    cues: Sequence[Cue], ledger: Ledger, limits: HardLimits, now: datetime, quiet: QuietRequest | None = None
) -> datetime | None:
    """Return when the next broadcast is due that will sound."""
    coming = [
        cue.due
        for cue in cues
        if cue.due > now and must_not_sound(cue, limits, quiet) is None and not _has_ended(ledger, cue.occurrence)
    ]
    return min(coming, default=None)


def _cue_status(
    cue: Cue,
    frames: int,
    *,
    publication: Publication,
    ledger: Ledger,
    limits: HardLimits,
    now: datetime,
    sounding: Occurrence | None,
    quiet: QuietRequest | None,
) -> CueStatus:
    attempts = ledger.of(cue.occurrence)
    last = attempts[-1] if attempts else None
    state: State = "later"
    reason = Reason.NONE
    if cue.occurrence == sounding and cue.due <= now:
        state = "sounding"
    elif last is not None and last.outcome is not None:
        state, reason = _STATES[last.outcome], last.reason
        frames = last.frames_played or frames
    elif last is None and cue.due <= now and not is_owed_at_all(cue, ledger):
        state = "not-owed"
    else:
        hindrance = must_not_sound(cue, limits, quiet)
        if hindrance is not None:
            state, reason = _STATES[hindrance.outcome], hindrance.reason
    titles = (publication.message(name) for name in cue.messages)
    return CueStatus(
        broadcast=cue.occurrence.broadcast_id,
        due=cue.due,
        titles=tuple(message.title for message in titles if message is not None),
        seconds=frames / SAMPLE_RATE_HZ,
        state=state,
        reason=reason,
    )


def _has_ended(ledger: Ledger, occurrence: Occurrence) -> bool:
    attempts = ledger.of(occurrence)
    return bool(attempts) and attempts[-1].outcome is not None
