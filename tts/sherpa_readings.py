"""The word list for a neural voice, which takes characters: others of its lexicon that are read no other way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_LIGHT = "5"


def written_alike(given: Mapping[str, str], characters: Iterable[str]) -> dict[str, str]:
    """Return for each word of ``given`` (with its pinyin) the characters to say in its place: 行长 becomes 航掌.

    They are of ``characters``, each with one reading only where there is one, else with that as its usual one, by
    which such lexicons are made. A word is left out where a syllable has no such character; in the light tone, which
    hardly any character has by itself, a character stays as it is.
    """
    if not given:
        return {}
    from pypinyin import Style, pinyin  # noqa: PLC0415 - 65 MB, only where a word needs it

    wanted = {syllable for syllables in given.values() for syllable in syllables.split()}
    only: dict[str, str] = {}
    usual: dict[str, str] = {}
    known = set[str]()
    for character in characters:
        known.add(character)
        readings = pinyin(character, style=Style.TONE3, heteronym=True, neutral_tone_with_five=True)[0]
        reading = readings[0].replace("ü", "v")
        if reading in wanted:
            (only if len(readings) == 1 else usual).setdefault(reading, character)
    alike = usual | only
    written: dict[str, str] = {}
    for word, syllables in given.items():
        said = [
            alike.get(syllable) or (character if syllable.endswith(_LIGHT) and character in known else "")
            for character, syllable in zip(word, syllables.split(), strict=True)
        ]
        if all(said):
            written[word] = "".join(said)
    return written
