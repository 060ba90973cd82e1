"""What the hub has of the records of some days: the rows that are wanted, and the yards whose rows are not all here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from fleet.hub import protocol as p
from fleet.hub.devices import Standing
from fleet.hub.inbox import KeptAiring, KeptNewer
from speaker.record import Airing
from web.records.choice import Choice
from web.records.ledger import Totals, totals_of
from web.zones.hub import Hub
from web.zones.lacking import Lacking, lacking_of
from web.zones.local import Local
from web.zones.tiles import as_counted

MOST_ROWS = 50_000  # 37 zones of six a day are 7,000 a month
_ASKED_AT_A_TIME = 500  # fleet.hub.protocol.MOST_ROWS


@dataclass(frozen=True)
class Kept:
    """``rows`` are in the order of day and yard. ``is_cut``: there are more than one page or file may take.

    ``newer`` counts the rows of each device that only a later version of this hub can read.
    """

    choice: Choice
    device: str
    names: dict[str, str]
    members: frozenset[str]
    rows: tuple[KeptAiring, ...]
    newer: dict[str, int]
    lacking: tuple[Lacking, ...]
    is_cut: bool
    zone: ZoneInfo

    def name_of(self, device: str) -> str:
        """Return what a yard is called in words."""
        return self.names.get(device, device)

    def by_yard(self) -> list[tuple[str, tuple[Airing, ...]]]:
        """Return the rows of each yard that belongs here or has any, by its name as people count."""
        rows: dict[str, list[Airing]] = {name: [] for name in self.members}
        for row in self.rows:
            rows.setdefault(row.device, []).append(row.airing)
        wanted = [device for device in rows if self.device in ("", device)]
        ordered = sorted(wanted, key=lambda device: (as_counted(self.name_of(device)), device))
        return [(self.name_of(device), tuple(rows[device])) for device in ordered]


def kept_by(hub: Hub, choice: Choice, device: str, local: Local) -> Kept:
    """Ask the hub for the rows of ``choice``, of ``device`` alone where there is such a yard. Raises HubAway."""
    zones = hub.zones().zones
    names = {zone.name: zone.zone or zone.name for zone in zones}
    device = device if device in names else ""
    rows, newer, is_cut = _rows(hub, choice, device or None)
    days: dict[str, date] = {}
    for name, day in (*((row.device, row.airing.day) for row in rows), *((one.device, one.day) for one in newer)):
        days[name] = max(day, days.get(name, day))
    zone = ZoneInfo(local.timezone)
    lacking = lacking_of(
        [one for one in zones if device in ("", one.name)],
        days,
        first=choice.first,
        last=choice.last,
        today=local.today,
        zone=zone,
    )
    wanted = tuple(row for row in rows if choice.select((row.airing,)))
    members = frozenset(zone.name for zone in zones if zone.standing is Standing.MEMBER)
    unread = Counter(one.device for one in newer)
    return Kept(choice, device, names, members, wanted, dict(unread), tuple(lacking), is_cut, zone)


def sums_of(rows: Sequence[KeptAiring]) -> Mapping[str, Totals]:
    """Return what the rows of each zone add up to, by its short name."""
    by_zone: dict[str, list[Airing]] = {}
    for row in rows:
        by_zone.setdefault(row.device, []).append(row.airing)
    return {device: totals_of(airings) for device, airings in by_zone.items()}


def _rows(hub: Hub, choice: Choice, device: str | None) -> tuple[list[KeptAiring], list[KeptNewer], bool]:
    found: list[KeptAiring] = []
    newer: list[KeptNewer] = []
    while (after := len(found) + len(newer)) < MOST_ROWS:
        asked = p.AskRecords(first=choice.first, last=choice.last, name=device, after=after, most=_ASKED_AT_A_TIME)
        told = hub.records(asked)
        found += told.airings
        newer += told.newer
        if not told.more or not (told.airings or told.newer):
            return found, newer, False
    return found, newer, True
