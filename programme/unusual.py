"""What is not as usual on a day: an exception, a holiday, a festival, a broadcast with nothing to say. Pure.

It is told the day before, so that a silent morning, or one more broadcast than usual, is no surprise.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from box.sentences import Sentence
from programme import civil
from programme.day_words import holiday_in_english
from programme.festivals import TITLES, festivals_on
from programme.model import Broadcast, DayException, Festivals, RestDays, Workdays
from programme.timetable import Plan, airs, cues_on, is_planned

_SATURDAY = 5


def unusual_on(plan: Plan, day: date) -> tuple[Sentence, ...]:
    """Return what is not as usual on ``day``, each as a sentence without the day."""
    return tuple(_unusual(plan, day))


def _unusual(plan: Plan, day: date) -> Iterator[Sentence]:
    for exception in plan.exceptions:
        if exception.first <= day <= exception.last:
            yield _of_exception(plan, exception, day)
    yield from _of_the_calendar(plan, day)
    for festival in festivals_on(day):
        own = [one for one in plan.broadcasts if isinstance(one.days, Festivals) and festival in one.days.festivals]
        at = _times(one for one in own if airs(one.id, day, plan.exceptions))
        if at:
            zh, en = TITLES[festival]
            yield Sentence(f"{zh}，{at} 有广播", f"{en}: a broadcast at {at}")
    for cue in cues_on(plan, day):
        if not cue.messages:
            at = f"{cue.due:%H:%M}"
            yield Sentence(
                f"{at} 的稿件都不在有效期，到时候不响，请改一改日期或内容",
                f"at {at} nothing will be said: all its messages have expired or are not valid yet; renew them",
            )


def _of_exception(plan: Plan, exception: DayException, day: date) -> Sentence:
    if exception.air == "none":
        return Sentence(f"{exception.reason}，全部停播", f"{exception.reason}: nothing is aired")
    named = [one for one in plan.broadcasts if one.id in exception.air and is_planned(plan, one, day)]
    at = _times(one for one in named if airs(one.id, day, plan.exceptions))
    if not at:
        return Sentence(f"{exception.reason}，没有广播", f"{exception.reason}: nothing is aired")
    return Sentence(f"{exception.reason}，只播 {at}", f"{exception.reason}: only {at} is aired")


def _of_the_calendar(plan: Plan, day: date) -> Iterator[Sentence]:
    """Yield what a holiday, or a make-up working day, moves."""
    works = civil.is_workday(day, plan.calendar)
    if works is (day.weekday() < _SATURDAY):
        return
    workdays = _times(_that_air(plan, Workdays, day))
    rest_days = _times(_that_air(plan, RestDays, day))
    more, less = (workdays, rest_days) if works else (rest_days, workdays)
    if not more and not less:
        return
    name = civil.occasion_of(day, plan.calendar)
    zh = f"{name}调休，要上班" if works and name else "调休，要上班" if works else f"{name or '法定节日'}放假"
    en = "a make-up working day" if works else f"{holiday_in_english(name) or 'a public holiday'}, a day of rest"
    if more:
        zh, en = f"{zh}，{more} 也播", f"{en}: {more} is aired too"
    if less:
        zh, en = f"{zh}，{less} 不播", f"{en}{';' if more else ':'} {less} is not"
    yield Sentence(zh, en)


def _that_air(plan: Plan, kind: type[Workdays | RestDays], day: date) -> Iterator[Broadcast]:
    return (one for one in plan.broadcasts if isinstance(one.days, kind) and airs(one.id, day, plan.exceptions))


def _times(broadcasts: Iterable[Broadcast]) -> str:
    return "、".join(f"{at:%H:%M}" for at in sorted(one.at for one in broadcasts))
