"""How words are said that an engine says wrong: the longest match is taken first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from tts.rules.cleaning import clean
from tts.starter_words import STARTER
from tts.word_row import HAN, Row, Syllables, check, syllables_of
from tts.words_file import read_rows

_SHIELDS = 0xF0000  # a private character for each word found, so that no rule reads into it


class Readings:
    """The syllables of words, for a voice that takes pinyin: the longest word is taken first."""

    def __init__(self, syllables: Mapping[str, Syllables]) -> None:
        self._syllables = dict(syllables)
        self._longest = max(map(len, self._syllables), default=0)

    def at(self, text: str, start: int) -> tuple[str, Syllables] | None:
        """Return the longest word that begins at ``start``, with its syllables."""
        for length in range(min(self._longest, len(text) - start), 0, -1):
            word = text[start : start + length]
            if word in self._syllables:
                return word, self._syllables[word]
        return None

    def of(self, word: str) -> Syllables | None:
        """Return the syllables of a word, or None."""
        return self._syllables.get(word)

    def touching(self, spoken: str) -> dict[str, str]:
        """Return the words that are taken in ``spoken`` with their pinyin: these alone read it as the whole list does.

        At each place the longest word of the whole list is among them, so none of them is taken elsewhere.
        """
        taken: dict[str, str] = {}
        place = 0
        while place < len(spoken):
            found = self.at(spoken, place)
            if found is not None:
                taken[found[0]] = " ".join(found[1])
            place += len(found[0]) if found else 1
        return dict(sorted(taken.items()))


class WordList:
    """Words and how they are said. ``rows`` are as they were taken, ``readings`` their syllables.

    A homophone has the syllables of its word.
    """

    def __init__(self, rows: Iterable[Row]) -> None:
        """Take the rows; of two for one word the later counts. Raises WordsWrong with every row that can't be."""
        self.rows = tuple(rows)
        check(self.rows)
        self._homophones: dict[str, str] = {}
        of_words: dict[str, Syllables] = {}
        of_homophones: dict[str, Syllables] = {}
        for row in self.rows:
            syllables = syllables_of(row.pinyin) or ()
            word = clean(row.word)
            self._homophones[word] = row.homophone
            if HAN.fullmatch(word):
                of_words[word] = syllables
            if row.homophone:
                of_homophones[row.homophone] = syllables
        self.readings = Readings(of_homophones | of_words)
        self._longest = max((len(word) for word in self._homophones), default=0)

    @classmethod
    def read(cls, path: Path) -> WordList:
        """Return the starter list with the secretary's own rows on top; the starter alone where there is no file.

        Raises WordsWrong, or what ``tts.words_file.read_rows`` raises.
        """
        return cls((*STARTER_ROWS, *read_rows(path)))

    def shielded(self, text: str) -> tuple[str, dict[int, str]]:
        """Return ``text`` with a private character for each word that has a homophone, and a table of these.

        ``str.translate`` puts the homophones in by it. So the rules of numbers see neither the word nor its sound; and
        a longer word guards its parts.
        """
        shields: dict[int, str] = {}
        written: list[str] = []
        for part, listed in self._parts(text):
            homophone = self._homophones[part] if listed else ""
            if homophone:
                shield = _SHIELDS + len(shields)
                shields[shield] = homophone
                written.append(chr(shield))
            else:
                written.append(part)
        return "".join(written), shields

    def _parts(self, text: str) -> Iterator[tuple[str, bool]]:
        """Yield the text in words of the list, and single characters."""
        position = 0
        while position < len(text):
            word = self._word_at(text, position)
            yield word or text[position], bool(word)
            position += len(word) or 1

    def _word_at(self, text: str, start: int) -> str:
        for length in range(min(self._longest, len(text) - start), 0, -1):
            word = text[start : start + length]
            if word in self._homophones and not (_runs_on(text, start) or _runs_on(text, start + length)):
                return word
        return ""


def _runs_on(text: str, place: int) -> bool:
    """Tell whether a number, or a Latin word, goes on over ``place``: 12·4 is no part of 112·45."""
    if not 0 < place < len(text):
        return False
    before, after = text[place - 1], text[place]
    return (before.isdecimal() and after.isdecimal()) or (
        before.isascii() and after.isascii() and before.isalpha() and after.isalpha()
    )


def readings_from(given: Mapping[str, str]) -> Readings:
    """Return the readings of words with their pinyin, as ``Readings.touching`` returns them."""
    return Readings({word: tuple(pinyin.split()) for word, pinyin in given.items()})


STARTER_ROWS = tuple(Row(word, pinyin) for word, pinyin in STARTER.items())


@cache
def starter() -> WordList:
    """Return the list that ships with the project, made once."""
    return WordList(STARTER_ROWS)
