"""What the as-run log knows about occurrences, as values: what the rule of what is due is decided on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from programme.cues import Occurrence
from speaker.airing import Outcome, Reason

NEVER = datetime(9999, 12, 30, tzinfo=UTC)  # what is noted by a clock nobody believes: it counts from when one does


@dataclass(frozen=True)
class Attempt:
    """One attempt at an occurrence; ``outcome`` is None while it is armed, waits for the card or sounds.

    ``begun`` is when it was last begun: armed, or due where that is later. None where that is not known.
    ``reached_its_end`` says that all but its ending was heard, and perhaps that too.
    """

    number: int
    outcome: Outcome | None
    reason: Reason = Reason.NONE
    frames_played: int = 0
    begun: datetime | None = None
    reached_its_end: bool = False


@dataclass(frozen=True)
class Ledger:
    """The attempts of the days looked at, and from when on occurrences are owed at all.

    ``created`` is when the log was begun. ``lost`` says that there was a log before it: what was due before
    ``created`` may then have been aired already, and is missed. ``owed_since`` has for each broadcast when it was
    first on air at the time it has now: what is due before is not owed.
    """

    created: datetime
    lost: bool = False
    attempts: Mapping[Occurrence, tuple[Attempt, ...]] = field(default_factory=dict)
    owed_since: Mapping[str, datetime] = field(default_factory=dict)

    def of(self, occurrence: Occurrence) -> tuple[Attempt, ...]:
        """Return the attempts at ``occurrence``, the first one first."""
        return self.attempts.get(occurrence, ())
