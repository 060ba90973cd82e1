"""The days of a broadcast as the programme file writes them: a word, a list of weekdays, or a few kinds in braces."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import TypeVar

from programme.faults import Path
from programme.festivals import Festival, festival_named
from programme.model import (
    Dates,
    Days,
    EveryDay,
    EveryMonth,
    EverySecondWeek,
    Festivals,
    InExceptions,
    RestDays,
    Weekday,
    Weekdays,
    Which,
    Workdays,
)
from programme.nodes import Mapping, Node, Scalar, Sequence
from programme.quoting import quoted, unknown
from programme.taking import Taking

NAMED_DAYS: dict[str, Days] = {
    "every day": EveryDay(),
    "workdays": Workdays(),
    "rest days": RestDays(),
    "in exceptions": InExceptions(),
}

_CHINESE_DAYS = {"每天": "every day", "天天": "every day", "工作日": "workdays", "休息日": "rest days"}
_WAYS = (
    "every day · workdays · rest days · in exceptions · [mon, wed, fri] · {dates: [2026-02-17]} · {festival: 春节}"
    " · {every second week: [mon], from: 2026-03-02} · {every month: first, weekday: mon}"
)
_Named = TypeVar("_Named", bound=StrEnum)


def days_in(node: Node | None, path: Path, taking: Taking) -> Days | None:
    """Return the days at ``path``, every day where they were left out, or None where they can't be taken."""
    if node is None:
        return EveryDay()
    if isinstance(node, Scalar):
        shown = " ".join(node.text.split())
        if shown in NAMED_DAYS:
            return NAMED_DAYS[shown]
        meant = _CHINESE_DAYS.get(shown, shown)
        fault = unknown(path, meant, NAMED_DAYS, "这种日子", "kind of days")
        taking.wrong(path, f"{fault.zh}可以写：{_WAYS}", f"{fault.en} One of: {_WAYS}")
        return None
    if isinstance(node, Mapping):
        return _of_a_kind(node, path, taking)
    days = _weekdays(node, path, taking)
    return None if days is None else Weekdays(days=days)


def _of_a_kind(node: Mapping, path: Path, taking: Taking) -> Days | None:
    for key, read in _KINDS.items():
        if node.entry(key) is not None:
            return read(node, path, taking)
    found = taking.entries(node, path)
    if len(found) == 1:
        (name,) = found
        fault = unknown((*path, name), name, list(_KINDS), "这种日子", "kind of days")
        taking.wrong(fault.path, f"{fault.zh}可以写：{_WAYS}", f"{fault.en} One of: {_WAYS}")
    else:
        taking.wrong(path, f"看不出是哪些天。可以写：{_WAYS}", f"it does not say which days. One of: {_WAYS}")
    return None


def _dates(node: Mapping, path: Path, taking: Taking) -> Days | None:
    written, inner = taking.fields(node, path, {"dates": True}).get("dates"), (*path, "dates")
    days = [taking.date(item, (*inner, index)) for index, item in enumerate(taking.items(written, inner))]
    named = [day for day in days if day is not None]
    if len(named) != len(days) or _spoiled(taking, path) or _repeated([str(day) for day in named], inner, taking):
        return None
    return Dates(dates=tuple(sorted(named)))


def _festivals(node: Mapping, path: Path, taking: Taking) -> Days | None:
    written = taking.fields(node, path, {"festival": True}).get("festival")
    found = _named(written, (*path, "festival"), taking, _festival)
    return None if found is None or _spoiled(taking, path) else Festivals(festivals=_in_order(Festival, found))


def _every_second_week(node: Mapping, path: Path, taking: Taking) -> Days | None:
    fields = taking.fields(node, path, {"every second week": True, "from": True})
    days = _weekdays(fields.get("every second week"), (*path, "every second week"), taking)
    first = taking.date(fields.get("from"), (*path, "from"))
    if days is None or first is None or _spoiled(taking, path):
        return None
    return EverySecondWeek(days=days, first=first)


def _every_month(node: Mapping, path: Path, taking: Taking) -> Days | None:
    fields = taking.fields(node, path, {"every month": True, "weekday": True})
    which = _named(fields.get("every month"), (*path, "every month"), taking, _which)
    days = _weekdays(fields.get("weekday"), (*path, "weekday"), taking)
    if which is None or days is None or _spoiled(taking, path):
        return None
    return EveryMonth(which=_in_order(Which, which), days=days)


_KINDS: dict[str, Callable[[Mapping, Path, Taking], Days | None]] = {
    "dates": _dates,
    "festival": _festivals,
    "every second week": _every_second_week,
    "every month": _every_month,
}


def _weekdays(node: Node | None, path: Path, taking: Taking) -> tuple[Weekday, ...] | None:
    found = _named(node, path, taking, _weekday)
    return None if found is None else _in_order(Weekday, found)


def _named(
    node: Node | None, path: Path, taking: Taking, take: Callable[[str, Path, Taking], _Named | None]
) -> list[_Named] | None:
    """Return the names at ``path``, one by itself or a list; None where one of them is none, or comes twice."""
    if node is None:
        return None
    if isinstance(node, Sequence):
        items = [(item, (*path, index)) for index, item in enumerate(taking.items(node, path))]
    else:
        items = [(node, path)]
    texts = [(taking.text(item, at), at) for item, at in items]
    found = [None if taking.is_spoiled(at) else take(text, at, taking) for text, at in texts]
    named = [one for one in found if one is not None]
    if len(named) != len(found) or taking.is_spoiled(path) or _repeated([one.value for one in named], path, taking):
        return None
    return named


def _weekday(name: str, path: Path, taking: Taking) -> Weekday | None:
    if name.lower() in list(Weekday):
        return Weekday(name.lower())
    fault = unknown(path, name.lower(), list(Weekday), "星期", "weekday")
    taking.wrong(fault.path, f"{fault.zh}只有 {' '.join(Weekday)}", fault.en)
    return None


def _which(name: str, path: Path, taking: Taking) -> Which | None:
    if name.lower() in list(Which):
        return Which(name.lower())
    fault = unknown(path, name.lower(), list(Which), "第几个", "place in a month")
    taking.wrong(fault.path, f"{fault.zh}只有 {' '.join(Which)}", f"{fault.en} One of: {' '.join(Which)}")
    return None


def _festival(name: str, path: Path, taking: Taking) -> Festival | None:
    festival = festival_named(name)
    if festival is None:
        fault = unknown(path, name, list(Festival), "节日", "festival")
        taking.wrong(fault.path, f"{fault.zh}只有 {' '.join(Festival)}", f"{fault.en} One of: {' '.join(Festival)}")
    return festival


def _in_order(kind: type[_Named], found: Iterable[_Named]) -> tuple[_Named, ...]:
    named = set(found)
    return tuple(one for one in kind if one in named)


def _spoiled(taking: Taking, path: Path) -> bool:
    """Tell whether anything at ``path`` or right below it could not be taken."""
    return taking.is_spoiled(path) or any(other[: len(path)] == path for other in taking.spoiled)


def _repeated(names: list[str], path: Path, taking: Taking) -> bool:
    again = [name for index, name in enumerate(names) if name in names[:index]]
    for name in again[:1]:
        taking.wrong(path, f"{quoted(name)}写了两次，请留一个", f"{quoted(name, 'en')} is here twice; keep one")
    return bool(again)
