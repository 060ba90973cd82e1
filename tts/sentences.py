"""Cutting a spoken form at the ends of sentences: for engines that take only so much at once, and for pauses."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

_SENTENCE = re.compile(r"[^。；！？\n]*[。；！？\n]+|[^。；！？\n]+")
_CLAUSE = re.compile(r"[^，、：]*[，、：]+|[^，、：]+")


def sentences_of(spoken: str) -> list[str]:
    """Return ``spoken`` a sentence at a time, without those in which nothing is said."""
    found = [sentence.strip() for sentence in _SENTENCE.findall(spoken)]
    return [sentence for sentence in found if any(character.isalnum() for character in sentence)]


def cut(spoken: str, most_bytes: int) -> list[str]:
    """Return ``spoken`` in pieces of at most ``most_bytes`` (as escaped UTF-8), nothing lost, nothing doubled.

    It is cut after 。；！？, where a sentence alone is too long after ，、：, and only then between characters.
    """
    pieces: list[str] = []
    for sentence in _SENTENCE.findall(spoken):
        _pack(pieces, sentence, most_bytes)
    return [piece.strip() for piece in pieces if piece.strip()]


def _pack(pieces: list[str], sentence: str, most_bytes: int) -> None:
    """Add a sentence to the last piece where it fits, else begin another."""
    for part in _parts(sentence, most_bytes):
        if pieces and _size(pieces[-1] + part) <= most_bytes:
            pieces[-1] += part
        else:
            pieces.append(part)


def _parts(sentence: str, most_bytes: int) -> list[str]:
    if _size(sentence) <= most_bytes:
        return [sentence]
    parts: list[str] = []
    for clause in _CLAUSE.findall(sentence):
        parts += [clause] if _size(clause) <= most_bytes else list(clause)
    return parts


def _size(text: str) -> int:
    return len(escape(text).encode())
