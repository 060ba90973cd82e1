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
from programme.hotlines import doubt_sentence, suspicious, text_said
from programme.meeting import sounding_seconds
from programme.model import Broadcast, DayException, Message, Programme
from programme.publication import SAMPLE_RATE_HZ, Publication
from programme.timetable import airs, cues_on, is_planned

CHARACTERS_A_SECOND = 4.2  # about what a newsreader's voice says, pauses included


@dataclass(frozen=True)
class Said:
    """A message as it is said that day. ``exact`` tells that ``seconds`` were measured, not estimated."""

    id: str
    title: str
    seconds: float
    exact: bool


@dataclass(frozen=True)
class DayRow:
    """One broadcast of the day; ``seconds`` are of all of it, with chime, pauses, repeats and gaps."""

    due: datetime
    broadcast: str
    messages: tuple[Said, ...]
    chime: Chime | None
    repeat: int
    seconds: float
    exact: bool
    volume_percent: int
    warnings: tuple[Sentence, ...]


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
    is_quiet: Callable[[datetime], bool] = lambda _: False,
    longest: timedelta = timedelta.max,
    seconds_of: Callable[[Message], float] | None = None,
) -> DaySheet:
    """Return what ``programme`` plays on the local date ``day``.

    A message that is ``on_air`` with the same words has the length of its clip, any other what ``seconds_of`` tells,
    or an estimate. ``is_quiet`` and ``longest`` are the installer's limits, only to warn of them.
    """
    seconds_of = seconds_of or (lambda message: estimated_seconds(text_said(message, programme.zone)))
    cues = cues_on(programme, day)
    rows = []
    for cue, following in zip_longest(cues, (cue.due for cue in cues[1:])):
        row = _row(programme, cue, on_air, seconds_of)
        warnings = tuple(_warnings(programme, cue, row, following, is_quiet, longest))
        rows.append(replace(row, warnings=warnings))
    return DaySheet(
        day=day,
        kind=kind_of_day(day, programme.calendar),
        zone=programme.zone,
        rows=tuple(rows),
        skipped=tuple(sorted(_skipped(programme, day), key=lambda one: (one.at, one.broadcast))),
        notes=tuple(_notes(programme, day, rows)),
    )


def estimated_seconds(text: str) -> float:
    """Return about how long ``text`` takes to say."""
    return sum(not character.isspace() for character in text) / CHARACTERS_A_SECOND


def _row(programme: Programme, cue: Cue, on_air: Publication | None, seconds_of: Callable[[Message], float]) -> DayRow:
    said = tuple(_said(message, on_air, seconds_of) for message in map(programme.message, cue.messages) if message)
    seconds = sounding_seconds(
        cue.chime,
        [one.seconds for one in said],
        repeat=cue.repeat,
        gap_seconds=cue.gap_seconds,
        pause_seconds=cue.pause_seconds,
    )
    return DayRow(
        due=cue.due,
        broadcast=cue.occurrence.broadcast_id,
        messages=said,
        chime=cue.chime,
        repeat=cue.repeat,
        seconds=round(seconds, 1) if said else 0.0,
        exact=all(one.exact for one in said),
        volume_percent=cue.volume_percent,
        warnings=(),
    )


def _said(message: Message, on_air: Publication | None, seconds_of: Callable[[Message], float]) -> Said:
    published = on_air.message(message.id) if on_air else None
    if on_air and published and published.text == text_said(message, on_air.zone):
        seconds = round(published.frames / SAMPLE_RATE_HZ, 1)
        return Said(id=message.id, title=message.title, seconds=seconds, exact=True)
    seconds = round(seconds_of(message), 1)
    return Said(id=message.id, title=message.title, seconds=seconds, exact=False)


def _warnings(  # noqa: PLR0917 - private; each is one fact that a warning is about
    programme: Programme,
    cue: Cue,
    row: DayRow,
    following: datetime | None,
    is_quiet: Callable[[datetime], bool],
    longest: timedelta,
) -> Iterator[Sentence]:
    for message_id in cue.expired:
        message = programme.message(message_id)
        title = message.title if message else message_id
        yield Sentence(f"《{title}》这天不在有效期，不播", f"{title!r} is not valid that day and is left out")
    if not row.messages:
        yield Sentence("没有可播的稿件，这一档不响", "nothing to say: it stays silent")
        return
    for said in row.messages:
        message = programme.message(said.id)
        for doubt in suspicious(message.text, programme.hotlines) if message else ():
            zh, en = doubt_sentence(doubt)
            yield Sentence(f"《{said.title}》：{zh}", f"{said.title!r}: {en}")
    length = timedelta(seconds=row.seconds)
    ends = cue.due.astimezone(UTC) + length  # where summer time ends, a sum by the wall's hour is an hour out
    if is_quiet(cue.due):
        yield Sentence("在安静时段里，不会响", "in the quiet hours: it will not sound")
    elif is_quiet(ends):
        yield Sentence("没播完就到安静时段，会被截断", "the quiet hours begin before it ends: it will be cut")
    if length > longest:
        minutes = longest.total_seconds() / 60
        yield Sentence(
            f"超过一次最长 {minutes:.0f} 分钟，会被截断", f"over the longest {minutes:.0f} minutes: it will be cut"
        )
    if following is not None and ends > following:
        yield Sentence("没播完就到下一档，请缩短或推后", "it still sounds when the next is due: shorten or move one")
    if row.volume_percent == 0:
        yield Sentence("音量是 0，听不见", "the volume is 0: nobody will hear it")


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
