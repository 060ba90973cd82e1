"""What goes in and out of the API: typed, bounded, unknown fields refused. The OpenAPI document is made of these."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from programme.checking import LONGEST_LINE, LONGEST_TEXT
from programme.model import Broadcast
from speaker.record import Airing
from web.messages.withdrawing import LONGEST_REASON

Name = Annotated[str, Meta(min_length=1, max_length=64)]
Mark = Annotated[str, Meta(max_length=64)]


class Given(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a program sends."""


class ChangeMessage(Given, frozen=True, kw_only=True):
    """New words for a message. ``was`` is that of the message they replace, from the answer that showed it.

    ``aired`` answers which is to be aired where the message has a recording, ``right`` names telephone numbers that are
    right although they look like mistakes, ``replaces`` is the ``mark`` of the proposal that is to be replaced.
    """

    title: Annotated[str, Meta(min_length=1, max_length=LONGEST_LINE)]
    text: Annotated[str, Meta(min_length=1, max_length=LONGEST_TEXT)]
    was: Mark
    say_numbers_twice: bool = False
    aired: Literal["recording", "voice"] | None = None
    right: Annotated[tuple[Annotated[str, Meta(max_length=40)], ...], Meta(max_length=20)] = ()
    replaces: Mark = ""


class WithdrawMessage(Given, frozen=True, kw_only=True):
    """Why a message is withdrawn: stopped everywhere at once."""

    reason: Annotated[str, Meta(min_length=1, max_length=LONGEST_REASON)]


class PlayNow(Given, frozen=True, kw_only=True):
    """What is to be played now: a broadcast or a message, exactly one of the two."""

    broadcast: Name | None = None
    message: Name | None = None


class QuietUntil(Given, frozen=True, kw_only=True):
    """Until when nothing but an emergency may sound, an instant of today with its offset; and why, if that is said."""

    until: Annotated[datetime, Meta(tz=True)]
    occasion: Annotated[str, Meta(max_length=60)] = ""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What a program is told."""


class Refusal(Told, frozen=True, kw_only=True):
    """It was not done, and why: a sentence for a person, in the language asked for."""

    error: str


class Waiting(Told, frozen=True, kw_only=True):
    """Words that wait for a publisher."""

    mark: str
    title: str
    text: str
    author: str


class MessageNow(Told, frozen=True, kw_only=True):
    """A message as it is in the programme."""

    id: str
    title: str
    text: str
    say_numbers_twice: bool
    recording: str | None
    source: str
    author: str
    valid_from: date | None
    valid_until: date | None
    was: str
    waiting: Waiting | None


class Messages(Told, frozen=True, kw_only=True):
    """All messages."""

    messages: tuple[MessageNow, ...]


class Changed(Told, frozen=True, kw_only=True):
    """How a change goes on: in a job, to be asked for under ``work``; waiting for a publisher; or nothing to change."""

    state: Literal["saving", "waiting", "unchanged"]
    work: str | None = None


class WorkNow(Told, frozen=True, kw_only=True):
    """How far a job is."""

    state: Literal["waiting", "running", "done", "failed"]
    said: str = ""
    error: str = ""


class Broadcasts(Told, frozen=True, kw_only=True):
    """All broadcasts of the programme."""

    zone: str
    timezone: str
    broadcasts: tuple[Broadcast, ...]


class DayLine(Told, frozen=True, kw_only=True):
    """One of today's broadcasts."""

    broadcast: str
    due: datetime
    titles: tuple[str, ...]
    state: str
    why: str


class Today(Told, frozen=True, kw_only=True):
    """Today's broadcasts. ``by_speaker`` is false where the speaker is away and this is only what was planned.

    ``tomorrow`` says what is not as usual then.
    """

    name: str
    by_speaker: bool
    lines: tuple[DayLine, ...]
    tomorrow: tuple[str, ...] = ()


class DayOfRecords(Told, frozen=True, kw_only=True):
    """A day of the as-run log. ``fresh`` is false where the speaker is away and this is the panel's copy."""

    day: date
    fresh: bool
    airings: tuple[Airing, ...]


class Played(Told, frozen=True, kw_only=True):
    """It plays, or waits while ``ahead`` others are heard; ``airing`` is its row in the as-run log."""

    airing: int | None
    ahead: int = 0


class Quiet(Told, frozen=True, kw_only=True):
    """Whether somebody's request for quiet holds now."""

    quiet: bool


class Stopped(Told, frozen=True, kw_only=True):
    """What sounded was silenced."""

    stopped: bool = True
