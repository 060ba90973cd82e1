"""How a zone is, for the eye: each state with its word, icon and tone, the worst first."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from box.sentences import Sentence
from fleet.hub import protocol as p
from fleet.hub.devices import Standing
from fleet.wire.accounts import AUDIO_AWAY, DeviceState
from speaker.trust.states import Trust
from web.words import LOOKS, Look

_NUMBERED = re.compile(r"([^0-9]*)([0-9]{0,9})")


class Rank(IntEnum):
    """How soon somebody should look at it: the smaller the sooner."""

    OFFLINE = 0
    CARD = 1
    CLOCK = 2
    TROUBLE = 3
    STAND_IN = 4
    BEHIND = 5
    SOUNDING = 6
    WELL = 7
    INVITED = 8
    LOST = 9


@dataclass(frozen=True)
class Tile:
    """A zone on the list. ``looks`` are its states, the worst first, ``ranks`` how grave each is."""

    zone: p.Zone
    looks: tuple[Look, ...]
    ranks: tuple[Rank, ...]

    @property
    def rank(self) -> Rank:
        """How grave the worst is."""
        return self.ranks[0]

    @property
    def volume_percent(self) -> int | None:
        """Its volume now, None where it has not told."""
        return self.zone.state.volume_percent if self.zone.state and self.zone.online else None


def tile_of(zone: p.Zone, now: datetime) -> Tile:
    """Return how ``zone`` is shown."""
    states = sorted(_states(zone, now), key=lambda state: state[0])
    return Tile(zone, tuple(look for _, look in states), tuple(rank for rank, _ in states))


def tiles_of(zones: Iterable[p.Zone], now: datetime) -> list[Tile]:
    """Return the tiles, the worst first, then by name."""
    return sorted(
        (tile_of(zone, now) for zone in zones),
        key=lambda tile: (tile.rank, as_counted(tile.zone.zone), tile.zone.name),
    )


def is_behind(zone: p.Zone) -> bool:
    """Tell whether it does not say yet what it was last ordered to say, or part of that is not ready for it."""
    said = zone.state.revision if zone.state else ""
    return bool(zone.waiting) or (bool(zone.ordered) and said != zone.ordered)


def matches(zone: p.Zone, words: str, group: str) -> bool:
    """Tell whether the list shows ``zone`` to who looks for ``words`` in its names, in ``group`` if one is named."""
    looked_for = words.casefold()
    named = looked_for in zone.zone.casefold() or looked_for in zone.name
    return named and (not group or group in zone.groups)


def as_counted(words: str) -> tuple[tuple[str, int], ...]:
    """Return what puts 2号院 before 10号院."""
    return tuple((text, int(number or 0)) for text, number in _NUMBERED.findall(words))


def _states(zone: p.Zone, now: datetime) -> list[tuple[Rank, Look]]:
    if zone.standing is Standing.LOST:
        return [(Rank.LOST, Look(Sentence("已挂失", "lost"), "lock", "quiet"))]
    if zone.standing is Standing.INVITED:
        if zone.digits is None and (zone.ticket_until is None or zone.ticket_until <= now):
            return [(Rank.INVITED, Look(Sentence("入网票过期了", "its ticket has expired"), "clock", "poor"))]
        return [(Rank.INVITED, Look(Sentence("等它入网", "not joined yet"), "clock", "quiet"))]
    found = list(_of_member(zone))
    if is_behind(zone):
        behind = Sentence("新节目还没用上", "not up to date")
        found.append((Rank.BEHIND, Look(behind, "clock", "next")))
    return found


def _of_member(zone: p.Zone) -> Iterable[tuple[Rank, Look]]:
    if not zone.online or zone.state is None:
        told = Sentence("离线", "offline") if zone.heard else Sentence("还没有连上过", "never connected")
        yield Rank.OFFLINE, Look(told, "cross", "bad")
        return
    yield from _troubles(zone.state)
    things = sum(alarm.code != AUDIO_AWAY for alarm in zone.state.alarms) + (zone.fault is not None)
    if things:
        many = Sentence(f"有 {things} 件事要看", f"{things} to be seen to")
        yield Rank.TROUBLE, Look(many, "warn", "poor")
    if zone.state.sounding:
        yield Rank.SOUNDING, LOOKS["sounding"]
    else:
        yield Rank.WELL, Look(Sentence("在线，没在播", "online, silent"), "tick", "good")


def _troubles(state: DeviceState) -> Iterable[tuple[Rank, Look]]:
    if state.card == "missing":
        yield Rank.CARD, Look(Sentence("声卡没有连接", "no sound card"), "warn", "bad")
    if state.card == "recorder":
        yield Rank.TROUBLE, Look(Sentence("没有音箱，只录下来", "no loudspeaker, records only"), "warn", "poor")
    if state.clock is Trust.UNTRUSTED:
        yield Rank.CLOCK, Look(Sentence("时间不可信", "clock not trusted"), "clock", "bad")
    if any(alarm.code == AUDIO_AWAY for alarm in state.alarms):
        yield Rank.TROUBLE, Look(Sentence("在等声音", "waits for audio"), "clock", "poor")
    if state.stand_ins:
        voices = Sentence(f"{state.stand_ins} 篇是备用声音", f"{state.stand_ins} in a stand-in voice")
        yield Rank.STAND_IN, Look(voices, "speech", "poor")
