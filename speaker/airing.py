"""The vocabulary of what is sounded: priority, rundown, result, and the playout that sounds it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import Protocol


class Priority(IntEnum):
    """Who gives way to whom: the higher pre-empts the lower."""

    PROGRAMME = 1
    PAGE = 2
    EMERGENCY = 3


class Outcome(StrEnum):
    """How an occurrence or a page ended, as the as-run log has it."""

    AIRED = "aired"
    CUT = "cut"
    PRE_EMPTED = "pre-empted"
    MISSED = "missed"
    REFUSED = "refused"
    NOTED = "noted"  # no airing: something that the record is to hold, such as a contact that changed


class Reason(StrEnum):
    """Why an airing was not aired whole; the panel and the command put it into words."""

    NONE = ""
    STOPPED = "stopped"  # somebody pressed stop
    HIGHER_PRIORITY = "higher-priority"  # a page or an emergency took its place
    CARD_LOST = "card-lost"  # the sound card went away while it sounded
    CARD_MISSING = "card-missing"  # it could not be opened within the grace
    CLIP_DAMAGED = "clip-damaged"  # a clip is cut, changed or not there
    TOO_LONG = "too-long"  # the installer's longest time on
    DAY_USED_UP = "day-used-up"  # the installer's minutes per day
    TOO_SOON = "too-soon"  # the installer's pause between two pages
    QUIET_HOURS = "quiet-hours"
    QUIET_REQUEST = "quiet-request"  # somebody asked for quiet until a time of the day
    TOO_LATE = "too-late"  # found due only after its grace
    BUSY = "busy"  # something of the same or a higher priority was sounding
    INTERRUPTED = "interrupted"  # power or process died while it sounded
    SHUT_DOWN = "shut-down"  # the speaker was ended in an orderly way
    NOTHING_TO_SAY = "nothing-to-say"  # all its messages have expired
    UNKNOWN = "unknown"  # there is no such broadcast or message
    CLOCK_UNTRUSTED = "clock-untrusted"  # nobody knows what time it is: every hour is quiet
    NOTHING_ON_AIR = "nothing-on-air"  # nothing has been published yet
    CONTACT_ACTIVE = "contact-active"  # a contact called
    CONTACT_AT_START = "contact-at-start"  # it was active already when the speaker started
    CONTACT_AT_REST = "contact-at-rest"
    CONTACT_CUT = "contact-cut"  # neither side of it is closed
    CONTACT_SHORT = "contact-short"  # both are
    CONTACT_CHATTERS = "contact-chatters"


@dataclass(frozen=True)
class Sound:
    """Samples to be played: a WAV of 48 kHz mono S16_LE. ``message_id`` is None for a chime."""

    path: Path
    frames: int
    message_id: str | None = None


@dataclass(frozen=True)
class Silence:
    """A gap of ``frames`` between two sounds."""

    frames: int


Item = Sound | Silence

ENDING_FRAMES = 48_000 * 3  # 3 s: a storage card that takes so long for a row is failing
FADE_FRAMES = 48_000 * 3 // 10  # 300 ms: what is cut by a higher priority is heard to end, not to break


def ending_of(frames: int) -> int:
    """Return how many of the last frames are the ending: 3 s, or half of what is shorter than six.

    That a rundown is at its ending is on record before it is heard to the end: whoever dies between its last frame and
    the row that says so has not left it to be heard once more.
    """
    return min(ENDING_FRAMES, frames // 2)


@dataclass(frozen=True)
class Rundown:
    """What is sounded in order, how loud, and when its first sample is due (None: as soon as it can be).

    ``volume_percent`` is already within what the installer allows. ``above_quiet_hours`` says that the quiet hours do
    not end it: an emergency where the installer says so, and what is only recorded.
    """

    items: tuple[Item, ...]
    priority: Priority
    volume_percent: int
    due: datetime | None = None
    above_quiet_hours: bool = False

    @property
    def frames(self) -> int:
        """The length of all items, without lead-in and tail."""
        return sum(item.frames for item in self.items)


@dataclass(frozen=True)
class Result:
    """What became of a rundown. ``frames_played`` counts its own frames that left the card, not the lead-in.

    ``started`` is the instant the first of them sounded, None if none did; ``lateness_ms`` is that against
    ``due`` (None without either). ``listening`` is the number under which a verdict of the microphone will come.
    """

    outcome: Outcome
    reason: Reason
    frames_played: int
    started: datetime | None
    ended: datetime
    lateness_ms: float | None = None
    listening: int | None = None


@dataclass(frozen=True)
class Position:
    """Where playout is: frames of the rundown that have sounded, of how many, and which message sounds now."""

    frames_played: int
    frames: int
    message_id: str | None


class Playout(Protocol):
    """Sounds one rundown at a time. It decides nothing: who may sound is settled before it is asked."""

    def start(self, rundown: Rundown, ended: Callable[[Result], None]) -> None:
        """Sound ``rundown`` in place of anything that sounds now, which ends as pre-empted.

        Returns at once. ``ended`` is called exactly once, on the playout's own thread.
        """
        ...

    def stop(self, reason: Reason) -> None:
        """End what sounds, or what is armed, within 50 ms, as cut with ``reason``; nothing if nothing is."""
        ...

    def position(self) -> Position | None:
        """Return where playout is, or None in silence."""
        ...

    def close(self) -> None:
        """End what sounds as shut down, amplifier off, and let go of the card."""
        ...
