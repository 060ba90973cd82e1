"""A hub's keys and one order of each kind, as tests need them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from fleet.wire.documents import (
    Acknowledged,
    Announcement,
    Answer,
    Answers,
    Command,
    KeySet,
    LogMark,
    Order,
    Prepare,
    Say,
    SharedMessage,
    SharedProgramme,
    Stop,
    Travels,
)
from fleet.wire.keys import SigningKey
from fleet.wire.trusted import Trusted
from programme.model import Broadcast
from programme.publication import PublishedMessage

NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
ROOT = SigningKey(bytes([1]) * 32)
PROGRAMME = SigningKey(bytes([2]) * 32)
URGENT = SigningKey(bytes([3]) * 32)
STRANGER = SigningKey(bytes([9]) * 32)

KEYS = KeySet(serial=1, issued=NOW, programme=(PROGRAMME.public.raw,), urgent=(URGENT.public.raw,))
TRUSTED = Trusted(ROOT.public, KEYS)

TRAVELS = Travels(sha256="f" * 64, size=1234)
ANNOUNCEMENT = Announcement(
    title="停水", text="今天下午停水。", clip="a" * 64, frames=96_000, travels=TRAVELS, voice="v", engine="edge"
)
MESSAGE = PublishedMessage(
    id="c-water", title="停水", text="停水。", clip="a" * 64, frames=96_000, voice="v", engine="edge", stand_in=False
)
SHARED = SharedProgramme(
    revision="r1",
    published=NOW,
    zone="警苑小区",
    volume_percent=70,
    messages=(SharedMessage(message=MESSAGE, travels=TRAVELS),),
    broadcasts=(Broadcast(id="c-morning", at=NOW.time().replace(tzinfo=None), messages=("c-water",)),),
)
PREPARE = Prepare(urgent="u1", announcement=ANNOUNCEMENT)
SAY = Say(
    urgent="u1",
    announcement=ANNOUNCEMENT,
    starts_at=NOW + timedelta(seconds=5),
    late_ok_seconds=2,
    priority="emergency",
    occasion="停水",
)
STOP = Stop(urgent="u1")
ACKNOWLEDGED = Acknowledged(marks=(LogMark(log="log-1", change=17),))
ANSWERS = Answers(answers=(Answer(proposal="p1", adopted=True),))
EVERY_COMMAND: tuple[Command, ...] = (SHARED, PREPARE, SAY, STOP, ACKNOWLEDGED, ANSWERS)


def order(does: Command, *, to: str = "yard-3", counter: int = 10, hours: int = 1) -> Order:
    """Return an order of NOW that holds for ``hours``."""
    return Order(to=to, counter=counter, issued=NOW, expires=NOW + timedelta(hours=hours), does=does)
