"""What is typed of a zone: what it is called in words, its groups, its volume."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from fleet.hub import protocol as p
from fleet.wire.names import is_name
from programme.checking import LONGEST_LINE
from web.saving import without_unseen

MOST_GROUPS = 20  # fleet.hub.protocol.Groups
_BETWEEN = re.compile(r"[\s,\uff0c\u3001]+")  # blanks and commas, also those of a Chinese keyboard


@dataclass(frozen=True)
class TypedZone:
    """The fields as they were typed; ``faults`` say what is wrong with them. ``volume_percent`` None: its own.

    ``new_groups`` are those of ``groups`` that were typed, as they were.
    """

    zone: str
    groups: tuple[str, ...]
    volume_percent: int | None
    faults: tuple[str, ...]
    new_groups: str = ""

    @property
    def ticked(self) -> tuple[str, ...]:
        """Those of ``groups`` that were chosen among what there is."""
        new = _groups_in(self.new_groups)
        return tuple(group for group in self.groups if group not in new)


def typed_zone(form: MultiDict[str, str]) -> TypedZone:
    """Return what a form says of a zone. New groups are typed with blanks or commas between them."""
    words = " ".join(without_unseen(form.get("zone", "")).split())
    new_groups = form.get("new_groups", "")
    groups = tuple(sorted({*form.getlist("group"), *_groups_in(new_groups)} - {""}))
    faults: list[str] = []
    if not words or len(words) > LONGEST_LINE:
        faults.append(_("请写小区的名字，%(most)s 个字以内。", most=LONGEST_LINE))
    if not all(map(is_name, groups)):
        faults.append(_("分组只能用小写字母、数字和短横线，比如 east-1。"))
    if len(groups) > MOST_GROUPS:
        faults.append(_("一个小区最多在 %(most)s 个组里。", most=MOST_GROUPS))
    given = form.get("volume", "")
    volume = int(given) if given.isascii() and given.isdecimal() and len(given) <= 3 else None
    if given and (volume is None or not 1 <= volume <= 100):
        faults.append(_("请选一个音量。"))
    return TypedZone(words, groups, volume, tuple(faults), new_groups)


def _groups_in(typed: str) -> list[str]:
    return _BETWEEN.split(typed.lower())


def groups_of(zones: Iterable[p.Zone]) -> list[str]:
    """Return all groups that there are, by name."""
    return sorted({group for zone in zones for group in zone.groups})
