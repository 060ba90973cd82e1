"""Values as YAML text, so that every reader takes them for what they are, whatever the words look like."""

from __future__ import annotations

import re
from typing import NamedTuple

from programme.form import Shape

INDENT = 2

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PLAIN_ASCII = re.compile(r"[A-Za-z0-9 _./()+%-]")
_PLAIN_FIRST = re.compile(r"[A-Za-z]")
# What YAML 1.1 or 1.2 takes for something other than words.
_NOT_WORDS = {"true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf"}
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}
_FIRST_OUTSIDE_ASCII = 0x80
_LARGEST_OF_FOUR_DIGITS = 0xFFFF


class Lines(NamedTuple):
    """A value behind its colon: what stands in the key's line, and the whole lines that follow (or none)."""

    head: str
    following: str = ""


def scalar(value: str | int | bool, *, quote: bool = False) -> str:
    """Return the value on one line: plain where no reader could mistake it, else in double quotes."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if not quote and (_DATE.fullmatch(value) or _is_plain(value)):
        return value
    return '"' + "".join(_escaped(character) for character in value) + '"'


def inline(shape: Shape, *, quote: bool = False) -> str:
    """Return the value on one line, lists and mappings in brackets."""
    if isinstance(shape, list):
        return "[" + ", ".join(inline(item) for item in shape) + "]"
    if isinstance(shape, dict):
        return (
            "{" + ", ".join(f"{scalar(key)}: {inline(value, quote=key == 'at')}" for key, value in shape.items()) + "}"
        )
    return scalar(shape, quote=quote)


def value_lines(shape: Shape, column: int, *, quote: bool = False) -> Lines:
    """Return the value as it stands behind a key in ``column``: what is long or deep goes on lines of its own."""
    inner = column + INDENT
    if isinstance(shape, dict) and any(not isinstance(value, list) or _has_mappings(value) for value in shape.values()):
        return Lines("", "".join(entry(key, value, inner) for key, value in shape.items()))
    if isinstance(shape, list) and _has_mappings(shape):
        return Lines("", "".join(f"{' ' * inner}- {inline(item)}\n" for item in shape))
    if isinstance(shape, str) and not quote and _reads_well_in_lines(shape):
        return Lines("|-", "".join(f"{' ' * inner}{line}\n" if line else "\n" for line in shape.split("\n")))
    return Lines(inline(shape, quote=quote))


def entry(key: str, shape: Shape, column: int) -> str:
    """Return the whole lines of ``key`` and its value, the key in ``column``."""
    head, following = value_lines(shape, column, quote=key == "at")
    return f"{' ' * column}{scalar(key)}:{' ' + head if head else ''}\n{following}"


def _has_mappings(items: list[Shape]) -> bool:
    return any(isinstance(item, dict) for item in items)


def _is_plain(text: str) -> bool:
    if not text or text != text.strip() or text.lower() in _NOT_WORDS:
        return False
    if text[0] < "\x80" and not _PLAIN_FIRST.match(text[0]):
        return False
    return all(
        character.isprintable() if ord(character) >= _FIRST_OUTSIDE_ASCII else bool(_PLAIN_ASCII.match(character))
        for character in text
    )


def _reads_well_in_lines(text: str) -> bool:
    lines = text.split("\n")
    first, last = lines[0], lines[-1]
    if len(lines) == 1 or not first.strip() or first[0].isspace() or not last.strip():
        return False
    return all(line.isprintable() and (not line or line.strip()) for line in lines)


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code <= _LARGEST_OF_FOUR_DIGITS else f"\\U{code:08x}"
