"""The schedule in words, in both languages."""

from __future__ import annotations

from datetime import date

import pytest

from programme.festivals import Festival
from programme.model import DayException, Days, EveryMonth, EverySecondWeek, Festivals, InExceptions, Weekday, Which
from tests.web.house import House
from web.schedule.words import dates_words, days_words, exception_span, weekday_letter

EXAM = (date(2026, 6, 7), date(2026, 6, 9))
FIVE = [date(2026, 6, day) for day in range(1, 6)]


@pytest.mark.parametrize(
    ("language", "span", "dates", "letter"),
    [
        ("zh", "2026年6月7日 – 6月9日", "6月1日、6月2日、6月3日、6月4日 等 5 天", "一"),
        ("en", "7 June 2026 – 9 June", "1 June, 2 June, 3 June, 4 June and more, 5 days in all", "Mon"),
    ],
)
def test_days_are_named_as_the_readers_language_names_them(
    house: House, language: str, span: str, dates: str, letter: str
) -> None:
    """A month is a number in Chinese and a name in English."""
    with house.app.test_request_context(headers={"Accept-Language": language}):
        assert exception_span(DayException(first=EXAM[0], last=EXAM[1], reason="高考", air="none")) == span
        assert dates_words(FIVE) == dates
        assert weekday_letter(FIVE[0]) == letter


MONDAYS = (Weekday.MON,)


@pytest.mark.parametrize(
    ("days", "zh", "en"),
    [
        (
            Festivals(festivals=(Festival.SPRING, Festival.MID_AUTUMN)),
            "春节、中秋节",
            "Spring Festival, Mid-Autumn Festival",
        ),
        (
            EverySecondWeek(days=MONDAYS, first=date(2026, 6, 8)),
            "每隔一周的星期一，从6月8日起",
            "every second week, Monday, from 8 June",
        ),
        (EveryMonth(which=(Which.LAST,), days=MONDAYS), "每月最后一个星期一", "every month, last Monday"),
        (InExceptions(), "只在例外的日子", "in exceptions only"),
    ],
)
def test_kinds_of_days_are_named(house: House, days: Days, zh: str, en: str) -> None:
    """As people say them."""
    for language, words in (("zh", zh), ("en", en)):
        with house.app.test_request_context(headers={"Accept-Language": language}):
            assert days_words(days) == words
