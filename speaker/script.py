"""What an airing says: a cue, a broadcast paged out of its time, or one message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from programme.chimes import USUAL, Chime, chime_of
from programme.cues import Cue
from programme.publication import Publication, PublishedMessage
from speaker.airing import Priority
from speaker.record import Origin, Said

GAP_SECONDS = 3  # between the rounds of one message, as a broadcast has it where it says nothing else


@dataclass(frozen=True)
class Script:
    """Messages in order, how often and with which gap between the rounds, which pause between two messages.

    A page always opens with a chime: nobody expects it. The signal of an emergency takes the chime's place.

    ``volume_percent`` is what the programme asks for; the installer's limit comes on top. ``signal_alone`` says that
    the signal of an emergency is to sound though there are no words. ``said_before`` is how many of its messages, over
    all rounds, were said whole before it was cut: they are not said again.
    """

    broadcast: str | None
    messages: tuple[PublishedMessage, ...]
    repeat: int
    gap_seconds: int
    pause_seconds: int
    chime: Chime | None
    volume_percent: int
    priority: Priority
    due: datetime | None = None
    signal_alone: bool = False
    said_before: int = 0
    is_bulletin: bool = False
    is_self_test: bool = False

    @property
    def said(self) -> tuple[Said, ...]:
        """What the as-run log keeps of it."""
        if self.signal_alone:
            return (_SIGNAL,)
        if self.is_self_test:
            return (_TEST_SIGNAL,)
        return tuple(
            Said(
                message=message.id,
                title=message.title,
                text=message.text,
                clip=message.clip,
                voice=message.voice,
                engine=message.engine,
                stand_in=message.stand_in,
                source=message.source,
                author=message.author,
                wrote=message.wrote,
                approved=message.approved,
            )
            for message in self.messages
        )


_TEST_SIGNAL = Said(
    message="", title="自检声", text="（一串短音，没有话。）", clip="", voice="", engine="", stand_in=False
)
_SIGNAL = Said(message="", title="应急信号", text="（只响信号，没有话。）", clip="", voice="", engine="", stand_in=True)


@dataclass(frozen=True)
class Asker:
    """Who has something sounded, from where, and why in their words: what the as-run log keeps of it."""

    origin: Origin
    who: str = ""
    occasion: str = ""


SCHEDULE = Asker("schedule")
BUTTON = Asker("button")
SELF_TEST = Asker("self-test")


def script_of_cue(publication: Publication, cue: Cue) -> Script:
    """Return what ``cue`` says."""
    messages = (publication.message(name) for name in cue.messages)
    return Script(
        broadcast=cue.occurrence.broadcast_id,
        messages=tuple(message for message in messages if message is not None),
        repeat=cue.repeat,
        gap_seconds=cue.gap_seconds,
        pause_seconds=cue.pause_seconds,
        chime=cue.chime,
        volume_percent=cue.volume_percent,
        priority=Priority.PROGRAMME,
        due=cue.due,
    )


def script_of_broadcast(publication: Publication, name: str, day: date, priority: Priority) -> Script | None:
    """Return what the broadcast ``name`` says on ``day``, as a page; None if there is no such broadcast."""
    broadcast = publication.broadcast(name)
    if broadcast is None:
        return None
    volume = broadcast.volume_percent
    messages = (publication.message(message) for message in broadcast.messages)
    return Script(
        broadcast=name,
        messages=tuple(message for message in messages if message is not None and _is_valid(message, day)),
        repeat=broadcast.repeat,
        gap_seconds=broadcast.gap_seconds,
        pause_seconds=publication.pause_seconds,
        chime=chime_of(broadcast.chime) or USUAL,
        volume_percent=publication.volume_percent if volume is None else volume,
        priority=priority,
    )


def script_of_message(publication: Publication, name: str, day: date, priority: Priority) -> Script | None:
    """Return the message ``name`` alone, said once, as a page; None if there is no such message."""
    message = publication.message(name)
    if message is None:
        return None
    return Script(
        broadcast=None,
        messages=(message,) if _is_valid(message, day) else (),
        repeat=1,
        gap_seconds=GAP_SECONDS,
        pause_seconds=0,
        chime=USUAL,
        volume_percent=publication.volume_percent,
        priority=priority,
    )


def script_of_bulletin(publication: Publication, bulletin: PublishedMessage, priority: Priority) -> Script:
    """Return what was prepared to be said once, as a page: as loud as the programme, with the usual gap."""
    return Script(
        broadcast=None,
        messages=(bulletin,),
        repeat=1,
        gap_seconds=GAP_SECONDS,
        pause_seconds=0,
        chime=USUAL,
        volume_percent=publication.volume_percent,
        priority=priority,
        is_bulletin=True,
    )


def nothing_said(priority: Priority, *, signal_alone: bool = False) -> Script:
    """Return a script without words: of what is only noted, or of the built-in signal where the words can't be had."""
    return Script(
        broadcast=None,
        messages=(),
        repeat=1,
        gap_seconds=0,
        pause_seconds=0,
        chime=None,
        volume_percent=100 if signal_alone else 0,
        priority=priority,
        signal_alone=signal_alone,
    )


def script_of_self_test(volume_percent: int) -> Script:
    """Return the signal of the weekly self-test alone, so loud."""
    return Script(
        broadcast=None,
        messages=(),
        repeat=1,
        gap_seconds=0,
        pause_seconds=0,
        chime=None,
        volume_percent=volume_percent,
        priority=Priority.PAGE,
        is_self_test=True,
    )


def local_day(publication: Publication, instant: datetime) -> date:
    """Return the programme's local date at ``instant``."""
    return instant.astimezone(ZoneInfo(publication.timezone)).date()


def _is_valid(message: PublishedMessage, day: date) -> bool:
    after_start = message.valid_from is None or message.valid_from <= day
    return after_start and (message.valid_until is None or day <= message.valid_until)
