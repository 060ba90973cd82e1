"""The civil calendar of mainland China: on which days people work."""

from __future__ import annotations

from datetime import date

import chinese_calendar

_FIRST_RESTING_WEEKDAY = 5  # Saturday, where Monday is 0


def covers(day: date) -> bool:
    """Tell whether the official holidays and make-up working days of ``day``'s year are known."""
    try:
        chinese_calendar.is_workday(day)
    except NotImplementedError:
        return False
    return True


def is_workday(day: date) -> bool:
    """Tell whether mainland China works on ``day``, make-up working days (调休) included.

    In a year whose holidays are not known yet (see ``covers``), Monday to Friday are workdays.
    """
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < _FIRST_RESTING_WEEKDAY
