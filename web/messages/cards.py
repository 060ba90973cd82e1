"""A message as the list of messages shows it."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from box.sentences import Sentence
from programme.file import Edition
from programme.hotlines import text_said
from programme.model import Message
from programme.publication import SAMPLE_RATE_HZ, Publication
from web.day import local_day
from web.handed_in import HandedIn
from web.language import listed
from web.lengths import published_as
from web.messages.validity import State, state_on, validity_words
from web.voice.recordings_use import recorded_of
from web.words import about, voice_name


@dataclass(frozen=True)
class Card:
    """A message in the list."""

    id: str
    title: str
    first_words: str
    length: str
    voice: str
    stand_in: bool
    why: Sentence | None
    clip: str
    draft: bool
    question: bool
    used_at: str
    validity: str
    source: str
    state: State


def card_of(house: HandedIn, edition: Edition, on_air: Publication | None, message: Message) -> Card:
    """Return the card of ``message``; its clip is the one on air, as long as that says the same words the same way."""
    published = published_as(on_air, message)
    recorded = recorded_of(house, edition.programme, message)
    words = " ".join(message.text.split())
    return Card(
        id=message.id,
        title=message.title,
        first_words=words[:42] + ("…" if len(words) > 42 else ""),
        length=about(published.frames / SAMPLE_RATE_HZ)
        if published
        else about(house.seconds_of(message))
        if message.recording
        else house.length_of(text_said(message, edition.programme.zone)),
        voice=_("%(who)s的录音", who=recorded.take.who)
        if recorded.take
        else voice_name(message.voice or edition.programme.voice),
        stand_in=published.stand_in if published else False,
        why=published.stand_in_why if published else None,
        clip=published.clip if published else "",
        question=recorded.question or recorded.gone,
        draft=house.drafts.find(message.id) is not None,
        used_at=listed(
            f"{broadcast.at:%H:%M}" for broadcast in edition.programme.broadcasts if message.id in broadcast.messages
        ),
        validity=validity_words(message),
        source=listed(one for one in (message.source, message.author) if one),
        state=state_on(message, local_day(house.clock.now(), edition.programme)),
    )
