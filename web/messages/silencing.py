"""Silencing a message that is taken back while it sounds, or is just about to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from box.sentences import Sentence
from programme.model import Message
from programme.publication import Publication
from speaker.client import SpeakerAway
from speaker.condition import Sounding
from speaker.protocol import Refused, Status
from web.handed_in import Speaker

# The speaker arms a cue 3 s before it is due and takes a publication within a second of its being there: what was
# armed with the old words begins to sound within this time, or not at all.
_STILL_ARMED = timedelta(seconds=5)
_LOOK_EVERY_SECONDS = 0.2


def says(sounding: Sounding, message: Message, on_air: Publication | None) -> bool:
    """Tell whether what sounds says ``message`` now, or would later on in the same broadcast."""
    if sounding.message == message.id or (sounding.broadcast is None and sounding.title == message.title):
        return True
    broadcast = on_air.broadcast(sounding.broadcast) if on_air and sounding.broadcast else None
    return broadcast is not None and message.id in broadcast.messages


def silence(speaker: Speaker, message: Message, on_air: Publication | None, who: str) -> Sentence | None:
    """Stop what sounds if it says ``message``; return why that could not be done, None if it was or need not be."""
    try:
        status = speaker.status()
        if status.sounding is None or not says(status.sounding, message, on_air):
            return None
        reply = speaker.stop(who)
    except SpeakerAway as error:
        return error.sentence
    return Sentence(reply.zh, reply.en) if isinstance(reply, Refused) else None


def silence_what_was_armed(
    speaker: Speaker, message: Message, on_air: Publication | None, who: str, pause: Callable[[float], None]
) -> Sentence | None:
    """Keep silencing ``message`` until nothing that was armed before can say it; as ``silence`` otherwise."""
    looks = round(_STILL_ARMED.total_seconds() / _LOOK_EVERY_SECONDS)
    try:
        if not _is_near(speaker.status()):
            return None
    except SpeakerAway as error:
        return error.sentence
    for _look in range(looks):
        fault = silence(speaker, message, on_air, who)
        if fault is not None:
            return fault
        pause(_LOOK_EVERY_SECONDS)
    return None


def _is_near(status: Status) -> bool:
    """Tell whether something sounds, or may have been armed."""
    near = status.next_due is not None and status.next_due - status.now < 2 * _STILL_ARMED
    return near or status.sounding is not None
