"""What is said of a text: its spoken form, and the pinyin that the word list gives to words in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tts.engines import TextRefused
from tts.job import LONGEST_SPOKEN
from tts.spoken import spoken_form
from tts.word_list import WordList


@dataclass(frozen=True)
class Wording:
    """``spoken`` is on one line, without digits; ``given`` are words of it with their pinyin, no others."""

    spoken: str
    given: Mapping[str, str]


def wording_of(text: str, words: WordList) -> Wording:
    """Return how ``text`` is said. Raises SpokenFormEmpty, and TextRefused where it is too long for anybody."""
    spoken = spoken_form(text, words) if len(text) <= LONGEST_SPOKEN else text
    if len(spoken) > LONGEST_SPOKEN:
        raise TextRefused("稿件太长，请分成几篇", "the message is too long, please make several of it")
    return Wording(spoken, words.readings.touching(spoken))
