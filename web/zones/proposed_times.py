"""建议: when a yard would have a shared broadcast aired, beside when it is; adopted, it is so for all its zones."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec.structs import replace

from fleet.wire.accounts import Proposal
from programme.model import Broadcast, Programme
from programme.shared import PREFIX
from web.schedule.saving import GoneMeanwhile
from web.shared.times import when_words


@dataclass(frozen=True)
class Times:
    """The broadcast as the hub has it, in words, and as the yard would; ``off``: not in that yard at all."""

    broadcast: Broadcast
    wanted: Broadcast
    off: bool

    @property
    def now(self) -> str:
        """When it is aired now."""
        return when_words(self.broadcast)

    @property
    def then(self) -> str:
        """When the yard would have it aired."""
        return when_words(self.wanted)


def times_of(programme: Programme, proposal: Proposal) -> Times | None:
    """Return what ``proposal`` is about, None where it is about no broadcast, or that is gone."""
    wished = proposal.broadcast
    broadcast = next((one for one in programme.broadcasts if f"{PREFIX}{one.id}" == proposal.entry), None)
    if wished is None or broadcast is None:
        return None
    wanted = replace(broadcast, at=wished.at, days=wished.days, volume_percent=wished.volume_percent)
    return Times(broadcast, wanted, proposal.off)


def put_into(programme: Programme, times: Times) -> Programme:
    """Return the programme with what was shown as wanted. Raises GoneMeanwhile where the broadcast is another now."""
    if times.broadcast not in programme.broadcasts:
        raise GoneMeanwhile
    every = tuple(times.wanted if one == times.broadcast else one for one in programme.broadcasts)
    return replace(programme, broadcasts=every)
