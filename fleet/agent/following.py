"""What was handed to the speaker, followed in its as-run log to its end, also over a restart of the agent."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from box.clock import Clock
from box.durable import replace_file
from box.guarded import Guarded
from box.sentences import Sentence
from fleet.agent.speaker import Speaker
from fleet.wire.accounts import What
from fleet.wire.bounded import Counter, Id, Instant, Payload
from speaker.airing import Outcome, Reason
from speaker.client import SpeakerAway
from speaker.record import Airing

SAID = "said.json"
LOOK_SECONDS = 0.5
PATIENCE_SECONDS = 1800.0  # beyond its own length: it may wait for something of its own priority
_LOG = logging.getLogger(__name__)


class Followed(Payload, frozen=True, kw_only=True):
    """An announcement that the speaker has: the order's counter, the row of the log, and when it was to start."""

    counter: Counter
    urgent: Id
    airing: int
    starts_at: Instant
    seconds: float


@dataclass(frozen=True)
class Step:
    """What can be told of it now."""

    what: What
    why: Sentence | None = None
    lateness_ms: float | None = None


class Following:
    """Keeps what is followed in ``room``, so that its end is told whatever happens to this process meanwhile.

    ``why`` puts the log's reasons into words.
    """

    def __init__(self, room: Path, speaker: Speaker, clock: Clock, why: Callable[[Reason], Sentence]) -> None:
        self._room = room
        self._speaker = speaker
        self._clock = clock
        self._why = why
        self._file: Guarded[Followed] = Guarded(room / SAID, msgspec.json.Decoder(Followed).decode)
        self._in_hand: dict[int, Followed] = {}

    def kept(self) -> Followed | None:
        """Return what was followed when the process before this one ended."""
        followed = self._file.read()
        if followed is not None:
            self._in_hand[followed.counter] = followed
        return followed

    def begin(self, followed: Followed) -> None:
        """Follow it from now on. Storage that refuses costs the last report after a restart, and nothing else."""
        self._in_hand[followed.counter] = followed
        try:
            replace_file(self._room / SAID, msgspec.json.encode(followed))
        except OSError as error:
            _LOG.warning("what is said now can't be kept: %s", error)

    def in_hand(self, urgent: str | None) -> bool:
        """Tell whether that announcement (None: any) is armed, or sounds, as far as is known."""
        return any(urgent in {None, one.urgent} for one in self._in_hand.values())

    def steps(self, followed: Followed, pause: Callable[[float], object], ended: Callable[[], bool]) -> Iterator[Step]:
        """Yield what can be told of it as it comes about, up to its end."""
        started = False
        until = self._clock.monotonic() + followed.seconds + PATIENCE_SECONDS
        while not ended() and self._clock.monotonic() < until:
            row = self._row(followed)
            if row is not None and row.outcome is not None:
                if row.started is not None and not started:
                    yield Step(What.STARTED, lateness_ms=row.lateness_ms)
                yield self._last(row)
                self._forget(followed)
                return
            if (row is not None and row.frames_played > 0 and not started) or (not started and self._sounds(followed)):
                started = True
                yield Step(What.STARTED)
            pause(LOOK_SECONDS)

    def _last(self, row: Airing) -> Step:
        why = self._why(row.reason) if row.reason is not Reason.NONE else None
        if row.outcome is Outcome.AIRED:
            return Step(What.ENDED, lateness_ms=row.lateness_ms)
        if row.reason is Reason.STOPPED:
            return Step(What.STOPPED, why, row.lateness_ms)
        if row.reason is Reason.TOO_LATE:
            return Step(What.TOO_LATE, why)
        return Step(What.ENDED if row.started else What.REFUSED, why, row.lateness_ms)

    def _row(self, followed: Followed) -> Airing | None:
        try:
            rows = self._speaker.records(after=followed.airing - 1, most=1).airings
        except SpeakerAway:
            return None
        return rows[0] if rows and rows[0].id == followed.airing else None

    def _sounds(self, followed: Followed) -> bool:
        try:
            status = self._speaker.status()
        except SpeakerAway:
            return False
        return (
            status.sounding is not None
            and status.sounding.position_seconds > 0
            and status.armed is None
            and (self._clock.now() >= followed.starts_at)
        )

    def _forget(self, followed: Followed) -> None:
        self._in_hand.pop(followed.counter, None)
        kept = self._file.read()
        if kept is not None and kept.counter == followed.counter:
            for path in (self._room / SAID, (self._room / SAID).with_name("said.good.json")):
                path.unlink(missing_ok=True)
