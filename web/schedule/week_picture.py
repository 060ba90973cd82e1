"""The week as a picture: a column a day, the hours downwards, a mark for each broadcast. Pure; in pixels.

The hours stretch where broadcasts follow one another closely, so that every mark is as tall as a thumb needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

from programme.model import Programme
from programme.timetable import airs, cues_on, is_planned
from web.schedule.quiet_hours import QuietHours

MARK_PX = 44  # what a thumb hits
GAP_PX = 4
HOUR_PX = 30
LABEL_PX = 26  # between two hours that are named
EDGE_MINUTES = 60
DAYS = 7

Kind = Literal["airs", "stopped", "quiet", "silent"]


@dataclass(frozen=True)
class Mark:
    """A broadcast on a day: it airs, is stopped by an exception, falls into quiet hours, or has nothing to say."""

    broadcast: str
    at: str
    top: int
    kind: Kind


@dataclass(frozen=True)
class Column:
    """A day."""

    day: date
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Picture:
    """The whole: ``hours`` are the lines (hour, top), ``quiet`` the bands (top, height)."""

    columns: tuple[Column, ...]
    hours: tuple[tuple[int, int], ...]
    quiet: tuple[tuple[int, int], ...]
    height: int

    @property
    def kinds(self) -> frozenset[Kind]:
        """What kinds of marks there are, for the legend."""
        return frozenset(mark.kind for column in self.columns for mark in column.marks)


def week_picture(programme: Programme, first: date, quiet: QuietHours) -> Picture:
    """Return the picture of the seven days from ``first`` on."""
    days = [first + timedelta(days=index) for index in range(DAYS)]
    minutes = sorted(
        {_minute(one.at) for one in programme.broadcasts if any(is_planned(programme, one, day) for day in days)}
    )
    scale = _Scale(minutes)
    return Picture(
        columns=tuple(_column(programme, day, quiet, scale) for day in days),
        hours=scale.hours(),
        quiet=scale.bands(quiet.minutes()),
        height=scale.height,
    )


class _Scale:
    """Minutes of the day to pixels: even, but for stretches in which marks would cover one another."""

    def __init__(self, minutes: Sequence[int]) -> None:
        first, last = (minutes[0], minutes[-1]) if minutes else (8 * 60, 18 * 60)
        self._start = max(0, first - EDGE_MINUTES) // 60 * 60
        self._end = min(24 * 60, -(-(last + EDGE_MINUTES) // 60) * 60)
        knots = [self._start, *minutes] if not minutes or minutes[0] > self._start else list(minutes)
        self._knots = [(knots[0], 0)]
        for before, minute in pairwise(knots):
            even = (minute - before) * HOUR_PX // 60
            least = MARK_PX + GAP_PX if before in minutes else 0
            self._knots.append((minute, self._knots[-1][1] + max(even, least)))
        last_minute, last_top = self._knots[-1]
        rest = (self._end - last_minute) * HOUR_PX // 60
        self.height = last_top + max(rest, MARK_PX + GAP_PX)
        self._knots.append((self._end, self.height))

    def top(self, minute: int) -> int:
        """Return how far down that minute is."""
        before = max(index for index, (at, _) in enumerate(self._knots[:-1]) if at <= minute or index == 0)
        (left, top), (right, bottom) = self._knots[before], self._knots[before + 1]
        return top + (minute - left) * (bottom - top) // max(1, right - left)

    def hours(self) -> tuple[tuple[int, int], ...]:
        """Return the full hours that have room to be named."""
        named: list[tuple[int, int]] = []
        for hour in range(self._start // 60, self._end // 60):
            top = self.top(hour * 60)
            if not named or top - named[-1][1] >= LABEL_PX:
                named.append((hour, top))
        return tuple(named)

    def bands(self, stretches: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
        """Return the stretches of minutes as tops and heights, those that are in the picture."""
        cut = [(max(start, self._start), min(end, self._end)) for start, end in stretches]
        return tuple((self.top(start), self.top(end) - self.top(start)) for start, end in cut if start < end)


def _column(programme: Programme, day: date, quiet: QuietHours, scale: _Scale) -> Column:
    speaking = {cue.occurrence.broadcast_id for cue in cues_on(programme, day) if cue.messages}
    marks = []
    for broadcast in sorted(programme.broadcasts, key=lambda one: (one.at, one.id)):
        if not is_planned(programme, broadcast, day):
            continue
        kind: Kind = "airs" if broadcast.id in speaking else "silent"
        if not airs(broadcast.id, day, programme.exceptions):
            kind = "stopped"
        elif quiet.hold_at(datetime.combine(day, broadcast.at, ZoneInfo(programme.timezone))):
            kind = "quiet"
        marks.append(
            Mark(broadcast=broadcast.id, at=f"{broadcast.at:%H:%M}", top=scale.top(_minute(broadcast.at)), kind=kind)
        )
    return Column(day=day, marks=tuple(marks))


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute
