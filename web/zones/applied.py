"""How far the newest programme has come: in how many zones it is applied, and which are missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fleet.hub import protocol as p
from fleet.hub.devices import Standing
from web.zones.tiles import is_behind


@dataclass(frozen=True)
class Applied:
    """Of ``total`` zones that were ordered to say something, those called ``missing`` don't say it yet."""

    total: int
    missing: tuple[str, ...]

    @property
    def have(self) -> int:
        """How many say it."""
        return self.total - len(self.missing)


def applied_in(zones: Sequence[p.Zone]) -> Applied:
    """Return how far what each zone was last ordered to say has come."""
    ordered = [zone for zone in zones if zone.standing is Standing.MEMBER and (zone.ordered or zone.waiting)]
    return Applied(len(ordered), tuple(zone.zone or zone.name for zone in ordered if is_behind(zone)))
