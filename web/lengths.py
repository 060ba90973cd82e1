"""How long a message really sounds: as long as its clip on air where that says the same, else as can be reckoned."""

from __future__ import annotations

from collections.abc import Callable

from programme.hotlines import text_said
from programme.model import Message
from programme.publication import SAMPLE_RATE_HZ, Publication, PublishedMessage
from tts.recordings import ENGINE
from web.handed_in import HandedIn


def published_as(on_air: Publication | None, message: Message) -> PublishedMessage | None:
    """Return the clip on air that says ``message`` with the same words in the same way, or None."""
    published = on_air.message(message.id) if on_air else None
    if on_air is None or published is None or published.text != text_said(message, on_air.zone):
        return None
    return published if (published.engine == ENGINE) == (message.recording is not None) else None


def real_seconds(house: HandedIn, on_air: Publication | None) -> Callable[[Message], float]:
    """Return what tells the length of a message in seconds."""

    def seconds(message: Message) -> float:
        published = published_as(on_air, message)
        return published.frames / SAMPLE_RATE_HZ if published else house.seconds_of(message)

    return seconds
