"""A message as it is published: its clip, rendered or recorded, and its words as one yard says them."""

from __future__ import annotations

from typing import Protocol

from box.sentences import XiaolabaError
from programme.credits import Credits
from programme.hotlines import text_said
from programme.model import Message
from programme.publication import PublishedMessage
from programme.zones import said_in
from tts.clip import Clip, Studio


class MessageNotRendered(XiaolabaError):
    """One message could not be made into a clip, so nothing was published; what was on air stays on air."""


class TakesToAir(Protocol):
    """The recordings that messages may name."""

    def clip(self, take_id: str) -> Clip:
        """Return the clip of a recording; raises TakeMissing or EngineError."""
        ...


class Rendered:
    """Makes messages ready to be published. ``credits`` knows who wrote each."""

    def __init__(self, studio: Studio, takes: TakesToAir, credits: Credits | None) -> None:
        self._studio = studio
        self._takes = takes
        self._credits = credits

    def message(self, message: Message, voice: str, zone: str) -> PublishedMessage:
        """Return ``message`` as the yard called ``zone`` says it; ``voice`` is the programme's, where it has none.

        Raises MessageNotRendered naming it.
        """
        clip = self._clip(message, voice, zone)
        credit = self._credits.of(message) if self._credits else None
        return PublishedMessage(
            id=message.id,
            title=said_in(message.title, zone),
            text=text_said(message, zone),
            clip=clip.sha256,
            frames=clip.frames,
            voice=clip.voice,
            engine=clip.engine,
            stand_in=clip.stand_in,
            stand_in_why=clip.why,
            valid_from=message.valid_from,
            valid_until=message.valid_until,
            source=message.source or "",
            author=message.author or "",
            wrote=credit.wrote if credit else "",
            approved=credit.approved if credit else "",
        )

    def _clip(self, message: Message, voice: str, zone: str) -> Clip:
        try:
            if message.recording is not None:
                return self._takes.clip(message.recording)
            return self._studio.clip(text_said(message, zone), message.voice or voice)
        except XiaolabaError as error:
            sentence = error.sentence
            raise MessageNotRendered(
                f"稿件“{message.title}”没有生成声音：{sentence.zh}",
                f"message “{message.id}” was not rendered: {sentence.en}",
            ) from error
