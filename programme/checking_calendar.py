"""The rules that an announced year keeps to: what a slip of the finger breaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from programme.faults import Fault, Path
from programme.festivals import festival_day, festival_named
from programme.model import CivilYear, Holiday

MOST_YEARS = 10
MOST_HOLIDAYS = 12
MOST_WORKDAYS = 20
LONGEST_DAYS = 15  # the longest so far were ten
YEARS = range(2004, 2200)
_LONGEST_NAME = 40
_SATURDAY = 5
_A_MONTH = timedelta(days=31)  # New Year's holiday may begin in December, and a day be worked for it
_NAMES = re.compile("[、，, ]")


def calendar_faults(calendar: tuple[CivilYear, ...]) -> Iterator[Fault]:
    """Yield what is wrong with the years that were dropped in."""
    if len(calendar) > MOST_YEARS:
        yield Fault(
            None, f"最多 {MOST_YEARS} 年，请删掉过去的", f"at most {MOST_YEARS} years; remove old ones", ("calendar",)
        )
        return
    years = [year.year for year in calendar]
    if years != sorted(set(years)):
        yield Fault(None, "年份要按先后写，每年写一次", "name the years in their order, each once", ("calendar",))
    for year in calendar:
        yield from year_faults(year)


def year_faults(year: CivilYear) -> Iterator[Fault]:
    """Yield what is wrong with one year by itself."""
    path: Path = ("calendar", str(year.year))
    if year.year not in YEARS:
        yield Fault(None, "年份写错了", "that year can't be", path)
        return
    if not year.holidays:
        yield Fault(None, "没有写哪几天放假", "no holiday is named", path)
    if len(year.holidays) > MOST_HOLIDAYS or len(year.workdays) > MOST_WORKDAYS:
        yield Fault(None, "假期或上班的日子太多了，请检查", "there are too many holidays or working days", path)
        return
    for index, holiday in enumerate(year.holidays):
        yield from _holiday((*path, "holidays", index), holiday, year.year)
    for before, after in pairwise(year.holidays):
        if after.first <= before.last:
            zh = f"{after.name}要写在{before.name}后面，而且不能有同一天"
            en = f"{after.name} must come after {before.name} and share no day with it"
            yield Fault(None, zh, en, (*path, "holidays"))
    yield from _workdays((*path, "workdays"), year)


def _holiday(path: Path, holiday: Holiday, year: int) -> Iterator[Fault]:
    first, last, name = holiday.first, holiday.last, holiday.name
    if not name.strip() or len(name) > _LONGEST_NAME or not name.isprintable():
        yield Fault(None, "假期的名字是空的或者太长", "the holiday's name is empty or too long", (*path, "name"))
        return
    if first > last:
        yield Fault(None, f"{name}：开始 {first} 晚于结束 {last}", f"{name}: {first} is after {last}", (*path, "to"))
        return
    if last.year != year or first < date(year, 1, 1) - _A_MONTH:
        yield Fault(None, f"{name}：{first} 到 {last} 不在 {year} 年", f"{name}: not in {year}", (*path, "from"))
    elif (last - first).days >= LONGEST_DAYS:
        zh = f"{name}有 {(last - first).days + 1} 天，太长了，请核对"
        yield Fault(None, zh, f"{name} is over {LONGEST_DAYS} days; check it", (*path, "to"))
    else:
        yield from _own_days((*path, "from"), holiday, year)


def _own_days(path: Path, holiday: Holiday, year: int) -> Iterator[Fault]:
    """Yield a fault where a festival's holiday leaves out the festival itself: that is a slip."""
    for name in _NAMES.split(holiday.name):
        festival = festival_named(name)
        day = festival_day(festival, year) if festival else None
        if day is not None and not holiday.first <= day <= holiday.last:
            zh = f"{name}是 {day.month}月{day.day}日，却不在 {holiday.first} 到 {holiday.last} 里，请核对"
            yield Fault(None, zh, f"{name} is {day}, which is not in {holiday.first} to {holiday.last}", path)


def _workdays(path: Path, year: CivilYear) -> Iterator[Fault]:
    if year.workdays != tuple(sorted(set(year.workdays))):
        yield Fault(None, "上班的日子要按先后写，每天写一次", "name the working days in their order, each once", path)
    for index, day in enumerate(year.workdays):
        place = (*path, index)
        if day.weekday() < _SATURDAY:
            yield Fault(None, f"{day} 不是周六周日，不用写调休上班", f"{day} is no Saturday or Sunday", place)
        if not date(year.year, 1, 1) - _A_MONTH <= day <= date(year.year, 12, 31):
            yield Fault(None, f"{day} 不在 {year.year} 年", f"{day} is not in {year.year}", place)
        if any(holiday.first <= day <= holiday.last for holiday in year.holidays):
            yield Fault(None, f"{day} 又放假又上班，请核对", f"{day} is free and worked at once; check it", place)
