"""Where the calendar's tables end, and who is to be told in time: those whose broadcasts depend on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from box.sentences import Sentence
from programme import civil
from programme.festivals import LAST_YEAR, Festival
from programme.model import Festivals, Programme, RestDays, Workdays
from programme.publication import Publication

Plan = Programme | Publication

_WARNED_FROM_MONTH = 11  # two months before the year ends; the next year is announced in about the first of them
_EVERY_YEAR_ALIKE = {Festival.NEW_YEARS_DAY, Festival.LABOUR, Festival.NATIONAL}


def ending_soon(plan: Plan, today: date) -> Sentence | None:
    """Return what to do before the tables end that ``plan`` depends on; None while that is over two months away."""
    end = civil.known_until(plan.calendar)
    if _needs_holidays(plan) and today >= date(end.year, _WARNED_FROM_MONTH, 1):
        year = end.year + 1
        return Sentence(
            f"{year} 年的放假安排还没有。国务院公布以后（一般在十一月），请在“时段”页的“放假安排”里放进来；"
            "不放的话，按周一到周五上班播",
            f"the holidays of {year} are not known yet. When they are announced (mostly in November), put them in "
            "under Schedule, Holidays; until then Monday to Friday count as workdays",
        )
    if _needs_moon(plan) and today >= date(LAST_YEAR, _WARNED_FROM_MONTH, 1):
        return Sentence(
            f"农历节日只算到 {LAST_YEAR} 年底，请安装新版本",
            f"the festivals of the lunar calendar are known until {LAST_YEAR}; install a newer version",
        )
    return None


def unknown_days(plan: Plan, day: date) -> Iterator[Sentence]:
    """Yield what is not known of ``day`` and matters to a broadcast."""
    if _needs_holidays(plan) and not civil.covers(day, plan.calendar):
        yield Sentence(
            f"{day.year} 年的放假安排还不知道，暂按周一到周五上班、法定节日休息",
            f"the holidays of {day.year} are not known; Monday to Friday count as workdays, but for the festivals",
        )
    if _needs_moon(plan) and day.year > LAST_YEAR:
        yield Sentence(
            f"{day.year} 年的农历节日算不出来，请安装新版本",
            f"the lunar festivals of {day.year} are not known; install a newer version",
        )


def _needs_holidays(plan: Plan) -> bool:
    return any(isinstance(one.days, Workdays | RestDays) for one in plan.broadcasts)


def _needs_moon(plan: Plan) -> bool:
    kinds = (one.days for one in plan.broadcasts if isinstance(one.days, Festivals))
    return any(not set(days.festivals) <= _EVERY_YEAR_ALIKE for days in kinds)
