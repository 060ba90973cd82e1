"""建议: when a yard would have a shared broadcast aired, beside when it is; adopted, it is so for all its zones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from fleet.hub import protocol as p
from fleet.hub.devices import Standing
from fleet.hub.inbox import KeptProposal
from programme.model import Broadcast, Programme
from programme.shared import shared_id
from programme.zones import ALL, GROUP, HERE, MOST_ZONES
from web.schedule.saving import GoneMeanwhile
from web.shared.times import when_words
from web.zones.field import zones_words


@dataclass(frozen=True)
class Times:
    """The broadcast as the hub has it, in words, and as the yard would; ``off``: not in that yard at all.

    ``can_be_done``: the hub can make it so by itself.
    """

    broadcast: Broadcast
    wanted: Broadcast
    off: bool
    can_be_done: bool = True

    @property
    def when(self) -> str:
        """When it is aired now: what it is called."""
        return when_words(self.broadcast)

    @property
    def now(self) -> str:
        """When it is aired now, or where."""
        return zones_words(self.broadcast.zones) if self.off else when_words(self.broadcast)

    @property
    def then(self) -> str:
        """When the yard would have it aired, or where else."""
        return zones_words(self.wanted.zones) if self.off else when_words(self.wanted)


def times_of(programme: Programme, kept: KeptProposal, zones: Sequence[p.Zone]) -> Times | None:
    """Return what a proposal is about, None where it is about no broadcast, or that is gone."""
    proposal, wished = kept.proposal, kept.proposal.broadcast
    broadcast = next((one for one in programme.broadcasts if shared_id(one.id) == proposal.entry), None)
    if wished is None or broadcast is None:
        return None
    if proposal.off:
        others = without(broadcast.zones, kept.device, zones)
        return Times(broadcast, replace(broadcast, zones=others or broadcast.zones), off=True, can_be_done=bool(others))
    wanted = replace(broadcast, at=wished.at, days=wished.days, volume_percent=wished.volume_percent)
    return Times(broadcast, wanted, off=False)


def without(chosen: Sequence[str], device: str, zones: Sequence[p.Zone]) -> tuple[str, ...]:
    """Return for which yards an entry that is for ``chosen`` is without ``device``, as a person would tick them.

    All, and a group that it is in, become the yards that there are; one that comes later is ticked by a person.
    Nothing where nobody is left, or there are too many to name.
    """
    there = [zone for zone in zones if zone.standing is not Standing.LOST and zone.name != device]
    groups = {f"{GROUP}{group}" for zone in zones if zone.name == device for group in zone.groups}
    found: list[str] = []
    for one in chosen:
        if one == ALL:
            found += (HERE, *(zone.name for zone in there))
        elif one in groups:
            found += (zone.name for zone in there if one.removeprefix(GROUP) in zone.groups)
        elif one != device:
            found.append(one)
    others = tuple(dict.fromkeys(found))
    return others if len(others) <= MOST_ZONES else ()


def put_into(programme: Programme, times: Times) -> Programme:
    """Return the programme with what was shown as wanted. Raises GoneMeanwhile where the broadcast is another now."""
    if times.broadcast not in programme.broadcasts:
        raise GoneMeanwhile
    every = tuple(times.wanted if one == times.broadcast else one for one in programme.broadcasts)
    return replace(programme, broadcasts=every)
