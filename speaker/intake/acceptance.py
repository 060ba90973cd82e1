"""Whether a publication is one to air: held to the programme's own rules, whoever wrote the file."""

from __future__ import annotations

from collections.abc import Iterable

from programme.bulletins import Bulletins, decode_bulletins
from programme.checking import first_fault_in
from programme.model import Message, Programme
from programme.publication import Publication, PublicationInvalid, PublishedMessage, decode_publication

_LONGEST_LABEL = 80  # characters of a revision, a sound, a voice or an engine: they go into the log and onto a terminal


def accepted(content: bytes) -> Publication:
    """Return the publication in ``content``.

    Raises PublicationInvalid for what is no publication, and for one that the programme's rules forbid: the
    panel is where an attacker would sit, and a broadcast repeated a billion times must not reach the speaker.
    """
    publication = decode_publication(content)
    _keep_the_rules(_programme(publication))
    _have_proper_names((publication.revision, publication.sound, *_labels(publication.messages)))
    return publication


def accepted_bulletins(content: bytes) -> Bulletins:
    """Return the bulletins in ``content``, held to the same rules as a programme's messages.

    Raises PublicationInvalid for what is none, and for one that the rules forbid.
    """
    bulletins = decode_bulletins(content)
    _keep_the_rules(Programme(zone="-", messages=_messages(bulletins.messages)))
    _have_proper_names(_labels(bulletins.messages))
    return bulletins


def _keep_the_rules(programme: Programme) -> None:
    fault = first_fault_in(programme)
    if fault is not None:
        raise PublicationInvalid(
            f"播出文件不合规定，没有采用：{fault.zh}", f"the publication breaks the rules and was refused: {fault.en}"
        )


def _have_proper_names(labels: Iterable[str]) -> None:
    if not all(len(label) <= _LONGEST_LABEL and label.isprintable() for label in labels):
        raise PublicationInvalid(
            "播出文件不合规定，没有采用：版本或声音的名称不对",
            "the publication breaks the rules and was refused: a revision, voice or engine has no proper name",
        )


def _labels(messages: Iterable[PublishedMessage]) -> Iterable[str]:
    for message in messages:
        yield from (message.voice, message.engine)


def _programme(publication: Publication) -> Programme:
    """Return ``publication`` as the programme it was made from, as far as it tells."""
    return Programme(
        zone=publication.zone,
        timezone=publication.timezone,
        volume_percent=publication.volume_percent,
        pause_seconds=publication.pause_seconds,
        messages=_messages(publication.messages),
        broadcasts=publication.broadcasts,
        exceptions=publication.exceptions,
    )


def _messages(published: Iterable[PublishedMessage]) -> tuple[Message, ...]:
    return tuple(
        Message(
            id=message.id,
            title=message.title,
            text=message.text,
            recording=message.clip,  # what has its clip may be without words
            valid_from=message.valid_from,
            valid_until=message.valid_until,
        )
        for message in published
    )
