"""The as-run log on its way to the hub: what the hub has not acknowledged in its own database is sent again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from threading import Lock

import msgspec

from box.clock import Clock
from box.guarded import Guarded
from box.store import StoreDamaged, StoreRefuses
from fleet.agent.speaker import Speaker
from fleet.agent.unsent import Unsent
from fleet.wire.documents import Acknowledged, LogMark
from fleet.wire.rows import MOST_ROWS, Rows, batches
from speaker.client import SpeakerAway
from speaker.protocol import Records

MARK = "records.json"
PATIENCE_SECONDS = 30.0  # for the hub's word that it has them
LOOK_SECONDS = 5.0
COPY_SECONDS = 15.0  # while the hub answers, it has acknowledged by then, and nothing is written
COPY_AWAY_SECONDS = 2.0  # while it can't be reached nothing is worth waiting for
_LOG = logging.getLogger(__name__)


class RecordsSending:
    """Sends what changed after the hub's mark, ``MOST_ROWS`` at a time, and the next when those are acknowledged.

    The rows themselves stay in the speaker's log; here the mark is kept, and a copy of what the hub does not have, for
    the day on which that log is set aside and another begun: what is left of it goes first then. The hub's word counts
    also where it goes back: its disk may have been restored from yesterday's.
    """

    def __init__(self, room: Path, speaker: Speaker, clock: Clock, send: Callable[[Rows], None]) -> None:
        self._speaker = speaker
        self._clock = clock
        self._send = send
        self._file: Guarded[LogMark] = Guarded(room / MARK, msgspec.json.Decoder(LogMark).decode)
        self._unsent = Unsent(room)
        self._mark = self._file.read()
        self._copied = self._mark  # how far the rows were copied, or acknowledged
        self._lock = Lock()
        self._marks: dict[str, int] | None = None
        self._under_way: LogMark | None = None
        self._patience_ends = 0.0
        self._look_at = 0.0
        self._copied_at = -COPY_SECONDS
        self.waiting = 0

    def acknowledged(self, word: Acknowledged) -> None:
        """Take the hub's word how far it has the records. Raises OSError."""
        marks = {mark.log: mark.change for mark in word.marks}
        with self._lock:
            if marks != self._marks:
                self._under_way = None
            self._marks = marks
            if self._mark is not None:
                self._move(LogMark(log=self._mark.log, change=marks.get(self._mark.log, 0)))
            try:
                for log, change in marks.items():
                    self._unsent.acknowledged(log, change)
            except (StoreRefuses, StoreDamaged) as error:
                _LOG.warning("what the hub has is still kept: %s", error)
            self._look_at = 0.0

    def reconnected(self) -> None:
        """Send again what was under way: nobody knows whether it came."""
        with self._lock:
            self._under_way = None
            self._look_at = 0.0

    def step(self) -> None:
        """Send the next rows if it is time. Raises OSError where the mark can't be kept."""
        now = self._clock.monotonic()
        with self._lock:
            if now < self._look_at:
                return
            self._look_at = now + LOOK_SECONDS
            if self._is_under_way(now):
                return
            try:
                found = self._after(self._mark)
            except SpeakerAway:
                return
            sent = self._set_aside(found.log)[:1] or batches(found.log, self._acknowledged_of(found.log), found.airings)
            self.waiting = len(found.airings) + sum(len(one.rows) for one in sent if one.log != found.log)
            if sent:
                self._under_way = LogMark(log=sent[-1].log, change=sent[-1].row_keys()[-1].change)
                self._patience_ends = now + PATIENCE_SECONDS
            for rows in sent:
                self._send(rows)

    def keep(self, *, is_reached: bool) -> None:
        """Copy what the hub does not have yet if it is time, sooner where the hub can't be reached. Raises OSError."""
        now = self._clock.monotonic()
        with self._lock:
            if now < self._copied_at + (COPY_SECONDS if is_reached else COPY_AWAY_SECONDS):
                return
            self._copied_at = now
            try:
                found = self._after(self._copied)
                if found.airings:
                    self._unsent.keep(found.log, found.airings)
                    self._copied = LogMark(log=found.log, change=found.airings[-1].change)
            except SpeakerAway:
                return
            except (StoreRefuses, StoreDamaged) as error:
                self._copied = self._mark
                _LOG.warning("what the hub does not have yet can't be copied: %s", error)

    def unacknowledged(self, most: int) -> tuple[Rows, ...]:
        """Return what the hub has not acknowledged, for a way without network, in up to ``most`` batches.

        What is more goes with the next round. While the speaker is away, what is left of former logs.
        """
        with self._lock:
            try:
                records = self._after(self._mark)
                after = self._acknowledged_of(records.log)
                found = [*self._set_aside(records.log)]
                while records.airings and len(found) < most:
                    found += batches(records.log, after, records.airings)
                    after = records.airings[-1].change
                    records = self._speaker.records(changed_after=after, most=MOST_ROWS)
            except SpeakerAway:
                found = [*self._set_aside(self._mark.log if self._mark else "")]
            return tuple(found[:most])

    def _after(self, mark: LogMark | None) -> Records:
        """Return the rows that changed after ``mark``; of another log, those after what the hub has of that."""
        found = self._speaker.records(changed_after=mark.change if mark else 0, most=MOST_ROWS)
        if self._mark is None or found.log != self._mark.log:
            self._move(LogMark(log=found.log, change=self._acknowledged_of(found.log)))
            found = self._speaker.records(changed_after=self._acknowledged_of(found.log), most=MOST_ROWS)
        return found

    def _acknowledged_of(self, log: str) -> int:
        if self._mark is not None and self._mark.log == log:
            return self._mark.change
        return (self._marks or {}).get(log, 0)

    def _set_aside(self, log: str) -> tuple[Rows, ...]:
        """Return what the hub does not have of other logs than ``log``, the first rows of each."""
        try:
            return tuple(
                rows
                for other in self._unsent.others(log)
                for rows in batches(
                    other,
                    self._acknowledged_of(other),
                    self._unsent.after(other, self._acknowledged_of(other), MOST_ROWS),
                )
            )
        except (StoreRefuses, StoreDamaged) as error:
            _LOG.warning("what is left of a former log can't be read: %s", error)
            return ()

    def _is_under_way(self, now: float) -> bool:
        sent = self._under_way
        return sent is not None and self._acknowledged_of(sent.log) < sent.change and now < self._patience_ends

    def _move(self, mark: LogMark) -> None:
        if mark == self._mark:
            return
        self._file.write(msgspec.json.encode(mark))
        had, self._mark = self._mark, mark
        copied = self._copied
        went_back = had is None or mark.change < had.change
        if went_back or copied is None or copied.log != mark.log or mark.change > copied.change:
            self._copied = mark
