"""What a neural voice can say, and what it is given."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tts.made_voice import Made, make_files
from tts.engines import TextRefused
from tts.sherpa_lexicon import BRIEF_SECONDS, LONG_SECONDS, Lexicon


@pytest.fixture
def lexicon(tmp_path: Path) -> Lexicon:
    """Return the lexicon of the made voice."""
    names = make_files(tmp_path, Made())
    return Lexicon.read(tmp_path / names["lexicon"], tmp_path / names["tokens"])


@pytest.mark.parametrize(
    ("spoken", "tokens"),
    [
        ("请", [("q", "ing3")]),
        ("请注意。", [("q", "ing3", "zh", "u4", "i4", "。")]),
        ("请，注意！", [("q", "ing3", "，"), ("zh", "u4", "i4", "！")]),
        ("注意火", [("zh", "u4", "sp", "h", "uo3")]),
        ("注 意-火", [("zh", "u4", "i4", "h", "uo3")]),
        ("请、请：请", [("q", "ing3", "，"), ("q", "ing3", "，"), ("q", "ing3")]),
        ("请；请？请\n请", [("q", "ing3", "。")] * 3 + [("q", "ing3")]),
        ("，。请", [("q", "ing3")]),
    ],
)
def test_a_text_becomes_the_voices_own_tokens(lexicon: Lexicon, spoken: str, tokens: list[tuple[str, ...]]) -> None:
    """The longest phrase counts; a pause the voice has no mark for takes the nearest that it has."""
    assert [clause.tokens for clause in lexicon.clauses(spoken)] == tokens


def test_every_character_that_is_not_known_is_named(lexicon: Lexicon) -> None:
    """Nothing is dropped: all of them at once, each once, and a word whose sound the voice lacks is one of them."""
    with pytest.raises(TextRefused) as refused:
        lexicon.clauses("请王小王注意，哑𠮷火")
    assert "“王小哑𠮷”" in refused.value.sentence.zh


@pytest.mark.parametrize("spoken", ["app", "q", "sp", "7", "Ｑ"])
def test_what_looks_like_a_token_is_not_one(lexicon: Lexicon, spoken: str) -> None:
    """The engine would say the token of that name: letters are only what the lexicon spells."""
    with pytest.raises(TextRefused):
        lexicon.clauses(spoken)


def test_where_a_voice_has_no_marks_silence_is_the_pause() -> None:
    """A clause is followed by as much silence as the mark asks for; the last by none."""
    lexicon = Lexicon({"请": ("q", "ing3"), "a": ("q",)}, frozenset({"q", "ing3"}))
    clauses = lexicon.clauses("请，请。A")
    assert [clause.silence_seconds for clause in clauses] == [BRIEF_SECONDS, LONG_SECONDS, 0.0]
    assert [clause.text for clause in clauses] == ["请", "请", "a"]
