"""A row of the word list, and what can be wrong with one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from box.sentences import Sentence, XiaolabaError
from tts.rules.cleaning import clean
from tts.syllables import syllable_of

Syllables = tuple[str, ...]

LONGEST_WORD = 20
HAN = re.compile(r"[㐀-鿿〇]+")


@dataclass(frozen=True)
class Row:
    """A word, its pinyin (``dai4 fu5`` or ``dài fu5``; 5 is the light tone), and perhaps how to write its sound.

    ``homophone`` is for engines that take no pinyin: characters that they read right. A word with digits or letters
    needs one, and the pinyin is that of the homophone.
    """

    word: str
    pinyin: str
    homophone: str = ""


class WordsWrong(XiaolabaError):
    """Rows that can't be. ``rows`` has the index of each (from 0) and a sentence that names it."""

    def __init__(self, rows: tuple[tuple[int, Sentence], ...]) -> None:
        self.rows = rows
        super().__init__("；".join(said.zh for _, said in rows), "; ".join(said.en for _, said in rows))


def check(rows: Iterable[Row]) -> None:
    """Raise WordsWrong with every row that can't be."""
    wrong = tuple((index, fault) for index, row in enumerate(rows) if (fault := _fault(row)) is not None)
    if wrong:
        raise WordsWrong(wrong)


def syllables_of(pinyin: str) -> Syllables | None:
    """Return the syllables of a row's pinyin, None where one of them is none."""
    found = [syllable_of(written) for written in pinyin.split()]
    return tuple(syllable for syllable in found if syllable) if found and all(found) else None


def _fault(row: Row) -> Sentence | None:
    """Return what is wrong with a row, or None."""
    word = clean(row.word)
    if not word or len(word) > LONGEST_WORD or "\n" in word or not any(character.isalnum() for character in word):
        return Sentence(
            f"读音表里的词“{row.word}”不对：要写 1 到 {LONGEST_WORD} 个字",
            f"the word “{row.word}” of the word list is wrong: it has 1 to {LONGEST_WORD} characters",
        )
    if row.homophone and not HAN.fullmatch(row.homophone):
        return Sentence(
            f"读音表里“{row.word}”的同音字“{row.homophone}”不对：只能写汉字",
            f"the homophone of {row.word} ({row.homophone}) is wrong: Chinese characters only",
        )
    if not row.homophone and not HAN.fullmatch(word):
        return Sentence(
            f"读音表里“{row.word}”有数字或字母，请写上同音字，例如 12·4 写 十二四",
            f"{row.word} of the word list has digits or letters: write a homophone too, as 十二四 for 12·4",
        )
    syllables = syllables_of(row.pinyin)
    if syllables is None or len(syllables) != len(row.homophone or word):
        return Sentence(
            f"读音表里“{row.word}”的拼音“{row.pinyin}”不对：每个字一个拼音，后面写声调1到5，例如 dai4 fu5",
            f"the pinyin of {row.word} ({row.pinyin}) is wrong: one syllable a character, each with its tone 1 to 5",
        )
    if row.homophone and HAN.fullmatch(word) and len(row.homophone) != len(word):
        return Sentence(
            f"读音表里“{row.word}”的同音字“{row.homophone}”字数不一样",
            f"the homophone of {row.word} ({row.homophone}) has not as many characters",
        )
    return None
