"""Which message is said by which recording, and changing that."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import msgspec
from flask_babel import gettext as _

from programme.file import Edition, StaleRevision
from programme.model import Message, Programme
from tts.clip import Progress, ReportProgress
from tts.recordings_take import Take
from web.handed_in import HandedIn
from web.jobs import Finish
from web.saving import air_if_on_air


@dataclass(frozen=True)
class Recorded:
    """How a message stands with recordings. ``take`` is None where it has none, or where that is ``gone``.

    ``question`` says that its text is not one with which somebody said that the recording is to be aired.
    """

    take: Take | None
    gone: bool
    question: bool
    others: tuple[str, ...]
    choices: tuple[Take, ...]

    def must_ask(self, text: str) -> bool:
        """Tell whether she is to be asked what is to be aired, were ``text`` the message's."""
        return self.take is not None and not self.take.agrees_with(text)


def recorded_of(house: HandedIn, programme: Programme, message: Message) -> Recorded:
    """Return how ``message`` stands."""
    take = house.takes.find(message.recording) if message.recording else None
    return Recorded(
        take=take,
        gone=message.recording is not None and take is None,
        question=take is not None and not take.agrees_with(message.text),
        others=tuple(other.title for other in users_of(programme, take.id) if other.id != message.id) if take else (),
        choices=tuple(one for one in house.takes.all() if take is None or one.id != take.id),
    )


def users_of(programme: Programme, take_id: str) -> tuple[Message, ...]:
    """Return the messages that are said by that take."""
    return tuple(message for message in programme.messages if message.recording == take_id)


def with_recording(programme: Programme, message_ids: Collection[str], take_id: str | None) -> Programme:
    """Return the programme in which those messages are said by that take, or by a voice (None)."""
    return msgspec.structs.replace(
        programme,
        messages=tuple(
            msgspec.structs.replace(message, recording=take_id) if message.id in message_ids else message
            for message in programme.messages
        ),
    )


def save_recording(
    house: HandedIn, edition: Edition, programme: Programme, *, author: str, back: str, report: ReportProgress
) -> Finish:
    """Save the programme with its recordings and put it on air if it is; a job's work. Raises SavedNotOnAir."""
    report(Progress(0, 1, _("正在保存")))
    try:
        saved = house.desk.save(programme, edition.revision, author)
    except StaleRevision:
        house.desk.look()
        return Finish(page=back, said=_("刚才有别人也改了节目，没有保存。请看一看，再做一次。"))
    return Finish(page=back, said=air_if_on_air(house, saved, report))
