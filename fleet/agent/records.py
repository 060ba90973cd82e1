"""The as-run log on its way to the hub: what the hub has not acknowledged in its own database is sent again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Lock

import msgspec

from box.clock import Clock
from box.guarded import Guarded
from fleet.agent.speaker import Speaker
from fleet.wire.accounts import MOST_ROWS, Rows, batches
from fleet.wire.documents import Acknowledged, LogMark
from speaker.client import SpeakerAway

MARK = "records.json"
PATIENCE_SECONDS = 30.0  # for the hub's word that it has them
LOOK_SECONDS = 5.0


class RecordsSending:
    """Sends what changed after the hub's mark, ``MOST_ROWS`` at a time, and the next when those are acknowledged.

    The rows themselves stay in the speaker's log; here only the mark is kept. The hub's word counts also where it goes
    back: its disk may have been restored from yesterday's.
    """

    def __init__(self, room: Path, speaker: Speaker, clock: Clock, send: Callable[[Rows], None]) -> None:
        self._speaker = speaker
        self._clock = clock
        self._send = send
        self._file: Guarded[LogMark] = Guarded(room / MARK, msgspec.json.Decoder(LogMark).decode)
        self._mark = self._file.read()
        self._lock = Lock()
        self._marks: dict[str, int] | None = None
        self._sent_until = 0
        self._patience_ends = 0.0
        self._look_at = 0.0
        self.waiting = 0

    def acknowledged(self, word: Acknowledged) -> None:
        """Take the hub's word how far it has the records. Raises OSError."""
        with self._lock:
            self._marks = {mark.log: mark.change for mark in word.marks}
            if self._mark is not None:
                self._move(LogMark(log=self._mark.log, change=self._marks.get(self._mark.log, 0)))
            self._look_at = 0.0

    def reconnected(self) -> None:
        """Send again what was under way: nobody knows whether it came."""
        with self._lock:
            self._patience_ends = 0.0
            self._look_at = 0.0

    def step(self) -> None:
        """Send the next rows if it is time. Raises OSError where the mark can't be kept."""
        now = self._clock.monotonic()
        with self._lock:
            if now < self._look_at:
                return
            self._look_at = now + LOOK_SECONDS
            after = self._mark.change if self._mark else 0
            if self._sent_until > after and now < self._patience_ends:
                return
            try:
                found = self._speaker.records(changed_after=after, most=MOST_ROWS)
                if self._mark is None or found.log != self._mark.log:
                    after = (self._marks or {}).get(found.log, 0)
                    self._move(LogMark(log=found.log, change=after))
                    found = self._speaker.records(changed_after=after, most=MOST_ROWS)
            except SpeakerAway:
                return
            self.waiting = len(found.airings)
            if found.airings:
                self._sent_until = found.airings[-1].change
                self._patience_ends = now + PATIENCE_SECONDS
                for rows in batches(found.log, after, found.airings):
                    self._send(rows)

    def unacknowledged(self, most: int) -> tuple[Rows, ...]:
        """Return what the hub has not acknowledged, for a way without network, in up to ``most`` batches.

        What is more goes with the next round. None while the speaker is away.
        """
        with self._lock:
            after = self._mark.change if self._mark else 0
            found: list[Rows] = []
            try:
                while len(found) < most:
                    records = self._speaker.records(changed_after=after, most=MOST_ROWS)
                    if self._mark is None or records.log != self._mark.log:
                        after = (self._marks or {}).get(records.log, 0)
                        self._move(LogMark(log=records.log, change=after))
                        continue
                    if not records.airings:
                        break
                    found += batches(records.log, after, records.airings)
                    after = records.airings[-1].change
            except SpeakerAway:
                pass
            return tuple(found[:most])

    def _move(self, mark: LogMark) -> None:
        if mark != self._mark:
            self._file.write(msgspec.json.encode(mark))
            self._mark = mark
            self._sent_until = 0
