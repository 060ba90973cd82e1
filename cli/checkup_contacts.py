"""What ``doctor`` finds of the installer's contacts, as the running speaker sees them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from box.checkup import Finding
from box.folders import Folders
from box.sentences import Sentence
from programme.foreign import read_publication
from programme.publication import PublicationInvalid
from speaker.client import SpeakerAway
from speaker.condition import ContactStatus
from speaker.protocol import Status
from speaker.words import contact_sentence

_MOST_NAMED = 20
_TEST = Sentence(
    "让它触发一次，听见响、记录里有，再恢复", "have it call once, hear it, find it on record, and put it to rest"
)
_LOOK = Sentence("看一看触点和接线，让它恢复", "look at the contact and its wires, and have it at rest")


def check_up_contacts(folders: Folders, status: Callable[[], Status]) -> list[Finding]:
    """Return a finding a contact. What is wrong with its wires or its message is the speaker's alarm besides.

    Of a speaker that is away another finding tells.
    """
    try:
        told = status()
    except SpeakerAway:
        return []
    return [_finding(folders, contact, told) for contact in told.contacts]


def _finding(folders: Folders, contact: ContactStatus, told: Status) -> Finding:
    how = contact_sentence(contact, told.now)
    zh, en = contact.title or f"没有稿件 {contact.message}", contact.title or f"no message {contact.message}"
    what = Sentence(f"外接开关“{contact.name}”（{zh}）：{how.zh}", f"contact “{contact.name}” ({en}): {how.en}")
    code = f"contact-{contact.name}"
    if not contact.title and told.revision:
        return Finding(code, "wrong", what, _messages(folders))
    well = contact.line == "rest" and not contact.chatters and not contact.wants_testing
    state: Literal["good", "note"] = "good" if well else "note"
    return Finding(code, state, what, None if well else _TEST if contact.wants_testing else _LOOK)


def _messages(folders: Folders) -> Sentence:
    """Return how to bind a message that there is, by the names that there are."""
    try:
        messages = read_publication(folders.publication).messages
    except (OSError, PublicationInvalid):
        messages = ()
    names = "、".join(f"{one.id}（{one.title}）" for one in messages[:_MOST_NAMED]) or "—"
    return Sentence(
        f"补上这篇稿件，或在设置里写有的：{names}", f"bring that message back, or name one that there is: {names}"
    )
