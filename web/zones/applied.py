"""How far the newest programme has come: in how many zones it is applied, and which are missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from box.sentences import XiaolabaError
from fleet.hub import protocol as p
from fleet.hub.devices import Standing
from speaker.condition import Alarm
from tts.community import is_for_others
from web.handed_in import HandedIn
from web.zones.tiles import is_behind

PATIENCE_SECONDS = 2.0  # the page of this yard's day comes, whatever the hub does


@dataclass(frozen=True)
class Applied:
    """Of ``total`` zones that were ordered to say something, those called ``missing`` don't say it yet.

    ``is_preparing``: what is on air here is newer than what was last ordered; until it is, nobody has the newest.
    ``alarms`` are what then keeps the hub from ordering it.
    """

    total: int
    missing: tuple[str, ...]
    is_preparing: bool = False
    alarms: tuple[Alarm, ...] = ()

    @property
    def have(self) -> int:
        """How many say it."""
        return self.total - len(self.missing)


def applied_today(house: HandedIn) -> Applied | XiaolabaError | None:
    """Return the same for a page that is about something else: why the hub can't tell, and None where there is none."""
    hub = house.hub_at()
    if hub is None:
        return None
    try:
        return applied_here(house, hub.zones(PATIENCE_SECONDS))
    except XiaolabaError as error:
        return error


def applied_here(house: HandedIn, told: p.Zones) -> Applied:
    """Return how far the newest programme of this box has come, as the hub told just now."""
    edition, on_air = house.desk.on_desk().edition, house.own_on_air()
    is_newer = (
        edition is not None
        and on_air is not None
        and is_for_others(edition.programme)
        and edition.revision == on_air.revision != told.hub.revision
    )
    applied = applied_in(told.zones, is_preparing=is_newer)
    return replace(applied, alarms=told.hub.alarms) if is_newer else applied


def applied_in(zones: Sequence[p.Zone], *, is_preparing: bool = False) -> Applied:
    """Return how far what each zone was last ordered to say has come."""
    ordered = [zone for zone in zones if zone.standing is Standing.MEMBER and (zone.ordered or zone.waiting)]
    return Applied(len(ordered), tuple(zone.zone or zone.name for zone in ordered if is_behind(zone)), is_preparing)
