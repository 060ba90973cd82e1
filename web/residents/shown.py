"""What residents are shown: the words that were aired in the last 24 hours, each once, the newest first. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from box.seconds import nearest_second
from programme.publication import Publication, PublishedMessage
from programme.timetable import cues_on
from speaker.airing import Outcome
from speaker.record import Airing, Said
from web.archive import Archived

LOOKS_BACK = timedelta(hours=24)
LOOKS_AHEAD_DAYS = 8
MOST_SHOWN = 60  # wordings: a day has five or so


class _Wording(NamedTuple):
    """What makes one thing that was said another: its message and words, its sound, and whether it counts no more."""

    message: str
    title: str
    text: str
    clip: str
    withdrawn: Archived | None


@dataclass(frozen=True)
class Aired:
    """What was said, when it began to sound, whether it sounded to its end, and whether as an emergency."""

    said: Said
    at: datetime
    whole: bool
    is_emergency: bool


@dataclass(frozen=True)
class Withdrawal:
    """When and why a message was withdrawn, and what is said in its place, if there is anything yet."""

    at: datetime
    reason: str
    correction: PublishedMessage | None


@dataclass(frozen=True)
class Shown:
    """One wording, the newest airing first. ``valid_until`` and ``next_due`` are of the message as it is on air now.

    ``is_current``: those words are on air still; ``is_changed``: the message is, with other words.
    """

    aired: tuple[Aired, ...]
    valid_until: date | None = None
    next_due: datetime | None = None
    is_current: bool = False
    is_changed: bool = False
    withdrawal: Withdrawal | None = None

    @property
    def said(self) -> Said:
        """What was said, as the newest airing has it."""
        return self.aired[0].said

    @property
    def clip(self) -> str:
        """The clip that may be heard, empty where none may."""
        return self.said.clip if self.withdrawal is None else ""


def shown(
    airings: Iterable[Airing],
    on_air: Publication | None,
    withdrawn: Sequence[Archived],
    now: datetime,
    *,
    due: Mapping[str, datetime],
    frames_of: Callable[[str], int | None],
) -> tuple[Shown, ...]:
    """Return what sounded since a day ago. ``withdrawn`` are the entries of the archive, the newest first.

    ``due`` is when each message comes next. ``frames_of`` tells how long a clip is, None where that is not known now.
    """
    wordings: dict[_Wording, list[Aired]] = {}
    for at, row, said in sorted(_heard(airings, now, frames_of), key=lambda one: one[0], reverse=True):
        wording = _Wording(said.message, said.title, said.text, said.clip, _withdrawal_of(withdrawn, said.message, at))
        times = wordings.setdefault(wording, [])
        times.append(Aired(said, at, row.outcome is Outcome.AIRED, row.priority == "emergency"))
    return tuple(
        _shown(wording, tuple(times), on_air, due.get(wording.message))
        for wording, times in list(wordings.items())[:MOST_SHOWN]
    )


def next_due(on_air: Publication | None, now: datetime) -> dict[str, datetime]:
    """Return when each message is due next, as far as the coming week has it."""
    found: dict[str, datetime] = {}
    if on_air is None:
        return found
    today = now.astimezone(ZoneInfo(on_air.timezone)).date()
    for number in range(LOOKS_AHEAD_DAYS):
        for cue in cues_on(on_air, today + timedelta(days=number)):
            if cue.due > now:
                for message in cue.messages:
                    found.setdefault(message, cue.due)
    return found


def _shown(wording: _Wording, aired: tuple[Aired, ...], on_air: Publication | None, due: datetime | None) -> Shown:
    entry = wording.withdrawn
    if entry is not None:
        return Shown(aired, withdrawal=Withdrawal(entry.at, entry.reason, _correction(entry, on_air)))
    message = on_air.message(wording.message) if on_air else None
    if message is None:
        return Shown(aired)
    is_current = message.text == wording.text
    return Shown(aired, valid_until=message.valid_until, next_due=due, is_current=is_current, is_changed=not is_current)


def _heard(
    airings: Iterable[Airing], now: datetime, frames_of: Callable[[str], int | None]
) -> Iterator[tuple[datetime, Airing, Said]]:
    for row in airings:
        at = row.started or row.due or row.ended
        if at is not None and row.frames_played and now - LOOKS_BACK <= at <= now:
            for said in _begun(row, frames_of):
                yield nearest_second(at), row, said


def _begun(row: Airing, frames_of: Callable[[str], int | None]) -> Iterator[Said]:
    """Yield what of a row can have begun to sound: of one that was cut, not what came after the cut."""
    before = 0
    for said in row.said:
        if row.outcome is not Outcome.AIRED and before >= row.frames_played:
            return
        yield said
        before += frames_of(said.clip) or 0


def _withdrawal_of(withdrawn: Sequence[Archived], message: str, aired: datetime) -> Archived | None:
    """Return how what was aired then was withdrawn: an airing after it is of another message by that name."""
    for entry in withdrawn:
        taken = entry.aside.message
        if entry.reason and taken is not None and taken[1].id == message and aired <= entry.at:
            return entry
    return None


def _correction(entry: Archived, on_air: Publication | None) -> PublishedMessage | None:
    """Return what was put in its place. One that had to be approved says nothing of its writer's until it was."""
    message = on_air.message(entry.correction) if on_air and entry.correction else None
    if message is None or (entry.correction_waits and not message.approved):
        return None
    return message
