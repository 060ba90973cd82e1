"""The difference between two wordings, as a person would mark it with a pen: what is gone and what is new. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal

Kind = Literal["same", "gone", "new"]

# Comparing takes time by the square of the length, so clauses come first and words only within what has changed.
MOST_CLAUSES = 500
MOST_WORDS = 400
_SHORTEST_ISLAND = 2  # a single character that stayed between two changes is harder to read than one change

_END = r"(?:[，。；：！？、\n;!?]|[,.:](?![0-9]))"
_CLAUSE = re.compile(rf"(?:(?!{_END}).)*{_END}+|(?:(?!{_END}).)+", re.DOTALL)
_WORD = re.compile(r"[A-Za-z]+|[0-9]+(?:[.:-][0-9]+)*|.", re.DOTALL)


@dataclass(frozen=True)
class Part:
    """A stretch of text that stayed, is gone, or is new."""

    kind: Kind
    text: str


def differences(before: str, after: str) -> tuple[Part, ...]:
    """Return how ``before`` became ``after``: its parts in order, no two of one kind side by side.

    Those that stayed and those that are gone make ``before``; those that stayed and those that are new make ``after``.
    Words of Latin letters and numbers are whole; of Chinese, each character is one.
    """
    return tuple(_joined(_by_clauses(_CLAUSE.findall(before), _CLAUSE.findall(after))))


def _by_clauses(before: Sequence[str], after: Sequence[str]) -> Iterator[Part]:
    if max(len(before), len(after)) > MOST_CLAUSES:
        yield from _replaced("".join(before), "".join(after))
        return
    for same, old, new in _blocks(before, after):
        if same:
            yield Part("same", "".join(old))
        else:
            yield from _by_words("".join(old), "".join(new))


def _by_words(before: str, after: str) -> Iterator[Part]:
    old, new = _WORD.findall(before), _WORD.findall(after)
    if not old or not new or max(len(old), len(new)) > MOST_WORDS:
        yield from _replaced(before, after)
        return
    gone, come, island = "", "", ""
    for same, left, right in _blocks(old, new):
        if not same:
            gone, come = gone + island + "".join(left), come + island + "".join(right)
            island = ""
            continue
        island = "".join(left)
        if len(island) >= _SHORTEST_ISLAND or not (gone or come):
            yield from _replaced(gone, come)
            yield Part("same", island)
            gone, come, island = "", "", ""
    yield from _replaced(gone, come)
    yield Part("same", island)


def _blocks(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[bool, Sequence[str], Sequence[str]]]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        yield tag == "equal", before[i:j], after[k:m]


def _replaced(before: str, after: str) -> Iterator[Part]:
    if before == after:
        yield Part("same", before)
        return
    yield Part("gone", before)
    yield Part("new", after)


def _joined(parts: Iterable[Part]) -> Iterator[Part]:
    for kind, group in groupby((part for part in parts if part.text), key=lambda part: part.kind):
        yield Part(kind, "".join(part.text for part in group))
