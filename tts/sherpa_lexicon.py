"""What a neural voice can say, and a text cut into clauses of that. The engine drops what it does not know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tts.engines import TextRefused

BRIEF_SECONDS = 0.2
LONG_SECONDS = 0.45

_BRIEF = "，、：,:"
_LONG = "；。！？;.!?\n"
_IGNORED = frozenset(" '-_·　")
_TWINS = {"，": ",", "、": ",", "：": ":", "；": ";", "。": ".", "！": "!", "？": "?", "\n": "."}


@dataclass(frozen=True)
class Clause:
    """What is said in one breath: as text, and as the voice's own tokens.

    ``silence_seconds`` follow it where the voice has no mark for the pause.
    """

    text: str
    tokens: tuple[str, ...]
    characters: int
    silence_seconds: float


class Lexicon:
    """The words and the marks of one voice, from its ``lexicon.txt`` and ``tokens.txt``."""

    def __init__(
        self,
        words: Mapping[str, tuple[str, ...]],
        tokens: frozenset[str],
        written: Mapping[str, str] | None = None,
    ) -> None:
        """Take the words with their sounds; ``written`` are words that are said by other characters of them."""
        self._written = written or {}
        self._longest_written = max(map(len, self._written), default=0)
        self._words = words
        self._tokens = tokens
        self._longest = max(map(len, words), default=0)

    @classmethod
    def read(cls, lexicon: Path, tokens: Path) -> Lexicon:
        """Read both files. A word with a sound that the voice has no token for is none; of two the first counts."""
        known = frozenset(_symbols(tokens))
        words: dict[str, tuple[str, ...]] = {}
        with lexicon.open(encoding="utf-8") as file:
            for line in file:
                word, *sounds = line.split() or ("",)
                if sounds and known.issuperset(sounds):
                    words.setdefault(word.lower(), tuple(sounds))
        return cls(words, known)

    def characters(self) -> Iterator[str]:
        """Yield the single Chinese characters that the voice knows, in its own order."""
        return (word for word in self._words if len(word) == 1 and not word.isascii())

    def writing(self, written: Mapping[str, str]) -> Lexicon:
        """Return the lexicon that says each of those words by the characters beside it, which it must know."""
        return Lexicon(self._words, self._tokens, written)

    def clauses(self, spoken: str) -> list[Clause]:
        """Return the spoken form as the engine is to be given it, a clause at a time.

        Raises TextRefused naming every character that the voice does not know.
        """
        clauses, unknown = [], list[str]()
        for words, mark in _cut(spoken):
            said = list(self._sayable(words, unknown))
            if said:
                clauses.append(self._clause(said, mark))
        if unknown:
            names = "".join(dict.fromkeys(unknown))
            raise TextRefused(
                f"这个声音不会读“{names}”，请换一个写法，或换一个声音",
                f"this voice can't read “{names}”, please word it otherwise or choose another voice",
            )
        return clauses

    def sample(self) -> str:
        """Return a few words that the voice knows, to try it with."""
        usual = "请注意小区广播现在开始"
        return usual if all(character in self._words for character in usual) else "".join(sorted(self._words)[:8])

    def _clause(self, said: list[str], mark: str) -> Clause:
        known_mark = self._mark(mark)
        silence = 0.0 if known_mark or not mark else BRIEF_SECONDS if mark in _BRIEF else LONG_SECONDS
        sounds = [sound for word in said for sound in self._words[word]]
        text = "".join(said)
        return Clause(text + known_mark, (*sounds, *filter(None, [known_mark])), len(text), silence)

    def _sayable(self, words: str, unknown: list[str]) -> Iterator[str]:
        """Yield what the voice knows of ``words``, the longest phrase first; put what it does not into ``unknown``."""
        at = 0
        while at < len(words):
            listed = self._listed(words, at)
            if listed:
                yield from self._written[listed]
                at += len(listed)
                continue
            phrase = self._phrase(words, at)
            if phrase:
                yield phrase
            elif words[at] not in _IGNORED:
                unknown.append(words[at])
            at += max(len(phrase), 1)

    def _listed(self, words: str, start: int) -> str:
        """Return the longest word that begins there and is said by other characters, or nothing."""
        lengths = range(min(self._longest_written, len(words) - start), 0, -1)
        return next((word for length in lengths if (word := words[start : start + length]) in self._written), "")

    def _phrase(self, words: str, start: int) -> str:
        """Return the longest word of the lexicon that begins there.

        A Latin letter is one only where it is a capital: a word in small letters would be spelt.
        """
        if words[start].isascii():
            letter = words[start].lower()
            return letter if words[start].isupper() and letter in self._words else ""
        for length in range(min(self._longest, len(words) - start), 0, -1):
            phrase = words[start : start + length]
            if phrase in self._words:
                return phrase
        return ""

    def _mark(self, mark: str) -> str:
        """Return the voice's own mark for the pause, or nothing where it has none."""
        plain = "，" if mark in _BRIEF else "。"
        choices = (mark, _TWINS.get(mark, mark), plain, _TWINS[plain]) if mark else ()
        return next((choice for choice in choices if choice in self._tokens), "")


def _symbols(tokens: Path) -> Iterator[str]:
    """Yield the tokens of a ``tokens.txt``: a symbol and its number a line; a number alone is the space's."""
    with tokens.open(encoding="utf-8") as file:
        for line in file:
            parts = line.split()
            if len(parts) == 2:
                yield parts[0]
            elif len(parts) == 1:
                yield " "


def _cut(spoken: str) -> Iterator[tuple[str, str]]:
    """Yield the words up to each pause mark, and the mark."""
    words = ""
    for character in spoken:
        if character in _BRIEF or character in _LONG:
            yield words, character
            words = ""
        else:
            words += character
    yield words, ""
