"""What is published, held to the programme's own rules, whoever wrote the file."""

from __future__ import annotations

from collections.abc import Iterable

from programme.checking import first_fault_in
from programme.model import Message, Programme
from programme.publication import PublicationInvalid, PublishedMessage

_LONGEST_LABEL = 80  # characters of a revision, a sound, a voice or an engine: they go into the log and onto a terminal


def hold_to_the_rules(programme: Programme) -> None:
    """Raise PublicationInvalid for what the rules forbid: a broadcast repeated a billion times reaches nobody."""
    fault = first_fault_in(programme)
    if fault is not None:
        raise PublicationInvalid(
            f"播出文件不合规定，没有采用：{fault.zh}", f"the publication breaks the rules and was refused: {fault.en}"
        )


def hold_to_proper_names(labels: Iterable[str]) -> None:
    """Raise PublicationInvalid where one of ``labels`` is too long to be a name, or can't be printed."""
    if not all(len(label) <= _LONGEST_LABEL and label.isprintable() for label in labels):
        raise PublicationInvalid(
            "播出文件不合规定，没有采用：版本或声音的名称不对",
            "the publication breaks the rules and was refused: a revision, voice or engine has no proper name",
        )


def labels_of(messages: Iterable[PublishedMessage]) -> Iterable[str]:
    """Yield the names that ``messages`` have for their voices."""
    for message in messages:
        yield from (message.voice, message.engine)


def as_messages(published: Iterable[PublishedMessage]) -> tuple[Message, ...]:
    """Return what was published as the messages it was made from, as far as it tells."""
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
