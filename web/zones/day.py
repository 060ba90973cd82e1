"""What a zone says on a day besides its own: reckoned from what the hub ordered it to say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from fleet.wire.documents import SharedProgramme
from programme.publication import Publication
from programme.timetable import cues_on
from web.handed_in import handed_in
from web.words import part_of_day

USUAL_VOLUME_PERCENT = 80  # nothing of the day depends on it; a zone without an order of its own keeps its own


@dataclass(frozen=True)
class Cued:
    """A broadcast of that day, with the messages, titles and texts that it says."""

    at: str
    part: str
    messages: tuple[str, ...]
    texts: tuple[tuple[str, str], ...]

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles alone."""
        return tuple(title for title, _ in self.texts)


def cued_on(shared: SharedProgramme, day: date, timezone: str) -> tuple[Cued, ...]:
    """Return what ``shared`` has said on ``day``, in the order of due."""
    plan = _plan(shared, timezone)
    found = []
    for cue in cues_on(plan, day):
        said = [message for message in map(plan.message, cue.messages) if message]
        if said:
            texts = tuple((message.title, message.text) for message in said)
            ids = tuple(message.id for message in said)
            found.append(Cued(f"{cue.due:%H:%M}", part_of_day(cue.due.time()), ids, texts))
    return tuple(found)


def titled(messages: Iterable[str]) -> tuple[str, ...]:
    """Return the titles of messages of this hub, by their ids; one that is gone meanwhile keeps its id."""
    edition = handed_in().desk.on_desk().edition
    known = {one.id: one.title for one in edition.programme.messages} if edition else {}
    return tuple(known.get(one, one) for one in messages)


def _plan(shared: SharedProgramme, timezone: str) -> Publication:
    return Publication(
        revision=shared.revision,
        published=shared.published,
        zone=shared.zone,
        timezone=timezone,
        volume_percent=USUAL_VOLUME_PERCENT if shared.volume_percent is None else shared.volume_percent,
        broadcasts=shared.broadcasts,
        messages=tuple(one.message for one in shared.messages),
        exceptions=shared.exceptions,
        calendar=shared.calendar,
    )
