"""Whether a publication is one to air: held to the programme's own rules, whoever wrote the file."""

from __future__ import annotations

from programme.bulletins import Bulletins, decode_bulletins
from programme.model import Programme
from programme.publication import Publication, decode_publication
from programme.rules import as_messages, hold_to_proper_names, hold_to_the_rules, labels_of


def accepted(content: bytes) -> Publication:
    """Return the publication in ``content``.

    Raises PublicationInvalid for what is no publication, and for one that the programme's rules forbid: the
    panel is where an attacker would sit, and a broadcast repeated a billion times must not reach the speaker.
    """
    publication = decode_publication(content)
    hold_to_the_rules(_programme(publication))
    labels = (publication.revision, publication.sound, publication.shared)
    hold_to_proper_names((*labels, *labels_of(publication.messages)))
    return publication


def accepted_bulletins(content: bytes) -> Bulletins:
    """Return the bulletins in ``content``, held to the same rules as a programme's messages.

    Raises PublicationInvalid for what is none, and for one that the rules forbid.
    """
    bulletins = decode_bulletins(content)
    hold_to_the_rules(Programme(zone="-", messages=as_messages(bulletins.messages)))
    hold_to_proper_names(labels_of(bulletins.messages))
    return bulletins


def _programme(publication: Publication) -> Programme:
    """Return ``publication`` as the programme it was made from, as far as it tells."""
    return Programme(
        zone=publication.zone,
        timezone=publication.timezone,
        volume_percent=publication.volume_percent,
        pause_seconds=publication.pause_seconds,
        messages=as_messages(publication.messages),
        broadcasts=publication.broadcasts,
        exceptions=publication.exceptions,
    )
