"""On how many examples a rule is tried: each day on some of them, with ``./xiaolaba test --slow`` on all."""

from __future__ import annotations

from dataclasses import dataclass

QUICK = "not slow"  # how the slow tests are left out, as cli/test.py asks


@dataclass
class Run:
    """What was asked for; set before any test is read."""

    is_quick: bool = False


run = Run()


def examples(number: int, *, everyday: int) -> int:
    """Return ``number``, or ``everyday`` where the slow tests are left out."""
    return everyday if run.is_quick else number
