"""The station's rows in the as-run log: begun before sound, kept open while an occurrence waits, ended once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

from box.clock import Clock
from programme.cues import Occurrence
from speaker.airing import Outcome, Reason, Result
from speaker.asrun.log import AsRunLog, Entry
from speaker.due import Owed
from speaker.record import Part
from speaker.run import Turn

BEGIN_ANEW_SECONDS = 60.0  # retries for a card come every 3 s; a card of the box's own wears with each write
_WAITS_FOR = {  # why nothing sounded, and the reason on record if that lasts
    Reason.CARD_MISSING: Reason.CARD_MISSING,
    Reason.CARD_LOST: Reason.CARD_MISSING,
    Reason.HIGHER_PRIORITY: Reason.BUSY,
    Reason.CLOCK_UNTRUSTED: Reason.CLOCK_UNTRUSTED,
}


class Rows:
    """What the as-run log must be told about what is in hand.

    An occurrence that could not sound yet (no card, a page sounding) keeps its row open, so that its retries
    are one row. An end that the storage refuses to take is kept and written later; its occurrence is in hand
    until then, so that it does not sound again.
    """

    def __init__(self, log: AsRunLog, clock: Clock) -> None:
        self._log = log
        self._clock = clock
        self._open: dict[Occurrence, tuple[int, Entry, float]] = {}
        self._waits_for: dict[Occurrence, Reason] = {}
        self._unwritten: list[tuple[Turn, Result, tuple[Part, ...]]] = []

    @property
    def in_hand(self) -> set[Occurrence]:
        """Occurrences that have ended and whose end could not be written yet."""
        return {turn.occurrence for turn, _, _ in self._unwritten if turn.occurrence is not None}

    def begin(self, entry: Entry, occurrence: Occurrence) -> int:
        """Write durably that ``entry`` is about to sound, in the row that waits for it if there is one."""
        now = self._clock.monotonic()
        if occurrence not in self._open:
            row = self._log.begin(entry)
        else:
            row, before, begun = self._open[occurrence]
            if entry == before and now - begun < BEGIN_ANEW_SECONDS:
                return row
            self._log.begin_anew(row, entry)
        self._open[occurrence] = (row, entry, now)
        return row

    def wait(self, occurrence: Occurrence, reason: Reason) -> None:
        """Take note why ``occurrence`` waits: the reason on record if its grace passes."""
        self._waits_for[occurrence] = reason

    def stays_open(self, occurrence: Occurrence, reason: Reason) -> Reason | None:
        """Note and return what ``occurrence`` waits for: nothing sounded, for ``reason``. None if it is over."""
        waits_for = _WAITS_FOR.get(reason)
        if waits_for is not None:
            self.wait(occurrence, waits_for)
        return waits_for

    def wait_for_others(self, owed: Iterable[Owed], in_hand: Collection[Occurrence], until: datetime) -> None:
        """Take note that what is ``owed`` by ``until``, and is not in hand itself, waits for what is."""
        for one in owed:
            if one.cue.due <= until and one.cue.occurrence not in in_hand:
                self.wait(one.cue.occurrence, Reason.BUSY)

    def write_off(self, entry: Entry, occurrence: Occurrence, outcome: Outcome, reason: Reason) -> None:
        """Write that ``occurrence`` will not sound any more."""
        if reason in {Reason.TOO_LATE, Reason.CLOCK_UNTRUSTED}:
            reason = self._waits_for.get(occurrence, reason)
        if occurrence in self._open:
            self._close(occurrence, outcome, reason)
        else:
            self._log.not_sounded(entry, outcome, reason)
        self._waits_for.pop(occurrence, None)

    def write_off_all_but(self, known: Collection[Occurrence], days: Collection[date]) -> None:
        """Close the rows that wait for a broadcast that has been taken out of the programme of ``days`` meanwhile."""
        for occurrence in [one for one in self._open if one not in known and one.day in days]:
            self._close(occurrence, Outcome.MISSED, Reason.UNKNOWN)

    def hold(self, turn: Turn, parts: tuple[Part, ...]) -> None:
        """Write that ``turn`` was cut after these ``parts`` and is to go on."""
        self._log.hold(turn.row, parts)

    def end(self, turn: Turn, result: Result, parts: tuple[Part, ...] = ()) -> None:
        """Write what became of ``turn``, and of which parts it was if it was cut."""
        self.has_ended(turn, result, parts)
        self.write_what_was_not()

    def has_ended(self, turn: Turn, result: Result, parts: tuple[Part, ...] = ()) -> None:
        """Take note of an end, for ``write_what_was_not`` to write."""
        self._unwritten.append((turn, result, parts))

    def write_what_was_not(self) -> None:
        """Write the ends that the storage refused before. Raises LogUnwritable where it still does."""
        while self._unwritten:
            turn, result, parts = self._unwritten[0]
            self._log.end(turn.row, result, parts)
            self._unwritten.pop(0)
            if turn.occurrence is not None:
                self._open.pop(turn.occurrence, None)
                self._waits_for.pop(turn.occurrence, None)

    def _close(self, occurrence: Occurrence, outcome: Outcome, reason: Reason) -> None:
        row, _, _ = self._open[occurrence]
        self._log.end(row, Result(outcome, reason, 0, None, self._clock.now()))
        del self._open[occurrence]
        self._waits_for.pop(occurrence, None)
