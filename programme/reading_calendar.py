"""The years of the civil calendar that a programme file holds: what was announced for them."""

from __future__ import annotations

import re

from programme.faults import Path
from programme.model import CivilYear, Holiday
from programme.nodes import Mapping, Node
from programme.taking import Taking

_YEAR = re.compile(r"[12][0-9]{3}")
_FIELDS = {"holidays": True, "workdays": False}
_HOLIDAY = {"name": True, "from": True, "to": True}


def calendar_in(node: Node | None, path: Path, taking: Taking) -> tuple[CivilYear, ...]:
    """Return the years at ``path`` that can be taken whole."""
    found = (_year(name, year, (*path, name), taking) for name, year in taking.entries(node, path).items())
    return tuple(year for year in found if year is not None)


def _year(name: str, node: Node, path: Path, taking: Taking) -> CivilYear | None:
    if not _YEAR.fullmatch(name):
        taking.wrong(path, "这里要写年份，如 2027", "a year belongs here, as 2027")
        return None
    fields = taking.fields(node, path, _FIELDS)
    holidays = [
        _holiday(item, (*path, "holidays", index), taking)
        for index, item in enumerate(taking.items(fields.get("holidays"), (*path, "holidays")))
    ]
    workdays = [
        taking.date(item, (*path, "workdays", index))
        for index, item in enumerate(taking.items(fields.get("workdays"), (*path, "workdays")))
    ]
    known = tuple(one for one in holidays if one is not None)
    worked = tuple(day for day in workdays if day is not None)
    if len(known) < len(holidays) or len(worked) < len(workdays):
        return None  # what is left would be judged as if it were all
    return CivilYear(year=int(name), holidays=known, workdays=worked)


def _holiday(node: Node, path: Path, taking: Taking) -> Holiday | None:
    fields = taking.fields(node, path, _HOLIDAY)
    if not isinstance(node, Mapping):
        return None
    first, last = (taking.date(fields.get(key), (*path, key)) for key in ("from", "to"))
    name = taking.text(fields.get("name"), (*path, "name"))
    return Holiday(name=name, first=first, last=last) if first and last else None
