"""How an urgent announcement looks, yard by yard: a tone, an icon and a word, those in need of a person first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _

from box.sentences import Sentence
from fleet.hub import protocol as p
from fleet.hub import urgent_protocol as u
from fleet.wire.accounts import What
from web.language import as_sentence
from web.words import Look
from web.zones.tiles import as_counted

FOLLOWED_FOR = timedelta(minutes=30)  # after its start; what has not answered by then won't
LEAST_IN_A_GROUP = 4
_GRAVITY = ("bad", "poor", "next", "now", "quiet", "good")
_AWAY = Look(Sentence("联系不上", "can't be reached"), "cross", "poor")
_SILENT = Look(Sentence("等回话", "no answer yet"), "clock", "next")
_FETCHES = Look(Sentence("收到了，在取声音", "received, fetching the sound"), "clock", "next")
_WAITS_FOR_ORDER = Look(Sentence("准备好了，等命令", "ready, waits for the order"), "clock", "next")
_LOOKS = {
    What.TAKEN: _FETCHES,
    What.APPLIED: _FETCHES,
    What.READY: Look(Sentence("准备好了", "ready"), "tick", "good"),
    What.ARMED: Look(Sentence("马上就播", "about to sound"), "clock", "next"),
    What.STARTED: Look(Sentence("正在播", "sounding"), "sound", "now"),
    What.ENDED: Look(Sentence("播完了", "aired"), "tick", "good"),
    What.STOPPED: Look(Sentence("停了", "stopped"), "stop", "quiet"),
    What.TOO_LATE: Look(Sentence("来不及，没有播", "too late, not aired"), "cross", "bad"),
    What.REFUSED: Look(Sentence("没有播", "not aired"), "cross", "bad"),
}
_LAST = {What.ENDED, What.STOPPED, What.TOO_LATE, What.REFUSED}


@dataclass(frozen=True)
class Line:
    """One yard: its name in words, how it stands, why, how late it began (0: not known), and its own clip if it has."""

    name: str
    zone: str
    look: Look
    why: str
    lateness_ms: float
    clip: str = ""


def lines_of(state: u.UrgentState, known: p.Zones) -> list[Line]:
    """Return every yard that it is for, the gravest first."""
    by_name = {zone.name: zone for zone in known.zones}
    lines = [_line(one, by_name.get(one.name), said=state.starts_at is not None) for one in state.zones]
    return sorted(lines, key=lambda line: (_GRAVITY.index(line.look.tone), as_counted(line.zone), line.name))


@dataclass(frozen=True)
class Group:
    """Yards that stand alike, for the same reason, in one line: thirty that have aired need no thirty lines."""

    look: Look
    why: str
    yards: tuple[str, ...]


def grouped(lines: Sequence[Line]) -> list[Group]:
    """Return the lines in their order, those that are alike in one where they are more than a few."""
    found: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        found.setdefault((line.look.word, line.why), []).append(line)
    groups = []
    for those in found.values():
        apart = [those] if len(those) >= LEAST_IN_A_GROUP else [[line] for line in those]
        groups += [Group(some[0].look, some[0].why, tuple(line.zone for line in some)) for some in apart]
    return groups


def tally(state: u.UrgentState, lines: list[Line]) -> str:
    """Return how far it has come, in one sentence."""
    count = len(lines)
    reached = [one.what for one in state.zones]
    if state.stopped is not None:
        silent = sum(what in _LAST for what in reached)
        return _("已经让各小区停止。%(count)s 个小区里 %(done)s 个确认不响了。", count=count, done=silent)
    if state.starts_at is None:
        return _("%(count)s 个小区里 %(done)s 个准备好了。", count=count, done=reached.count(What.READY))
    sounded = sum(what in {What.STARTED, What.ENDED} for what in reached)
    if sounded:
        return _("%(count)s 个小区里 %(done)s 个播了。", count=count, done=sounded)
    return _("%(count)s 个小区里 %(done)s 个在等那一秒。", count=count, done=reached.count(What.ARMED))


def is_over(state: u.UrgentState, now: datetime) -> bool:
    """Tell whether nothing more is to be waited for."""
    if state.starts_at is not None and now - state.starts_at > FOLLOWED_FOR:
        return True
    return state.starts_at is not None and all(one.what in _LAST for one in state.zones)


def _line(one: u.UrgentZone, zone: p.Zone | None, *, said: bool) -> Line:
    why = as_sentence(Sentence(one.why.zh, one.why.en)) if one.why is not None else ""
    offline = zone is not None and not zone.online
    if one.what is None:
        look = _AWAY if offline else _SILENT
    elif offline and one.what not in _LAST:
        look, why = _AWAY, why or _LOOKS[one.what].word
    else:
        look = _WAITS_FOR_ORDER if said and one.what is What.READY else _LOOKS[one.what]
    return Line(one.name, zone.zone if zone else one.name, look, why, one.lateness_ms or 0.0, one.clip)
