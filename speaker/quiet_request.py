"""请求安静: one tap mutes the box until a time of the day (a funeral, somebody ill); an emergency still passes.

It is durable, so that a restart keeps it, and what was asked is kept after its end: what was due within it is on
record as that, also where the box was off meanwhile.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path

import msgspec

from box.aside import put_aside
from box.clock import Clock
from box.durable import replace_file
from box.sentences import Sentence
from speaker.airing import Reason
from speaker.condition import QuietRequest
from speaker.limits import HardLimits
from speaker.protocol import BeQuiet
from speaker.script import SCHEDULE, Asker

logger = logging.getLogger(__name__)

FILE_NAME = "quiet-request.json"
_LONGEST = timedelta(hours=25)  # the day on which summer time ends
NOT_TODAY = Sentence(
    "安静只能到今天结束，请选今天晚一点的时间",
    "quiet can be asked for until the end of today; choose a later time today",
)
NOT_KEPT = Sentence(
    "现在已经安静下来，但是存储卡写不进去：重启以后就不算了，请检查存储卡",
    "it is quiet now, but the storage refuses to keep it: a restart would end it. Check the storage",
)


class QuietRequests:
    """The last request, in memory and in a durable file. It is the station's alone."""

    def __init__(self, path: Path, clock: Clock, limits: HardLimits) -> None:
        self._path = path
        self._clock = clock
        self._limits = limits
        self.last = self._kept()

    def standing(self) -> QuietRequest | None:
        """Return the request that holds now, None where none does."""
        now = self._clock.now()
        if self.last is not None and now < self.last.since:  # the clock was set back meanwhile
            until = min(self.last.until, self._limits.day_of(now)[1])  # for days, if it was days ahead
            self.last = msgspec.structs.replace(self.last, since=now, until=until)
            self._keep()
        return self.last if self.last is not None and self.last.covers(now) else None

    def asker(self, reason: Reason) -> Asker:
        """Return who it is that a scheduled broadcast did not sound for, in the as-run log."""
        last = self.last if reason is Reason.QUIET_REQUEST else None
        return Asker("schedule", last.who, last.occasion) if last else SCHEDULE

    def ask(self, request: BeQuiet) -> Sentence | None:
        """Let ``request`` hold from now on, in the place of one that does; return what is wrong, None if nothing is."""
        now = self._clock.now()
        if not now < request.until <= self._limits.day_of(now)[1]:
            return NOT_TODAY
        had = self.standing()
        since = had.since if had else now
        self.last = QuietRequest(since=since, until=request.until, who=request.who, occasion=request.occasion)
        return self._keep()

    def end(self) -> Sentence | None:
        """Let what holds end now; return what is wrong, None if nothing is."""
        if self.standing() is None or self.last is None:
            return None
        self.last = msgspec.structs.replace(self.last, until=self._clock.now())
        return self._keep()

    def _keep(self) -> Sentence | None:
        try:
            replace_file(self._path, msgspec.json.encode(self.last))
        except OSError as error:
            logger.error("the request for quiet could not be kept: %s", error)  # noqa: TRY400 - the sentence says it
            return NOT_KEPT
        return None

    def _kept(self) -> QuietRequest | None:
        try:
            kept = msgspec.json.decode(self._path.read_bytes(), type=QuietRequest)
            _require_a_day_at_most(kept)
            return kept
        except FileNotFoundError:
            return None
        except OSError as error:
            logger.error("the request for quiet could not be read: %s", error)  # noqa: TRY400 - the sentence says it
            return None
        except ValueError:  # msgspec's errors, and text that is no UTF-8
            put_aside(self._path, self._clock.now())
            return None


def _require_a_day_at_most(kept: QuietRequest) -> None:
    """Raise ValueError for what nobody can have asked for: one digit that is damaged would mute the box for years."""
    if not timedelta() <= kept.until - kept.since <= _LONGEST:
        raise ValueError(kept)
