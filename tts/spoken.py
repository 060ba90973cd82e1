"""The spoken form: a notice turned into exactly what is said, so that no engine has to guess."""

from __future__ import annotations

from dataclasses import dataclass

from box.sentences import Sentence, XiaolabaError
from tts.left_out import notes_on
from tts.rules import dates, measures, money, places, remaining, telephone, times, web
from tts.rules.cleaning import clean
from tts.rules.rule import apply
from tts.rules.symbols import said_symbols
from tts.word_list import WordList

# The order is part of the rules: of all that were measured on real notices it read most of them right.
_RULES = (
    *web.RULES,
    *remaining.LISTS,
    *remaining.COMPARISONS,
    *money.RULES,
    *times.TWELVE_HOURS,
    *dates.RULES,
    *times.RULES,
    *places.PLATES,
    *telephone.RULES,
    *places.RULES,
    *measures.RULES,
    *remaining.RULES,
)


class SpokenFormEmpty(XiaolabaError):
    """There is nothing in the text that can be said."""


@dataclass(frozen=True)
class Spoken:
    """What is said, and notes for the writer on what of the text is not."""

    text: str
    notes: tuple[Sentence, ...]


def spoken_form(text: str, words: WordList | None = None) -> str:
    """Return ``text`` as it is read aloud, on one line: no digits, and no marks but those that are pauses.

    Latin words stay as they are; the homophones of ``words`` stand for their words, and no rule reads into them.
    Raises SpokenFormEmpty when nothing is left to say.
    """
    return _spoken(_before_symbols(text, words))


def spoken_with_notes(text: str, words: WordList | None = None) -> Spoken:
    """Return the spoken form with a note for each kind of thing that is in ``text`` and not heard.

    Raises SpokenFormEmpty when nothing is left to say.
    """
    ruled = _before_symbols(text, words)
    return Spoken(_spoken(ruled), notes_on(text, ruled))


def _before_symbols(text: str, words: WordList | None) -> str:
    cleaned, shields = clean(text), dict[int, str]()
    if words is not None:
        cleaned, shields = words.shielded(cleaned)
    return apply(_RULES, cleaned).translate(shields)


def _spoken(ruled: str) -> str:
    spoken = said_symbols(ruled)
    if not any(character.isalnum() for character in spoken):
        raise SpokenFormEmpty(
            "稿件里没有可以读的内容，请写上文字", "there is nothing to say in the message, please write some words"
        )
    return spoken
