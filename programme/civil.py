"""The civil calendar of mainland China: on which days people work, by what was announced and what was dropped in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import chinese_calendar
from chinese_calendar import Holiday as ShippedHoliday

from programme.festivals import Festival, festivals_on
from programme.model import CivilYear

Years = Sequence[CivilYear]

_FIRST_RESTING_WEEKDAY = 5  # Saturday, where Monday is 0
_SHIPPED_UNTIL = max(chinese_calendar.constants.holidays).year
_KEPT_YEARS = 2  # before the one that is put in: days that are looked back at
_NAMES = {
    ShippedHoliday.new_years_day.value: "元旦",
    ShippedHoliday.spring_festival.value: "春节",
    ShippedHoliday.tomb_sweeping_day.value: "清明节",
    ShippedHoliday.labour_day.value: "劳动节",
    ShippedHoliday.dragon_boat_festival.value: "端午节",
    ShippedHoliday.national_day.value: "国庆节",
    ShippedHoliday.mid_autumn_festival.value: "中秋节",
    ShippedHoliday.anti_fascist_70th_day.value: "抗战胜利纪念日",
}
# Free by law in every year, whatever is moved around them (State Council decree 795, in force since 2025).
_FREE_BY_LAW = frozenset(
    {
        Festival.NEW_YEARS_DAY,
        Festival.NEW_YEARS_EVE,
        Festival.SPRING,
        Festival.TOMB_SWEEPING,
        Festival.LABOUR,
        Festival.DRAGON_BOAT,
        Festival.MID_AUTUMN,
        Festival.NATIONAL,
    }
)


def covers(day: date, years: Years = ()) -> bool:
    """Tell whether the official holidays and make-up working days of ``day``'s year are known.

    ``years`` are those of the programme or publication; they go before what ships.
    """
    return any(year.year == day.year for year in years) or _is_shipped(day)


def is_workday(day: date, years: Years = ()) -> bool:
    """Tell whether mainland China works on ``day``, make-up working days (调休) included.

    In a year whose holidays are not known yet (see ``covers``), Monday to Friday are workdays, but for the days
    of the festivals that are free by law.
    """
    if _is_worked_instead(day, years):
        return True
    if _holiday_in(day, years):
        return False
    by_weekday = day.weekday() < _FIRST_RESTING_WEEKDAY
    if any(year.year == day.year for year in years):
        return by_weekday
    if _is_shipped(day):
        return bool(chinese_calendar.is_workday(day))
    return by_weekday and (day.year < _SHIPPED_UNTIL or _FREE_BY_LAW.isdisjoint(festivals_on(day)))


def occasion_of(day: date, years: Years = ()) -> str | None:
    """Return the holiday that makes ``day`` other than its weekday says, in Chinese, or None.

    It is free for it, or worked instead of one of its days: ``is_workday`` tells which.
    """
    dropped_in = _holiday_in(day, years)
    if dropped_in:
        return dropped_in
    if _is_worked_instead(day, years) or any(year.year == day.year for year in years) or not _is_shipped(day):
        return None
    constants = chinese_calendar.constants
    name = constants.holidays.get(day) or constants.workdays.get(day)
    return _NAMES.get(name) if name else None


def known_until(years: Years = ()) -> date:
    """Return the last day up to which all is known without a gap."""
    known = {year.year for year in years}
    last = _SHIPPED_UNTIL
    while last + 1 in known:
        last += 1
    return date(last, 12, 31)


def with_year(years: Years, year: CivilYear) -> tuple[CivilYear, ...]:
    """Return the years with ``year`` in its place, and without those that are long over."""
    others = [one for one in years if one.year != year.year and one.year >= year.year - _KEPT_YEARS]
    return tuple(sorted((*others, year), key=lambda one: one.year))


def _is_worked_instead(day: date, years: Years) -> bool:
    return any(day in year.workdays for year in years)


def _holiday_in(day: date, years: Years) -> str | None:
    found = (one.name for year in years for one in year.holidays if one.first <= day <= one.last)
    return next(found, None)


def _is_shipped(day: date) -> bool:
    try:
        chinese_calendar.is_workday(day)
    except NotImplementedError:
        return False
    return True
