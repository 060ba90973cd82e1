"""A year of days as a table that a person can read: what kind of day each is, what is aired, and what is unusual."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from box.sentences import Language
from programme.day_words import kind_of_day
from programme.timetable import Plan, cues_on
from programme.unusual import unusual_on


def year_table(plan: Plan, year: int, language: Language = "zh") -> Iterator[str]:
    """Yield a line a day: the date, its kind, the times of what has something to say, and what is unusual."""
    day = date(year, 1, 1)
    while day.year == year:
        times = " ".join(f"{cue.due:%H:%M}" for cue in cues_on(plan, day) if cue.messages) or "—"
        notes = "; ".join(note.text(language) for note in unusual_on(plan, day))
        kind = kind_of_day(day, plan.calendar).text(language)
        yield f"{day}  {times}  {kind}{'  ! ' + notes if notes else ''}"
        day += timedelta(days=1)
