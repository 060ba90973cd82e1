"""A day on one sheet: what will be played, how long it takes, and what a person should know before. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import zip_longest

from box.sentences import Sentence
from programme.calendar_end import unknown_days
from programme.chimes import Chime
from programme.cues import Cue
from programme.day_words import kind_of_day, why_not_among
from programme.foretold import Foretell, Foretold
from programme.hotlines import doubt_sentence, suspicious, text_said
from programme.meeting import sounding_frames
from programme.model import Broadcast, DayException, Message, Programme
from programme.publication import SAMPLE_RATE_HZ, Publication
from programme.shared import Shared, looks_shared
from programme.timetable import airs, cues_on, is_planned
from programme.together import Moved, as_one, together

DAYS_BEFORE = 2  # whose broadcasts are reckoned too: what still sounds at midnight, and what a day's minutes have left
CHARACTERS_A_SECOND = 4.2  # about what a newsreader's voice says, pauses included


@dataclass(frozen=True)
class Said:
    """A message as it is said that day. ``exact`` tells that its length was measured, not estimated."""

    id: str
    title: str
    frames: int
    exact: bool

    @property
    def seconds(self) -> float:
        """Its length, to a tenth of a second."""
        return round(self.frames / SAMPLE_RATE_HZ, 1)


@dataclass(frozen=True)
class DayRow:
    """One broadcast of the day; ``frames`` are of all of it, with chime, pauses, repeats and gaps.

    ``foretold`` is what the speaker will make of it, None where its limits are not known. ``shared``: it is the hub's.
    """

    due: datetime
    broadcast: str
    messages: tuple[Said, ...]
    chime: Chime | None
    repeat: int
    frames: int
    exact: bool
    volume_percent: int
    foretold: Foretold | None
    warnings: tuple[Sentence, ...]
    shared: bool

    @property
    def seconds(self) -> float:
        """The length of all of it, to a tenth of a second."""
        return round(self.frames / SAMPLE_RATE_HZ, 1)


@dataclass(frozen=True)
class Skipped:
    """A broadcast of the programme that is not due that day, and why."""

    at: time
    broadcast: str
    why: Sentence


@dataclass(frozen=True)
class DaySheet:
    """The whole day; ``notes`` are about the day, not about one broadcast. ``skipped`` are in order of time.

    ``kind`` is what kind of day it is: its weekday, its festival, whether people work.
    """

    day: date
    kind: Sentence
    zone: str
    rows: tuple[DayRow, ...]
    skipped: tuple[Skipped, ...]
    notes: tuple[Sentence, ...]


def day_sheet(
    programme: Programme,
    day: date,
    *,
    on_air: Publication | None = None,
    foretell: Foretell | None = None,
    seconds_of: Callable[[Message], float] | None = None,
    shared: Shared | None = None,
) -> DaySheet:
    """Return what ``programme`` plays on the local date ``day``, beside what a hub has this yard say (``shared``).

    A message that is ``on_air`` with the same words has the length of its clip, any other what ``seconds_of`` tells,
    or an estimate. ``foretell`` tells what becomes of each broadcast within the installer's limits.
    """
    both = together(programme, shared)
    moved = {one.broadcast: one for one in both.moved}
    out = [one for one in programme.broadcasts if one.id in both.left_out and is_planned(programme, one, day)]
    programme = as_one(both, shared)
    lengths = _Lengths(programme, on_air, seconds_of, shared)
    cues = cues_on(programme, day)
    before = [cue for days in range(DAYS_BEFORE, 0, -1) for cue in cues_on(programme, day - timedelta(days=days))]
    foretold = foretell((*before, *cues), lengths.frames) if foretell else {}
    rows = []
    for cue, following in zip_longest(cues, (cue.due for cue in cues[1:])):
        row = _row(cue, lengths, foretold.get(cue.occurrence))
        told = (*_why_then(moved.get(row.broadcast)), *_warnings(programme, shared, cue, row, following))
        is_hubs = shared is not None and shared.broadcast(row.broadcast) is not None
        rows.append(replace(row, warnings=told, shared=is_hubs))
    return DaySheet(
        day=day,
        kind=kind_of_day(day, programme.calendar),
        zone=programme.zone,
        rows=tuple(rows),
        skipped=tuple(
            sorted((*_skipped(programme, day), *map(_no_room, out)), key=lambda one: (one.at, one.broadcast))
        ),
        notes=tuple(_notes(programme, day, rows)),
    )


def estimated_seconds(text: str) -> float:
    """Return about how long ``text`` takes to say."""
    return sum(not character.isspace() for character in text) / CHARACTERS_A_SECOND


class _Lengths:
    """How long messages and cues sound: by what is on air with the same words, else by what ``seconds_of`` tells."""

    def __init__(
        self,
        programme: Programme,
        on_air: Publication | None,
        seconds_of: Callable[[Message], float] | None,
        shared: Shared | None,
    ) -> None:
        self._programme = programme
        self._on_air = on_air
        self._seconds_of = seconds_of or (lambda message: estimated_seconds(text_said(message, programme.zone)))
        self._known = {
            one.id: Said(id=one.id, title=one.title, frames=one.frames, exact=True)
            for one in (shared.messages if shared else ())
        }

    def said(self, cue: Cue) -> tuple[Said, ...]:
        """Return what ``cue`` says, once."""
        return tuple(self._said(message) for message in map(self._programme.message, cue.messages) if message)

    def frames(self, cue: Cue) -> int:
        """Return how long all of ``cue`` sounds; nothing where it has nothing to say."""
        said = self.said(cue)
        return sounding_frames(cue, [one.frames for one in said]) if said else 0

    def _said(self, message: Message) -> Said:
        if message.id not in self._known:
            on_air = self._on_air
            published = on_air.message(message.id) if on_air else None
            exact = on_air is not None and published and published.text == text_said(message, on_air.zone)
            frames = published.frames if exact and published else round(self._seconds_of(message) * SAMPLE_RATE_HZ)
            self._known[message.id] = Said(id=message.id, title=message.title, frames=frames, exact=bool(exact))
        return self._known[message.id]


def _row(cue: Cue, lengths: _Lengths, foretold: Foretold | None) -> DayRow:
    said = lengths.said(cue)
    return DayRow(
        due=cue.due,
        broadcast=cue.occurrence.broadcast_id,
        messages=said,
        chime=cue.chime,
        repeat=cue.repeat,
        frames=lengths.frames(cue),
        exact=all(one.exact for one in said),
        volume_percent=cue.volume_percent,
        foretold=foretold,
        warnings=(),
        shared=False,
    )


def _warnings(
    programme: Programme, shared: Shared | None, cue: Cue, row: DayRow, following: datetime | None
) -> Iterator[Sentence]:
    for message_id in cue.expired:
        message = programme.message(message_id)
        title = message.title if message else message_id
        yield Sentence(f"《{title}》这天不在有效期，不播", f"{title!r} is not valid that day and is left out")
    if not row.messages:
        yield Sentence("没有可播的稿件，这一档不响", "nothing to say: it stays silent")
        return
    for said in row.messages:
        judged = shared is not None and shared.message(said.id) is not None  # by the hub
        message = None if judged else programme.message(said.id)
        for doubt in suspicious(message.text, programme.hotlines) if message else ():
            zh, en = doubt_sentence(doubt)
            yield Sentence(f"《{said.title}》：{zh}", f"{said.title!r}: {en}")
    begins, frames = cue.due.astimezone(UTC), row.frames
    if row.foretold is not None:
        begins, frames = row.foretold.begins or begins, row.foretold.frames
        if row.foretold.warning is not None:
            yield row.foretold.warning
    # In UTC: where summer time ends, a sum by the wall's hour is an hour out.
    if following is not None and begins + timedelta(seconds=frames / SAMPLE_RATE_HZ) > following:
        yield Sentence("没播完就到下一档，请缩短或推后", "it still sounds when the next is due: shorten or move one")
    if row.volume_percent == 0:
        yield Sentence("音量是 0，听不见", "the volume is 0: nobody will hear it")


def _why_then(moved: Moved | None) -> Iterator[Sentence]:
    if moved is not None:
        yield Sentence(
            f"{moved.at:%H:%M} 和社区统一的撞在一起，改在 {moved.now_at:%H:%M} 播",
            f"the community's is due at {moved.at:%H:%M}: it is aired at {moved.now_at:%H:%M}",
        )


def _no_room(broadcast: Broadcast) -> Skipped:
    why = Sentence("社区统一的节目太多，暂时播不了", "the community's programme leaves no room for it")
    if looks_shared(broadcast.id):
        why = Sentence(
            "编号以 c- 开头的是社区统一的，请换个编号", "ids that begin with c- are the community's: give it another"
        )
    return Skipped(at=broadcast.at, broadcast=broadcast.id, why=why)


def _skipped(programme: Programme, day: date) -> Iterator[Skipped]:
    for broadcast in programme.broadcasts:
        if not is_planned(programme, broadcast, day):
            why = why_not_among(broadcast.days)
        elif not airs(broadcast.id, day, programme.exceptions):
            reasons = [one.reason for one in programme.exceptions if _stops(one, broadcast, day)]
            why = Sentence(f"{'、'.join(reasons)}，这天停播", f"not aired that day: {', '.join(reasons)}")
        else:
            continue
        yield Skipped(at=broadcast.at, broadcast=broadcast.id, why=why)


def _stops(exception: DayException, broadcast: Broadcast, day: date) -> bool:
    return exception.first <= day <= exception.last and not airs(broadcast.id, day, [exception])


def _notes(programme: Programme, day: date, rows: Sequence[DayRow]) -> Iterator[Sentence]:
    for exception in programme.exceptions:
        if exception.first <= day <= exception.last:
            yield Sentence(f"特殊日子：{exception.reason}", f"an exception: {exception.reason}")
    yield from unknown_days(programme, day)
    if not rows:
        yield Sentence("这天没有广播", "nothing is broadcast that day")
