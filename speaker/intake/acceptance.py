"""Whether a publication is one to air: held to the programme's own rules, whoever wrote the file."""

from __future__ import annotations

from programme.checking import first_fault_in
from programme.model import Message, Programme
from programme.publication import Publication, PublicationInvalid, decode_publication

_LONGEST_LABEL = 80  # characters of a revision, a voice or an engine: they go into the log and onto a terminal


def accepted(content: bytes) -> Publication:
    """Return the publication in ``content``.

    Raises PublicationInvalid for what is no publication, and for one that the programme's rules forbid: the
    panel is where an attacker would sit, and a broadcast repeated a billion times must not reach the speaker.
    """
    publication = decode_publication(content)
    fault = first_fault_in(_programme(publication))
    if fault is not None:
        raise PublicationInvalid(
            f"播出文件不合规定，没有采用：{fault.zh}", f"the publication breaks the rules and was refused: {fault.en}"
        )
    labels = {publication.revision}
    for message in publication.messages:
        labels |= {message.voice, message.engine}
    if not all(len(label) <= _LONGEST_LABEL and label.isprintable() for label in labels):
        raise PublicationInvalid(
            "播出文件不合规定，没有采用：版本或声音的名称不对",
            "the publication breaks the rules and was refused: a revision, voice or engine has no proper name",
        )
    return publication


def _programme(publication: Publication) -> Programme:
    """Return ``publication`` as the programme it was made from, as far as it tells."""
    return Programme(
        zone=publication.zone,
        timezone=publication.timezone,
        volume_percent=publication.volume_percent,
        messages=tuple(
            Message(
                id=message.id,
                title=message.title,
                text=message.text,
                recording=message.clip,  # what has its clip may be without words
                valid_from=message.valid_from,
                valid_until=message.valid_until,
            )
            for message in publication.messages
        ),
        broadcasts=publication.broadcasts,
        exceptions=publication.exceptions,
    )
