"""The festivals of a Chinese year, and on which day each falls: a table, so that no internet is needed."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from box.sentences import Sentence


class Festival(StrEnum):
    """A festival as the programme file writes it, in the order of the year."""

    NEW_YEARS_DAY = "元旦"
    NEW_YEARS_EVE = "除夕"
    SPRING = "春节"
    LANTERN = "元宵"
    TOMB_SWEEPING = "清明"
    LABOUR = "劳动节"
    DRAGON_BOAT = "端午"
    MID_AUTUMN = "中秋"
    NATIONAL = "国庆"
    DOUBLE_NINTH = "重阳"


TITLES = {
    Festival.NEW_YEARS_DAY: Sentence("元旦", "New Year's Day"),
    Festival.NEW_YEARS_EVE: Sentence("除夕", "Lunar New Year's Eve"),
    Festival.SPRING: Sentence("春节", "Spring Festival"),
    Festival.LANTERN: Sentence("元宵节", "Lantern Festival"),
    Festival.TOMB_SWEEPING: Sentence("清明节", "Tomb-Sweeping Day"),
    Festival.LABOUR: Sentence("劳动节", "Labour Day"),
    Festival.DRAGON_BOAT: Sentence("端午节", "Dragon Boat Festival"),
    Festival.MID_AUTUMN: Sentence("中秋节", "Mid-Autumn Festival"),
    Festival.NATIONAL: Sentence("国庆节", "National Day"),
    Festival.DOUBLE_NINTH: Sentence("重阳节", "Double Ninth Festival"),
}

# Spring Festival (first day of the first lunar month), Tomb-Sweeping (the sun at 15 degrees), Dragon Boat (5th of the
# fifth month), Mid-Autumn (15th of the eighth), Double Ninth (9th of the ninth): Beijing's days, by the rules of
# GB/T 33661-2017. Reckoned in 2026 from new moons and the sun's longitude (PyEphem 4.2.1); lunardate 0.3.0 and
# LunarCalendar 0.0.9, which have tables of their own, name the same days. It ends before 2057, where a new moon comes
# ten seconds before midnight and the sources part.
_TABLE = """
2004 01-22 04-04 06-22 09-28 10-22
2005 02-09 04-05 06-11 09-18 10-11
2006 01-29 04-05 05-31 10-06 10-30
2007 02-18 04-05 06-19 09-25 10-19
2008 02-07 04-04 06-08 09-14 10-07
2009 01-26 04-04 05-28 10-03 10-26
2010 02-14 04-05 06-16 09-22 10-16
2011 02-03 04-05 06-06 09-12 10-05
2012 01-23 04-04 06-23 09-30 10-23
2013 02-10 04-04 06-12 09-19 10-13
2014 01-31 04-05 06-02 09-08 10-02
2015 02-19 04-05 06-20 09-27 10-21
2016 02-08 04-04 06-09 09-15 10-09
2017 01-28 04-04 05-30 10-04 10-28
2018 02-16 04-05 06-18 09-24 10-17
2019 02-05 04-05 06-07 09-13 10-07
2020 01-25 04-04 06-25 10-01 10-25
2021 02-12 04-04 06-14 09-21 10-14
2022 02-01 04-05 06-03 09-10 10-04
2023 01-22 04-05 06-22 09-29 10-23
2024 02-10 04-04 06-10 09-17 10-11
2025 01-29 04-04 05-31 10-06 10-29
2026 02-17 04-05 06-19 09-25 10-18
2027 02-06 04-05 06-09 09-15 10-08
2028 01-26 04-04 05-28 10-03 10-26
2029 02-13 04-04 06-16 09-22 10-16
2030 02-03 04-05 06-05 09-12 10-05
2031 01-23 04-05 06-24 10-01 10-24
2032 02-11 04-04 06-12 09-19 10-12
2033 01-31 04-04 06-01 09-08 10-01
2034 02-19 04-05 06-20 09-27 10-20
2035 02-08 04-05 06-10 09-16 10-09
2036 01-28 04-04 05-30 10-04 10-27
2037 02-15 04-04 06-18 09-24 10-17
2038 02-04 04-05 06-07 09-13 10-07
2039 01-24 04-05 05-27 10-02 10-26
2040 02-12 04-04 06-14 09-20 10-14
2041 02-01 04-04 06-03 09-10 10-03
2042 01-22 04-04 06-22 09-28 10-22
2043 02-10 04-05 06-11 09-17 10-11
2044 01-30 04-04 05-31 10-05 10-29
2045 02-17 04-04 06-19 09-25 10-18
2046 02-06 04-04 06-08 09-15 10-08
2047 01-26 04-05 05-29 10-04 10-27
2048 02-14 04-04 06-15 09-22 10-16
2049 02-02 04-04 06-04 09-11 10-05
2050 01-23 04-04 06-23 09-30 10-24
2051 02-11 04-05 06-13 09-19 10-13
2052 02-01 04-04 06-01 09-07 10-30
2053 02-19 04-04 06-20 09-26 10-20
2054 02-08 04-04 06-10 09-16 10-09
2055 01-28 04-05 05-30 10-05 10-28
2056 02-15 04-04 06-17 09-24 10-17
"""

_FIXED = {Festival.NEW_YEARS_DAY: (1, 1), Festival.LABOUR: (5, 1), Festival.NATIONAL: (10, 1)}
_COLUMNS = (
    Festival.SPRING,
    Festival.TOMB_SWEEPING,
    Festival.DRAGON_BOAT,
    Festival.MID_AUTUMN,
    Festival.DOUBLE_NINTH,
)


def _read_table() -> dict[int, dict[Festival, date]]:
    years = {}
    for line in _TABLE.split("\n")[1:-1]:
        year, *days = line.split(" ")
        years[int(year)] = dict(zip(_COLUMNS, (date.fromisoformat(f"{year}-{day}") for day in days), strict=True))
    return years


_YEARS = _read_table()
FIRST_YEAR, LAST_YEAR = min(_YEARS), max(_YEARS)


def festival_day(festival: Festival, year: int) -> date | None:
    """Return the day of ``festival`` in the calendar year ``year``, or None where the table does not reach."""
    if festival in _FIXED:
        return date(year, *_FIXED[festival])
    known = _YEARS.get(year)
    if known is None:
        return None
    if festival is Festival.NEW_YEARS_EVE:
        return known[Festival.SPRING] - timedelta(days=1)
    if festival is Festival.LANTERN:
        return known[Festival.SPRING] + timedelta(days=14)  # the 15th of the first month
    return known[festival]


def festivals_on(day: date) -> tuple[Festival, ...]:
    """Return the festivals of ``day``: mostly none, and two where Mid-Autumn is National Day."""
    if FIRST_YEAR <= day.year <= LAST_YEAR:
        return _ON.get(day, ())
    return tuple(festival for festival, month_and_day in _FIXED.items() if month_and_day == (day.month, day.day))


def _by_day() -> dict[date, tuple[Festival, ...]]:
    found: dict[date, tuple[Festival, ...]] = {}
    for year in _YEARS:
        for festival in Festival:
            day = festival_day(festival, year)
            if day is not None:
                found[day] = (*found.get(day, ()), festival)
    return found


_ON = _by_day()


def festival_named(name: str) -> Festival | None:
    """Return the festival that people call ``name`` (as 春节, 端午节, 国庆节, 五一), or None."""
    return _NAMES.get(name.strip())


_NAMES = {
    **{festival.value: festival for festival in Festival},
    **{f"{festival.value}节": festival for festival in Festival if not festival.value.endswith("节")},
    "元旦节": Festival.NEW_YEARS_DAY,
    "五一": Festival.LABOUR,
    "五一节": Festival.LABOUR,
    "国际劳动节": Festival.LABOUR,
    "十一": Festival.NATIONAL,
    "大年三十": Festival.NEW_YEARS_EVE,
    "大年初一": Festival.SPRING,
}
