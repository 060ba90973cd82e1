"""All zones at a glance: those that are looked for, counted by their states, and whether anything has changed."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from box.sentences import Sentence
from fleet.hub import protocol as p
from fleet.hub.devices import Standing
from web.zones.applied import Applied
from web.zones.tiles import Rank, Tile, matches, tiles_of
from web.zones.urgent_now import GoingOn

LONGEST_SEARCH = 40
MOST_TILES = 200  # a phone draws 150 kB of them; the worst are first
STATES = {
    Rank.OFFLINE: Sentence("离线", "offline"),
    Rank.CARD: Sentence("没有声卡", "no sound card"),
    Rank.CLOCK: Sentence("时间不可信", "clock not trusted"),
    Rank.TROUBLE: Sentence("有事要看", "to be seen to"),
    Rank.STAND_IN: Sentence("备用声音", "stand-in voice"),
    Rank.BEHIND: Sentence("新节目没用上", "programme not applied"),
    Rank.SOUNDING: Sentence("正在播", "sounding"),
    Rank.WELL: Sentence("没在播", "silent"),
    Rank.INVITED: Sentence("等入网", "not joined"),
    Rank.LOST: Sentence("已挂失", "lost"),
}


@dataclass(frozen=True)
class Search:
    """What is looked for: words in a name, a group, a state; empty is any."""

    words: str = ""
    group: str = ""
    state: str = ""

    @property
    def any(self) -> bool:
        """Tell whether anything is."""
        return bool(self.words or self.group or self.state)

    @property
    def asked(self) -> dict[str, str]:
        """What an address needs to ask for the same."""
        every = {"q": self.words, "group": self.group, "state": self.state}
        return {name: value for name, value in every.items() if value}


@dataclass(frozen=True)
class Glance:
    """``tiles`` are those that are looked for, ``counts`` all zones by state: its name, the words, how many.

    ``more`` is how many tiles are left out: those of the zones that are well.
    """

    told: p.Zones
    tiles: tuple[Tile, ...]
    counts: tuple[tuple[str, Sentence, int], ...]
    applied: Applied
    wishes: int
    going_on: GoingOn | None = None
    more: int = 0

    @property
    def members(self) -> tuple[p.Zone, ...]:
        """The zones that belong here."""
        return tuple(zone for zone in self.told.zones if zone.standing is Standing.MEMBER)

    @property
    def waiting(self) -> tuple[p.Zone, ...]:
        """The zones whose box asks to be let in."""
        return tuple(zone for zone in self.told.zones if zone.digits)

    @property
    def key(self) -> str:
        """What changes when something that is shown does."""
        shown = [_shown(tile) for tile in self.tiles]
        more = (
            self.told.hub.broker,
            self.told.hub.alarms,
            self.counts,
            self.applied,
            self.wishes,
            self.going_on,
            self.more,
        )
        asks = [(zone.name, zone.digits) for zone in self.waiting]
        return hashlib.sha256(repr((shown, more, asks)).encode()).hexdigest()[:16]


def search_of(words: str, group: str, state: str) -> Search:
    """Return what is looked for, as it was typed."""
    known = {rank.name.lower() for rank in STATES}
    return Search(" ".join(words.split())[:LONGEST_SEARCH], group, state if state in known else "")


def glance_at(
    told: p.Zones, search: Search, now: datetime, *, applied: Applied, wishes: int, going_on: GoingOn | None = None
) -> Glance:
    """Return what the page of all zones shows."""
    every = tiles_of(told.zones, now)
    found = Counter(rank for tile in every for rank in tile.ranks)
    counts = tuple((rank.name.lower(), words, found[rank]) for rank, words in STATES.items() if found[rank])
    wanted = tuple(tile for tile in every if _is_wanted(tile, search))
    more = max(0, len(wanted) - MOST_TILES)
    return Glance(told, wanted[:MOST_TILES], counts, applied, wishes, going_on, more)


def _is_wanted(tile: Tile, search: Search) -> bool:
    in_state = not search.state or any(rank.name.lower() == search.state for rank in tile.ranks)
    return in_state and matches(tile.zone, search.words, search.group)


def _shown(tile: Tile) -> tuple[object, ...]:
    zone = tile.zone
    state = (zone.state.sounding, zone.state.version) if zone.online and zone.state else zone.heard
    looks = [look.sentence for look in tile.looks]
    return (zone.name, zone.zone, zone.groups, looks, state, tile.volume_percent, zone.ticket_until)
