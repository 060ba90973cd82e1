"""Which yards an entry is for: a hub's programme is one file for its own yard, all, a group of them, or named ones.

An entry that names no zones is this yard's alone: a programme that has none says so of every entry.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from msgspec.structs import replace

from programme.faults import Fault, Path
from programme.model import DayException, Programme
from programme.quoting import quoted

ALL = "all"
HERE = "here"  # this yard: for an entry that is for some others too, but not for all
GROUP = "group:"
ZONE_SAID = "{zone}"  # in a message's title or text: the name of the yard that says it
MOST_ZONES = 200

_ZONE = re.compile(r"(?:group:)?[a-z0-9-]{1,32}")


def is_for_here(zones: Sequence[str]) -> bool:
    """Tell whether an entry for ``zones`` is for the yard whose programme it is in."""
    return not zones or ALL in zones or HERE in zones


def is_for(zones: Sequence[str], device: str, groups: Collection[str]) -> bool:
    """Tell whether an entry for ``zones`` is for another yard, whose device is in those ``groups``."""
    return ALL in zones or device in zones or any(f"{GROUP}{group}" in zones for group in groups)


def said_in(text: str, zone: str) -> str:
    """Return ``text`` as it is said in the yard called ``zone``."""
    return text.replace(ZONE_SAID, zone)


def for_this_yard(programme: Programme) -> Programme:
    """Return what of ``programme`` is for this yard: what the panel publishes.

    It names no zones any more: which others it is for is not the speaker's business, and it knows none of them.
    """
    messages = tuple(replace(message, zones=()) for message in programme.messages if is_for_here(message.zones))
    known = {message.id for message in messages}
    broadcasts = tuple(
        replace(one, messages=tuple(name for name in one.messages if name in known), zones=())
        for one in programme.broadcasts
        if is_for_here(one.zones) and not known.isdisjoint(one.messages)
    )
    airable = {one.id for one in broadcasts}
    exceptions = tuple(_here(one, airable) for one in programme.exceptions if is_for_here(one.zones))
    return replace(programme, messages=messages, broadcasts=broadcasts, exceptions=exceptions)


def never_together(one: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether no yard can be meant by both. Who is in a group is not known here: a group may hold anybody.

    But two that both name groups, or a group and a yard, are for the hub to judge, which knows.
    """
    if ALL in one or ALL in other:
        return False
    return (set(one) or {HERE}).isdisjoint(set(other) or {HERE})


def zone_faults(path: Path, zones: Sequence[str]) -> Iterator[Fault]:
    """Yield what is wrong with the ``zones`` of an entry."""
    at = (*path, "zones")
    if len(zones) > MOST_ZONES:
        zh, en = (
            f"有 {len(zones)} 个小区，最多写 {MOST_ZONES} 个",
            f"there are {len(zones)} zones, at most {MOST_ZONES}",
        )
        yield Fault(None, f"{zh}，可以写 all 或者分组", f"{en}; write all, or a group", at)
        return
    for index, zone in enumerate(zones):
        if not _ZONE.fullmatch(zone):
            zh = f"{quoted(zone)}不是小区：可以写 all（全部）、here（本院）、group:组名，或者小区的编号"
            en = f"{quoted(zone, 'en')} is no zone: write all, here, group:NAME, or the id of a speaker"
            yield Fault(None, zh, en, (*at, index))
        elif zone in zones[:index]:
            yield Fault(None, f"{quoted(zone)}写了两次", f"{quoted(zone, 'en')} is here twice", (*at, index))


def missing_faults(programme: Programme) -> Iterator[Fault]:
    """Yield where an entry names another that is for none of the yards it is for itself, as far as that is certain."""
    of_message = {message.id: message.zones for message in programme.messages}
    of_broadcast = {broadcast.id: broadcast.zones for broadcast in programme.broadcasts}
    for broadcast in programme.broadcasts:
        for index, name in enumerate(broadcast.messages):
            if not _covers(of_message.get(name, (ALL,)), broadcast.zones):
                zh = f"稿件{quoted(name)}不给这个时段的所有小区，请让它也给这些小区（zones）"
                en = f"message {quoted(name, 'en')} is not for all zones of this broadcast; change its zones"
                yield Fault(None, zh, en, ("broadcasts", broadcast.id, "messages", index))
    for place, exception in enumerate(programme.exceptions):
        for index, name in enumerate(() if exception.air == "none" else exception.air):
            if not _covers(of_broadcast.get(name, (ALL,)), exception.zones):
                zh = f"时段{quoted(name)}不给这条例外的所有小区，请让它也给这些小区（zones）"
                en = f"broadcast {quoted(name, 'en')} is not for all zones of this exception; change its zones"
                yield Fault(None, zh, en, ("exceptions", place, "air", index))


def _covers(named: Sequence[str], naming: Sequence[str]) -> bool:
    """Tell whether what is for ``named`` may be there for all of ``naming``."""
    if ALL in named:
        return True
    if ALL in naming:
        return False
    if is_for_here(naming) and not is_for_here(named):
        return False
    return set(naming) <= {HERE} or not set(named) <= {HERE}


def _here(exception: DayException, airable: Collection[str]) -> DayException:
    air = "none" if exception.air == "none" else tuple(name for name in exception.air if name in airable)
    return replace(exception, air=air or "none", zones=())
