"""The word list for a voice that takes characters: it is handed others that are read no other way."""

from __future__ import annotations

import pytest

from tts.sherpa_lexicon import Lexicon
from tts.sherpa_readings import written_alike

LEXICON = Lexicon(
    {
        "行": ("x", "ing2"),
        "杭": ("h", "ang2"),
        "航": ("h", "ang2"),
        "长": ("ch", "ang2"),
        "掌": ("zh", "ang3"),
        "大夫": ("d", "a4", "f", "u1"),
        "夫": ("f", "u1"),
        "代": ("d", "ai4"),
        "来": ("l", "ai2"),
        "a": ("q",),
    },
    frozenset({"x", "ing2", "h", "ang2", "ch", "zh", "ang3", "d", "a4", "f", "u1", "ai4", "l", "ai2", "q"}),
)


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ({"行长": "hang2 zhang3"}, {"行长": "航掌"}),
        ({"大夫": "dai4 fu5"}, {"大夫": "代夫"}),
        ({"盖州": "ge3 zhou1"}, {}),
        ({"行来": "xing2 lai2"}, {"行来": "行来"}),
        ({}, {}),
    ],
)
def test_a_word_is_written_by_characters_that_are_read_so(given: dict[str, str], written: dict[str, str]) -> None:
    """The light tone stays with its own character; where there is none, the voice reads the word as it would."""
    assert written_alike(given, LEXICON.characters()) == written


def test_the_voice_says_the_sounds_of_the_word_list() -> None:
    """In the place of its own phrase, and nowhere else."""
    lexicon = LEXICON.writing(written_alike({"行长": "hang2 zhang3", "大夫": "dai4 fu5"}, LEXICON.characters()))
    [clause] = lexicon.clauses("行长来行大夫")
    assert clause.tokens == ("h", "ang2", "zh", "ang3", "l", "ai2", "x", "ing2", "d", "ai4", "f", "u1")
    assert clause.text == "航掌来行代夫"
    [plain] = LEXICON.clauses("行长大夫")
    assert plain.tokens == ("x", "ing2", "ch", "ang2", "d", "a4", "f", "u1")
