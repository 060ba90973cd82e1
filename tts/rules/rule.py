"""What a rule is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

RANGE = r"\s*(?:——|[-–—－~～至到])\s*"
"""What people write between the two ends of a range."""


@dataclass(frozen=True)
class Rule:
    """Where ``pattern`` matches, ``say`` gives the words; it gives the match back where the numbers can't be meant so.

    Every pattern needs an ASCII digit (or a symbol) that its words do not hold any more.
    """

    pattern: re.Pattern[str]
    say: Callable[[re.Match[str]], str]


def rule(pattern: str, say: Callable[[re.Match[str]], str]) -> Rule:
    """Return the rule of a pattern."""
    return Rule(re.compile(pattern), say)


def apply(rules: Iterable[Rule], text: str) -> str:
    """Return ``text`` after all ``rules``, in their order."""
    for each in rules:
        text = each.pattern.sub(each.say, text)
    return text
