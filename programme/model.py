"""The programme as frozen values. A value that exists is valid in itself; ``checking`` holds it as a whole."""

from __future__ import annotations

from datetime import date, time
from enum import StrEnum
from typing import Literal

import msgspec

from programme.chimes import Chime
from programme.festivals import Festival


class Value(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A frozen value; a field that is not known is refused where one is decoded."""


class Weekday(StrEnum):
    """A day of the week as the programme file writes it, Monday first."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


class Which(StrEnum):
    """Which of a month's Mondays (or other days) is meant, as the programme file writes it."""

    FIRST = "first"
    SECOND = "second"
    THIRD = "third"
    FOURTH = "fourth"
    LAST = "last"


class EveryDay(Value, frozen=True, kw_only=True, tag_field="on", tag="every day"):
    """Every day of the year."""


class Workdays(Value, frozen=True, kw_only=True, tag_field="on", tag="workdays"):
    """Days on which mainland China works, make-up working days (调休) among them."""


class RestDays(Value, frozen=True, kw_only=True, tag_field="on", tag="rest days"):
    """Weekends and public holidays, without the make-up working days."""


class Weekdays(Value, frozen=True, kw_only=True, tag_field="on", tag="weekdays"):
    """Named days of the week, in their order, each once."""

    days: tuple[Weekday, ...]


class Dates(Value, frozen=True, kw_only=True, tag_field="on", tag="dates"):
    """Named dates, in their order, each once."""

    dates: tuple[date, ...]


class Festivals(Value, frozen=True, kw_only=True, tag_field="on", tag="festivals"):
    """The days of named festivals, in the order of the year, each once; fixed ones and those of the lunar calendar."""

    festivals: tuple[Festival, ...]


class EverySecondWeek(Value, frozen=True, kw_only=True, tag_field="on", tag="every second week"):
    """Named days of every second week: the week (Monday to Sunday) of ``first`` is one. None before ``first``."""

    days: tuple[Weekday, ...]
    first: date


class EveryMonth(Value, frozen=True, kw_only=True, tag_field="on", tag="every month"):
    """The first, second, third, fourth or last of a weekday in every month, as the first Monday."""

    which: tuple[Which, ...]
    days: tuple[Weekday, ...]


class InExceptions(Value, frozen=True, kw_only=True, tag_field="on", tag="in exceptions"):
    """Only the days of exceptions that name the broadcast: what airs in the place of the usual."""


Days = EveryDay | Workdays | RestDays | Weekdays | Dates | Festivals | EverySecondWeek | EveryMonth | InExceptions


class AfterCut(StrEnum):
    """What becomes of a broadcast when a page or an emergency has cut it, as the programme file writes it.

    ``NEXT_MESSAGE``: it goes on with the first message that was not said whole.
    """

    NEXT_MESSAGE = "next message"
    START = "start"
    DROP = "drop"


class Message(Value, frozen=True, kw_only=True):
    """稿件: words to be said. ``id`` is its key in the file; dates are inclusive and local to the zone.

    ``zones`` is which yards it is for (``programme.zones``), on a hub; empty: this one alone. Likewise below.
    """

    id: str
    title: str
    text: str
    voice: str | None = None
    recording: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    source: str | None = None
    author: str | None = None
    say_numbers_twice: bool = False
    zones: tuple[str, ...] = ()


class Broadcast(Value, frozen=True, kw_only=True):
    """广播时段: a recurring time of the day and the messages it says, by their ids.

    ``chime`` is as it is written: ``true`` is the usual one, and what a publication of the version before may say.
    """

    id: str
    at: time
    days: Days = EveryDay()
    messages: tuple[str, ...]
    repeat: int = 1
    gap_seconds: int = 3
    chime: bool | Chime = True
    volume_percent: int | None = None
    grace_minutes: int = 10
    after_cut: AfterCut = AfterCut.NEXT_MESSAGE
    zones: tuple[str, ...] = ()


class DayException(Value, frozen=True, kw_only=True):
    """Dates (inclusive) on which the programme differs: nothing airs, or only the broadcasts named."""

    first: date
    last: date
    reason: str
    air: Literal["none"] | tuple[str, ...] = "none"
    zones: tuple[str, ...] = ()


class Holiday(Value, frozen=True, kw_only=True):
    """放假: the days (inclusive) that are free for a holiday, weekends among them, as they were announced."""

    name: str
    first: date
    last: date


class CivilYear(Value, frozen=True, kw_only=True):
    """The announced holidays of a year and the weekend days that are worked instead (调休)."""

    year: int
    holidays: tuple[Holiday, ...]
    workdays: tuple[date, ...] = ()


class Programme(Value, frozen=True, kw_only=True):
    """What the secretary edits: one zone's messages, broadcasts and exceptions, in the file's order.

    ``pause_seconds`` lies between two messages of a broadcast. ``calendar`` are years that were dropped in; they go
    before what ships.
    """

    zone: str
    timezone: str = "Asia/Shanghai"
    voice: str = "zh-CN-XiaoxiaoNeural"
    volume_percent: int = 80
    pause_seconds: int = 1
    messages: tuple[Message, ...] = ()
    broadcasts: tuple[Broadcast, ...] = ()
    hotlines: tuple[str, ...] = ()
    exceptions: tuple[DayException, ...] = ()
    calendar: tuple[CivilYear, ...] = ()

    def message(self, message_id: str) -> Message | None:
        """Return the message with that id, or None."""
        return next((message for message in self.messages if message.id == message_id), None)

    def broadcast(self, broadcast_id: str) -> Broadcast | None:
        """Return the broadcast with that id, or None."""
        return next((broadcast for broadcast in self.broadcasts if broadcast.id == broadcast_id), None)
