"""哪些小区 as a field of a form: this yard, all, or some; where there are many, they are looked for within the form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from box.sentences import XiaolabaError
from fleet.hub import protocol as p
from fleet.hub.devices import Standing
from programme.zones import ALL, GROUP, HERE, MOST_ZONES
from web.gate import i_may
from web.handed_in import HandedIn
from web.language import listed
from web.zones.applied import PATIENCE_SECONDS
from web.zones.tiles import as_counted
from web.zones.typed_zone import groups_of

SOME = "some"


@dataclass(frozen=True)
class ZonesField:
    """What there is to choose from, each with its words, and what is chosen; ``were`` is what was chosen before."""

    whom: str
    some: tuple[str, ...]
    groups: tuple[tuple[str, str], ...]
    yards: tuple[tuple[str, str], ...]
    were: tuple[str, ...]

    @property
    def chosen_yards(self) -> int:
        """How many of the yards are chosen one by one."""
        return sum(name in self.some for name, _words in self.yards)

    @property
    def mark(self) -> str:
        """What a form says that it was opened on."""
        return " ".join(self.were)


def zones_field(
    house: HandedIn,
    were: Sequence[str],
    sent: MultiDict[str, str] | None = None,
    chosen: Sequence[str] | None = None,
) -> ZonesField | None:
    """Return the field of an entry that is for ``were``, as ``sent`` where the form comes back, else as ``chosen``.

    None where this box is no hub or the hub does not answer, or who asks may not choose: then nothing is changed.
    """
    hub = house.hub_at()
    if hub is None or not i_may("zone_choice.choose"):
        return None
    try:
        zones = hub.zones(PATIENCE_SECONDS).zones
    except XiaolabaError:
        return None
    return field_of(zones, were, sent, chosen)


def field_of(
    zones: Sequence[p.Zone],
    were: Sequence[str],
    sent: MultiDict[str, str] | None = None,
    chosen: Sequence[str] | None = None,
) -> ZonesField:
    """Return the field with these zones to choose from; also what was chosen and is gone, so that none is lost."""
    now = were if chosen is None else chosen
    whom, some = whom_of(now), tuple(now) or (HERE,)
    if sent is not None and "whom" in sent:
        whom, some = sent["whom"], tuple(sent.getlist("some")[:MOST_ZONES])
    groups = [(f"{GROUP}{group}", _("“%(group)s”组", group=group)) for group in groups_of(zones)]
    there = sorted(
        (zone for zone in zones if zone.standing is not Standing.LOST),
        key=lambda zone: (as_counted(zone.zone), zone.name),
    )
    yards = [(zone.name, zone.zone or zone.name) for zone in there]
    known = {ALL, HERE, *(value for value, _words in (*groups, *yards))}
    yards += [(one, zones_words((one,))) for one in were if one not in known]
    return ZonesField(whom, some, tuple(groups), tuple(yards), tuple(were))


def whom_of(zones: Sequence[str]) -> str:
    """Return which of the three ways is chosen."""
    return HERE if not zones or tuple(zones) == (HERE,) else ALL if ALL in zones else SOME


def zones_in(sent: MultiDict[str, str], field: ZonesField) -> tuple[str, ...] | None:
    """Return the zones that were chosen, None where none of them was. What was not offered is not chosen."""
    whom = sent.get("whom", "")
    if whom in {HERE, ALL}:
        return () if whom == HERE else (ALL,)
    known = {HERE, *(value for value, _words in (*field.groups, *field.yards))}
    some = tuple(dict.fromkeys(one for one in sent.getlist("some")[:MOST_ZONES] if one in known))
    return () if some == (HERE,) else some or None


def zones_typed(sent: MultiDict[str, str], field: ZonesField | None, faults: list[str]) -> tuple[str, ...] | None:
    """Return the zones that a form has otherwise than when it was opened, None where they are to stay.

    What is wrong is added to ``faults``, also where somebody else has chosen otherwise since: nothing is lost unseen.
    """
    if field is None or "whom" not in sent:
        return None
    zones, were = zones_in(sent, field), tuple(sent.get("zones_were", "").split())
    if zones is None:
        faults.append(_("请至少勾选一个小区。"))
        return None
    if zones == were:
        return None
    if were != field.were:
        faults.append(_("别人刚刚改过给哪些小区。请看一看下面选的对不对，再保存。"))
        return None
    return zones


def both(one: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    """Return what is for all that ``one`` and ``other`` are for."""
    every = tuple(dict.fromkeys((*(one or (HERE,)), *(other or (HERE,)))))
    if ALL in every:
        return (ALL,)
    return () if every == (HERE,) else every


def zones_words(zones: Sequence[str]) -> str:
    """Return for whom an entry is, in words; a yard by its short name."""
    if not zones:
        return _("本小区")
    words = {ALL: _("全部小区"), HERE: _("本小区")}
    return listed(
        _("“%(group)s”组", group=one.removeprefix(GROUP)) if one.startswith(GROUP) else words.get(one, one)
        for one in zones
    )
