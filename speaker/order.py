"""What is left of an airing that was cut, and until when it may go on. Pure; the rules are in docs/order.md."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from programme.cues import Cue, Occurrence
from programme.model import AfterCut
from programme.publication import SAMPLE_RATE_HZ, Publication, PublishedMessage
from speaker.airing import FADE_FRAMES, Rundown, Sound
from speaker.limits import HardLimits
from speaker.script import Script

PAGE_WAITS = timedelta(minutes=10)  # as long as a broadcast waits where it says nothing else
MOST_PARTS = 20  # of one airing; what is cut more often than that is left cut, so that its row stays small


def rule_of(occurrence: Occurrence | None, publication: Publication | None) -> AfterCut:
    """Return how an airing that was cut goes on: by the rule of its broadcast that is on air, or as a page does."""
    if occurrence is None:
        return AfterCut.NEXT_MESSAGE
    broadcast = publication.broadcast(occurrence.broadcast_id) if publication else None
    return broadcast.after_cut if broadcast else AfterCut.DROP


def rest_of(script: Script, rundown: Rundown, frames_played: int, rule: AfterCut) -> Script | None:
    """Return what of ``script`` is said when it goes on, after so much of ``rundown`` has sounded; None if nothing."""
    if rule is AfterCut.DROP:
        return None
    if rule is AfterCut.START:
        return replace(script, said_before=0)
    said = script.said_before + _said_whole(rundown, frames_played)
    return replace(script, said_before=said) if said < script.repeat * len(script.messages) else None


def as_on_air(script: Script, publication: Publication) -> Script | None:
    """Return ``script`` without the messages that are not on air any more as they were; None if nothing is left."""
    if script.signal_alone:
        return script
    stays = [_is_on_air(one, script, publication) for one in script.messages]
    count = len(stays)
    before = sum(stays[number % count] for number in range(script.said_before))
    messages = tuple(one for one, here in zip(script.messages, stays, strict=True) if here)
    left = replace(script, messages=messages, said_before=before)
    return left if before < script.repeat * len(messages) else None


def may_go_on_until(cue: Cue, sounded_frames: int, limits: HardLimits) -> datetime:
    """Return the last instant at which a cut broadcast may go on: all its delays together are within its grace."""
    due = cue.due.astimezone(UTC)
    within = cue.grace + timedelta(seconds=sounded_frames / SAMPLE_RATE_HZ)
    return limits.quiet_from(due, within) or due + within


def _said_whole(rundown: Rundown, frames_played: int) -> int:
    """Return how many of its messages were said to their end before the fade began."""
    heard, end, count = frames_played - FADE_FRAMES, 0, 0
    for item in rundown.items:
        end += item.frames
        count += isinstance(item, Sound) and item.message_id is not None and end <= heard
    return count


def _is_on_air(message: PublishedMessage, script: Script, publication: Publication) -> bool:
    if script.is_bulletin:  # in no publication, and never taken back
        return True
    published = publication.message(message.id)
    if published is None or published.text != message.text:
        return False
    if script.broadcast is None:
        return True
    broadcast = publication.broadcast(script.broadcast)
    return broadcast is not None and message.id in broadcast.messages
