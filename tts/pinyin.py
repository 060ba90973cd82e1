"""Tone-numbered pinyin for the espeak engine. Only the child imports this: pypinyin takes 65 MB."""

from __future__ import annotations

import re

from pypinyin import Style, lazy_pinyin

from tts.engines import TextRefused
from tts.sandhi import with_sandhi
from tts.word_list import Readings, starter

_TOKEN = re.compile(
    r"(?P<han>[㐀-鿿〇]+)|(?P<latin>[A-Za-z]+)|(?P<pause>[，、：；。！？,:;.!?\n]+)|(?P<other>.)", re.DOTALL
)
_SYLLABLE = re.compile(r"[a-zü]{1,6}[1-5]")
_IGNORED = frozenset(" '-_·　")

_BRIEF = frozenset("，、：,:")
_HALF = frozenset("；;")


def pinyin_text(spoken: str, readings: Readings | None = None) -> str:
    """Return the spoken form as espeak takes it: syllables with tone numbers, and punctuation that it pauses at.

    Raises TextRefused naming a character that has no reading: it would be dropped without a word.
    """
    readings = readings or starter().readings
    parts: list[str] = []
    for token in _TOKEN.finditer(spoken):
        if han := token["han"]:
            parts.append(" ".join(_syllables(han, readings)))
        elif latin := token["latin"]:
            parts.append(" ".join(latin) if latin.isupper() else latin.lower())
        elif pause := token["pause"]:
            parts.append(_pause(pause))
        elif token["other"] not in _IGNORED:
            raise _unreadable(token["other"])
    return " ".join(parts)


def _syllables(han: str, listed: Readings) -> list[str]:
    """Return the syllables of a run of characters: the word list first, the dictionary for what is between."""
    readings: list[str] = []
    given: set[int] = set()
    unread = ""
    position = 0
    while position < len(han):
        found = listed.at(han, position)
        if found is None:
            unread += han[position]
            position += 1
            continue
        readings += [*_from_dictionary(unread), *found[1]]
        unread = ""
        given.update(range(position, position + len(found[0])))
        position += len(found[0])
    readings += _from_dictionary(unread)
    return with_sandhi(han, readings, frozenset(given))


def _from_dictionary(han: str) -> list[str]:
    if not han:
        return []
    readings = lazy_pinyin(han, style=Style.TONE3, neutral_tone_with_five=True, v_to_u=False)
    readings = [reading.replace("ü", "v") for reading in readings]
    if len(readings) != len(han):
        raise _unreadable(han)
    for character, reading in zip(han, readings, strict=True):
        if not _SYLLABLE.fullmatch(reading):
            raise _unreadable(character)
    return readings


def _pause(marks: str) -> str:
    """Return the mark for the longest pause in ``marks``.

    A full stop before a small letter is no pause to espeak (it takes it for an abbreviation), nor is a line
    end; tones leave no room for an exclamation's melody, so its mark is the pause between sentences (measured).
    """
    if all(mark in _BRIEF for mark in marks):
        return ","
    return ";" if all(mark in _BRIEF | _HALF for mark in marks) else "!"


def _unreadable(characters: str) -> TextRefused:
    return TextRefused(
        f"备用声音不会读“{characters}”，请换一个写法",
        f"the stand-in voice can't read “{characters}”, please word it otherwise",
    )
