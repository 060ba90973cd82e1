"""A speaker's answers for the tests of its socket."""

from __future__ import annotations

from datetime import UTC, datetime

from speaker.airing import Reason
from speaker.protocol import AskRecords, AskStatus, Done, Play, Records, Refused, Reply, Request, Status

STATUS = Status(
    version="0.1.0",
    now=datetime(2026, 3, 2, 7, 0, tzinfo=UTC),
    zone="警苑小区",
    timezone="Asia/Shanghai",
    revision="0123456789abcdef",
    card="recorder",
    amplifier="none",
    quiet_now=False,
    quiet_hours="21:30-06:30",
    silenced=False,
    sounding=None,
    today=(),
    next_due=None,
    alarms=(),
)
REFUSED = Refused(reason=Reason.QUIET_HOURS, zh="现在是安静时段", en="these are quiet hours")


class Answers:
    """Answers like a station and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Request] = []

    def __call__(self, request: Request) -> Reply:
        """Answer ``request``; the message "fault" raises."""
        self.asked.append(request)
        if isinstance(request, AskStatus):
            return STATUS
        if isinstance(request, AskRecords):
            return Records(airings=(), more=False)
        if isinstance(request, Play) and request.message == "fault":
            raise RuntimeError("a fault of the station")
        if isinstance(request, Play) and request.priority == "emergency":
            return REFUSED
        return Done(airing=7)
