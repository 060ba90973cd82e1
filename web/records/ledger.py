"""台账: what a month adds up to. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from programme.publication import SAMPLE_RATE_HZ
from speaker.airing import Outcome, Reason
from speaker.record import Airing, Said


@dataclass(frozen=True)
class Totals:
    """How many were due and how they ended; a broadcast that was attempted twice is one, as its last attempt ended.

    ``outcomes`` counts the scheduled ones, ``reasons`` every one that was not aired whole, the most frequent first.
    ``pages`` and ``emergencies`` count those that sounded, ``seconds`` all that sounded.
    """

    planned: int = 0
    outcomes: dict[Outcome, int] = field(default_factory=dict)
    reasons: tuple[tuple[Outcome, Reason, int], ...] = ()
    pages: int = 0
    emergencies: int = 0
    seconds: float = 0.0

    def of(self, outcome: str) -> int:
        """Return how many scheduled broadcasts ended so."""
        return self.outcomes.get(Outcome(outcome), 0)


def totals_of(airings: Sequence[Airing]) -> Totals:
    """Return what ``airings`` add up to. One that still sounds counts only for the time it has sounded."""
    scheduled = sorted((row for row in airings if row.priority == "programme"), key=lambda row: row.attempt)
    last_attempts = {(row.day, row.broadcast): row for row in scheduled}
    ended = [row for row in last_attempts.values() if row.outcome is not None]
    others = [
        row for row in airings if row.priority != "programme" and row.outcome is not None and row.origin != "self-test"
    ]
    reasons = Counter(
        (row.outcome, row.reason)
        for row in (*ended, *others)
        if row.outcome not in {None, Outcome.NOTED} and row.reason
    )
    sounded = Counter(row.priority for row in others if row.frames_played)
    return Totals(
        planned=len(ended),
        outcomes=dict(Counter(row.outcome for row in ended if row.outcome)),
        reasons=tuple((outcome, reason, count) for (outcome, reason), count in reasons.most_common()),
        pages=sounded["page"],
        emergencies=sounded["emergency"],
        seconds=sum(row.frames_played for row in airings) / SAMPLE_RATE_HZ,
    )


def sum_of(parts: Iterable[Totals]) -> Totals:
    """Return what several boxes' totals add up to."""
    parts = list(parts)
    outcomes: Counter[Outcome] = Counter()
    reasons: Counter[tuple[Outcome, Reason]] = Counter()
    for part in parts:
        outcomes.update(part.outcomes)
        for outcome, reason, count in part.reasons:
            reasons[outcome, reason] += count
    return Totals(
        planned=sum(part.planned for part in parts),
        outcomes=dict(outcomes),
        reasons=tuple((outcome, reason, count) for (outcome, reason), count in reasons.most_common()),
        pages=sum(part.pages for part in parts),
        emergencies=sum(part.emergencies for part in parts),
        seconds=sum(part.seconds for part in parts),
    )


def days_without(airings: Iterable[Airing], first: date, last: date) -> tuple[date, ...]:
    """Return the days from ``first`` to ``last`` of which there is nothing on record; perhaps the power was off."""
    known = {airing.day for airing in airings}
    days = ((last - first).days + 1) if first <= last else 0
    return tuple(day for day in (first + timedelta(days=number) for number in range(days)) if day not in known)


def wordings(airings: Iterable[Airing]) -> dict[tuple[str, str, str], int]:
    """Return each wording that was said, with its number: title, words and clip, in the order of the first time."""
    found: dict[tuple[str, str, str], int] = {}
    for airing in airings:
        for said in filter(lambda one: one.clip, airing.said):  # the built-in signal has no words
            found.setdefault(wording(said), len(found) + 1)
    return found


def writers(airing: Airing) -> tuple[str, ...]:
    """Return who wrote what was said: whom the message names, else the user who saved it; both where they differ."""
    return _each(
        f"{said.author} ({said.wrote})"
        if said.author and said.wrote not in {"", said.author}
        else said.author or said.wrote
        for said in airing.said
    )


def approvers(airing: Airing) -> tuple[str, ...]:
    """Return who let through what was said; none where nobody had to."""
    return _each(said.approved for said in airing.said)


def sources(airing: Airing) -> tuple[str, ...]:
    """Return where what was said came from: an office, a notice's number."""
    return _each(said.source for said in airing.said)


def last_link(airings: Iterable[Airing]) -> Airing | None:
    """Return the row that was finished last, whose hash stands for all before it; None where none has one."""
    chained = [row for row in airings if row.link is not None]
    return max(chained, key=lambda row: row.link or 0, default=None)


def _each(names: Iterable[str]) -> tuple[str, ...]:
    """Return each name once, in the order of the first time, the empty one left out."""
    return tuple(dict.fromkeys(name for name in names if name))


def wording(said: Said) -> tuple[str, str, str]:
    """Return what makes a wording another one."""
    return said.title, said.text, said.clip
