"""Cutting long texts."""

from __future__ import annotations

from xml.sax.saxutils import escape

from hypothesis import given
from hypothesis import strategies as st

from tts.sentences import cut, sentences_of


def test_it_is_cut_between_sentences() -> None:
    """As many whole sentences as fit are together."""
    assert cut("一二三。四五！六七八九？", 24) == ["一二三。四五！", "六七八九？"]


def test_a_sentence_that_is_too_long_is_cut_between_clauses() -> None:
    """Only where a sentence alone is too long is it cut at a comma."""
    assert cut("一二三，四五六，七。", 15) == ["一二三，", "四五六，", "七。"]


def test_a_sentence_at_a_time_without_those_that_say_nothing() -> None:
    """What is left between two marks is no sentence; a text without a mark is one."""
    assert sentences_of("请注意。今天停水！\n……；晚上来水") == ["请注意。", "今天停水！", "晚上来水"]
    assert sentences_of("请注意") == ["请注意"]


@given(st.text(st.sampled_from("一二三，。；&<A \n"), max_size=80), st.integers(min_value=8, max_value=60))
def test_nothing_is_lost_and_every_piece_fits(text: str, most_bytes: int) -> None:
    """Whatever the text, its pieces hold all of it but blanks at the cuts, and none is too long for the service."""
    pieces = cut(text, most_bytes)
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(len(escape(piece).encode()) <= most_bytes for piece in pieces)
