"""A speaker without a sound: it takes what the agent lays ready, and its log says what a real one's would."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import Condition
from typing import Literal

from box.clock import Clock
from fleet.agent.board import BULLETINS
from programme.bulletins import decode_bulletins
from programme.publication import SAMPLE_RATE_HZ, PublicationInvalid
from speaker.airing import Outcome, Reason
from speaker.condition import ClockStatus
from speaker.protocol import Done, Records, Refused, Status
from speaker.record import Airing
from speaker.trust.states import Trust


@dataclass(frozen=True)
class _Page:
    """A page that was asked for: when it starts and ends, and when it was stopped."""

    id: int
    priority: Literal["page", "emergency"]
    starts: datetime
    seconds: float
    stopped: datetime | None = None


@dataclass
class SilentSpeaker:
    """The speaker of the agent's room ``room``. ``shared`` is the shared programme that is on air.

    ``seen_after_seconds``: so long after an announcement's end does it show, so that thousands of threads don't wake
    in one process in the same instant.
    """

    room: Path
    clock: Clock
    log: str
    shared: str = ""
    seen_after_seconds: float = 0.0
    pages: list[_Page] = field(default_factory=list)
    _stopped: Condition = field(default_factory=Condition)

    def rest(self, seconds: float) -> None:
        """Wait so long, and while something is still to sound, until it has or is stopped: there is no news before.

        To ask again and again costs one box nothing; thousands in one process take the processor from each other.
        """
        with self._stopped:
            now = self.clock.now()
            seen_at = max((self._seen_at(page) for page in self.pages if page.stopped is None), default=now)
            self._stopped.wait(max(seconds, (seen_at - now).total_seconds()))

    def play(
        self,
        *,
        bulletin: str | None = None,
        priority: Literal["page", "emergency"] = "page",
        origin: Literal["panel", "command", "first-airing", "fleet"] = "command",
        who: str = "",
        volume_percent: int | None = None,
        repeat: int | None = None,
        occasion: str = "",
        at: datetime | None = None,
    ) -> Done | Refused:
        """Begin a row."""
        frames = next((frames for name, frames in self._bulletins().items() if name == bulletin), None)
        if frames is None:
            return Refused(reason=Reason.NONE, zh="没有这条", en="there is no such bulletin")
        seconds = frames / SAMPLE_RATE_HZ * (repeat or 1)
        page = _Page(len(self.pages) + 1, priority, at or self.clock.now(), seconds)
        self.pages.append(page)
        return Done(airing=page.id)

    def stop(self, who: str = "") -> Done:
        """Stop what has not ended."""
        with self._stopped:
            now = self.clock.now()
            self.pages = [
                page
                if page.stopped or _end_of(page) < now
                else _Page(page.id, page.priority, page.starts, page.seconds, now)
                for page in self.pages
            ]
            self._stopped.notify_all()
        return Done()

    def status(self) -> Status:
        """Return how it is: well, and of a clock that somebody vouches for."""
        return Status(
            version="bench",
            now=self.clock.now(),
            zone="bench",
            timezone="Asia/Shanghai",
            revision="bench",
            card="card",
            amplifier="none",
            quiet_now=False,
            quiet_hours="",
            silenced=False,
            sounding=None,
            today=(),
            next_due=None,
            alarms=(),
            bulletins=tuple(self._bulletins()),
            clock=ClockStatus(trust=Trust.SYNCHRONISED),
            shared=self.shared,
        )

    def records(self, *, after: int = 0, changed_after: int | None = None, most: int = 500) -> Records:
        """Return rows; one appears when it has ended."""
        now = self.clock.now()
        beyond = after if changed_after is None else changed_after
        rows = [
            self._row(page) for page in self.pages if page.id > beyond and (page.stopped or self._seen_at(page) < now)
        ]
        return Records(airings=tuple(rows[:most]), more=len(rows) > most, log=self.log)

    def _seen_at(self, page: _Page) -> datetime:
        return _end_of(page) + timedelta(seconds=self.seen_after_seconds)

    def _bulletins(self) -> dict[str, int]:
        try:
            messages = decode_bulletins((self.room / BULLETINS).read_bytes()).messages
        except (OSError, PublicationInvalid):
            return {}
        return {message.id: message.frames for message in messages}

    def _row(self, page: _Page) -> Airing:
        frames = round(page.seconds * SAMPLE_RATE_HZ)
        silenced = page.stopped is not None
        return Airing(
            id=page.id,
            change=page.id,
            priority=page.priority,
            origin="fleet",
            who="",
            broadcast=None,
            day=page.starts.date(),
            attempt=1,
            due=page.starts,
            started=None if silenced else page.starts,
            ended=page.stopped or _end_of(page),
            outcome=Outcome.CUT if silenced else Outcome.AIRED,
            reason=Reason.STOPPED if silenced else Reason.NONE,
            frames=frames,
            frames_played=0 if silenced else frames,
            lateness_ms=None if silenced else 0.0,
            volume_percent=80,
            revision="bench",
            said=(),
        )


def _end_of(page: _Page) -> datetime:
    return page.starts + timedelta(seconds=page.seconds)
