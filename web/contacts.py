"""外接开关: how the installer's contacts stand, and which messages they need."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from flask_babel import gettext as _

from box.settings import unbound
from speaker.client import SpeakerAway
from speaker.condition import ContactStatus
from speaker.protocol import Status
from speaker.words import contact_sentence, contact_without_message
from web.handed_in import HandedIn
from web.language import ENGLISH, as_sentence, language_now, listed


@dataclass(frozen=True)
class ContactLine:
    """A contact as Today shows it: its name, what it has said, how it stands, and how grave that is (a tone).

    ``stands_out`` is for what a person should see without looking for it; a fault of its wires is an alarm already.
    """

    name: str
    title: str
    how: str
    tone: str
    stands_out: bool


def contact_lines(status: Status | None) -> tuple[ContactLine, ...]:
    """Return a line a contact, in the installer's order."""
    if status is None:
        return ()
    return tuple(
        ContactLine(
            name=one.name,
            title=one.title or one.message,
            how=as_sentence(contact_sentence(one, status.now)),
            tone=_tone(one),
            stands_out=one.call != "none" or one.wants_testing,
        )
        for one in status.contacts
    )


def named_with(house: HandedIn, message_id: str) -> str:
    """Return the contacts that have this message said, for a sentence; empty where none has.

    The speaker knows; while it is away the settings count as the panel read them when it started.
    """
    bound: Collection[tuple[str, str]]
    try:
        bound = [(one.name, one.message) for one in house.speaker.status().contacts]
    except SpeakerAway:
        bound = [(one.name, one.message) for one in house.installed.settings.contacts]
    return listed(_("“%(name)s”", name=name) for name, message in bound if message == message_id)


def without_message(house: HandedIn, messages: Collection[str]) -> str:
    """Return what contacts lack where the programme has just these messages, to stand behind another sentence."""
    lacking = unbound(house.installed.settings.contacts, messages)
    between = " " if language_now() == ENGLISH else ""
    return "".join(between + as_sentence(contact_without_message(contact)) for contact in lacking)


def _tone(contact: ContactStatus) -> str:
    if contact.line == "rest" and contact.call == "none" and not contact.chatters:
        return "poor" if contact.wants_testing else "good"
    return "bad" if contact.priority == "emergency" else "poor"
