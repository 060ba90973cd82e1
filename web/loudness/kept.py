"""The readings of a meter and the ceiling, in a file of the panel's own."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec

from box.durable import replace_file

# GB 3096-2008, class 1 (mainly dwellings), between 6 and 22 o'clock, as an average over that time.
USUAL_CEILING_DBA = 55
LOWEST_CEILING_DBA, HIGHEST_CEILING_DBA = 40, 70  # class 0 by night, class 4 by day
LEAST_DBA, MOST_DBA = 30.0, 120.0  # what a phone hears at all, and what hurts
MOST_READINGS = 50


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What a meter read of the test sound: ``dba`` at ``place``, the sound being at that volume; by whom and when.

    ``airing`` is the row of the as-run log that is the sound.
    """

    at: datetime
    who: str
    dba: float
    volume_percent: int
    place: str
    meter: str = ""
    airing: int = 0


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """All of it; the readings in the order in which they were taken."""

    ceiling_dba: int = USUAL_CEILING_DBA
    readings: tuple[Reading, ...] = ()


class LoudnessFile:
    """A damaged file counts as none: then no level is known, and nothing is guessed."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Kept:
        """Return what is kept."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Kept)
        except (FileNotFoundError, ValueError):
            return Kept()

    def add(self, reading: Reading) -> None:
        """Keep a reading; it counts from its time on. Raises OSError where the disk refuses."""
        kept = self.read()
        readings = sorted((*kept.readings, reading), key=lambda one: one.at)
        self._write(msgspec.structs.replace(kept, readings=tuple(readings[-MOST_READINGS:])))

    def set_ceiling(self, dba: int) -> None:
        """Keep another ceiling. Raises OSError where the disk refuses."""
        self._write(msgspec.structs.replace(self.read(), ceiling_dba=dba))

    def _write(self, kept: Kept) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(self._path, msgspec.json.encode(kept), mode=0o600)
