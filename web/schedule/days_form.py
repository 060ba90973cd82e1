"""On which days a broadcast airs, as its form has it: a kind, and what that kind needs; and back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from programme.festivals import Festival
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

_SIMPLE: dict[str, Days] = {
    "every": EveryDay(),
    "workdays": Workdays(),
    "rest": RestDays(),
    "exceptions": InExceptions(),
}


@dataclass(frozen=True)
class DaysForm:
    """What the form holds. Weekdays are of three kinds; ``first_day`` is that of every second week."""

    kind: str = "every"
    weekdays: tuple[str, ...] = ()
    which: tuple[str, ...] = ()
    festivals: tuple[str, ...] = ()
    first_day: str = ""
    dates: tuple[str, ...] = ()

    def fields(self) -> list[tuple[str, str]]:
        """Return the fields as the form sends them."""
        many = {"weekday": self.weekdays, "which": self.which, "festival": self.festivals, "date": self.dates}
        return [
            ("kind", self.kind),
            ("first_day", self.first_day),
            *((name, value) for name, values in many.items() for value in values),
        ]


EVERY_DAY = DaysForm()


def days_form_of(days: Days) -> DaysForm:
    """Return the form filled with ``days``."""
    match days:
        case Weekdays(days=named):
            return DaysForm(kind="weekdays", weekdays=_values(named))
        case EverySecondWeek(days=named, first=first):
            return DaysForm(kind="second", weekdays=_values(named), first_day=first.isoformat())
        case EveryMonth(which=which, days=named):
            return DaysForm(kind="month", weekdays=_values(named), which=_values(which))
        case Festivals(festivals=festivals):
            return DaysForm(kind="festivals", festivals=_values(festivals))
        case Dates(dates=dates):
            return DaysForm(kind="dates", dates=tuple(day.isoformat() for day in dates))
    return DaysForm(kind=next(name for name, named in _SIMPLE.items() if named == days))


def days_in(form: DaysForm, faults: list[str]) -> Days | None:
    """Return the days that the form describes; what can't be understood is added to ``faults``."""
    if form.kind in _SIMPLE:
        return _SIMPLE[form.kind]
    if form.kind in {"weekdays", "second", "month"}:
        return _of_weekdays(form, faults)
    if form.kind == "festivals":
        festivals = tuple(one for one in Festival if one.value in form.festivals)
        if not festivals:
            faults.append(_("请至少勾选一个节日。"))
        return Festivals(festivals=festivals)
    if form.kind == "dates":
        return _dates(form.dates, faults)
    faults.append(_("请选哪些天播。"))
    return None


def date_in(text: str) -> date | None:
    """Return the date in ``text``, as 2026-02-17, or None if it is none."""
    try:
        return date.fromisoformat(text) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    except ValueError:
        return None


def _of_weekdays(form: DaysForm, faults: list[str]) -> Days | None:
    named = tuple(day for day in Weekday if day.value in form.weekdays)
    if not named:
        faults.append(_("请至少勾选一个星期几。"))
    if form.kind == "weekdays":
        return Weekdays(days=named)
    if form.kind == "month":
        which = tuple(one for one in Which if one.value in form.which)
        if not which:
            faults.append(_("请勾选每月的第几个。"))
        return EveryMonth(which=which, days=named)
    first = date_in(form.first_day)
    if first is None:
        faults.append(_("请写从哪天开始隔周播，比如 2026-03-02。"))
        return None
    return EverySecondWeek(days=named, first=first)


def _dates(written: Iterable[str], faults: list[str]) -> Days:
    days = set()
    for text in written:
        day = date_in(text)
        if day is None:
            faults.append(_("“%(text)s”不是日期，请写成 2026-02-17 这样。", text=text))
        else:
            days.add(day)
    if not days and not faults:
        faults.append(_("请至少写一个日期。"))
    return Dates(dates=tuple(sorted(days)))


def _values(names: Iterable[Weekday | Which | Festival]) -> tuple[str, ...]:
    return tuple(name.value for name in names)
