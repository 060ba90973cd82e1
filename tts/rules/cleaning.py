"""What reaches the rules: half-width digits and letters, no emoji, no control characters. Punctuation stays Chinese."""

from __future__ import annotations

import re
import unicodedata

_KEPT = frozenset("℃℉°№㎡㎏㎞㎝㎜㏄²³〇")
_NUMBERS = frozenset({"Nd", "Nl", "No"})
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "So", "Sk", "Me", "Mn"})
_RATIO_SIGN = "\u2236"
_BULLETS = frozenset("★☆●○◎■□◆◇▲△▼▽※►▶◀◄✓✔✦✿❀☞☛➡👉👈👇👆")  # they set apart what stands around them
_NAMED = {"½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3"}
_HAN = r"㐀-鿿〇，、：；。！？"


def clean(text: str) -> str:
    """Return ``text`` with nothing in it that no rule knows, its lines apart by single newlines.

    Not NFKC, which would turn ，；！ into ASCII: only digits, letters, ： and ％ are narrowed.
    """
    narrowed = "".join(_narrowed(character) for character in text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = (re.sub(r"\s+", " ", line).strip() for line in narrowed.split("\n"))
    joined = "\n".join(line for line in lines if line)
    joined = re.sub(r"(?<=[㐀-鿿]) +(?=\d{1,2}[.、)）](?!\d))", "；", joined)  # a list on one line
    joined = "\n".join(_items_apart(line) for line in joined.split("\n"))
    paused = re.sub(r"(?<=[㐀-鿿〇]) +(?=[㐀-鿿〇])", "，", joined)  # a blank between words is a breath
    return re.sub(rf"(?<=[{_HAN}]) +| +(?=[{_HAN}])", "", paused)


def _items_apart(line: str) -> str:
    """Put a pause before each item of a list that is written without one: 1、关窗2、断电."""

    def apart(match: re.Match[str]) -> str:
        before = f"{int(match[1]) - 1}{match[2]}"
        return f"；{match[0]}" if before in line[: match.start()] else match[0]

    return re.sub(r"(?<=[㐀-鿿])(?<![第初])(\d{1,2})([.、])(?=[㐀-鿿])", apart, line)


def is_picture(character: str) -> bool:
    """Tell whether it is an emoji or another picture that is left out."""
    return unicodedata.category(character) in {"So", "Sk"} and character not in _KEPT


def is_unseen(character: str) -> bool:
    """Tell whether it is left out and nobody could see it; what only joins or colours an emoji is no matter."""
    category = unicodedata.category(character)
    return category in {"Cc", "Cf", "Cs", "Co", "Cn"} and character not in "\t\n\r\u200d"


def _narrowed(character: str) -> str:
    """Return what a single character becomes."""
    category = unicodedata.category(character)
    if character in "\n\u2028\u2029":
        return "\n"
    if character == "\t" or category == "Zs":
        return " "
    if character in _KEPT or character in _BULLETS:
        return "，" if character in _BULLETS else character
    if character == _RATIO_SIGN:
        return ":"
    if "Ａ" <= character <= "Ｚ" or "ａ" <= character <= "ｚ" or character in "：％":
        return chr(ord(character) - 0xFEE0)
    return _number(character) if category in _NUMBERS else "" if category in _DROPPED else character


def _number(character: str) -> str:
    """Return a digit of any script as ASCII, a circled number as a bracketed one, a Roman one as it is counted."""
    if character in _NAMED:
        return _NAMED[character]
    value = unicodedata.numeric(character)
    if value != int(value):
        return ""
    return f"（{int(value)}）" if unicodedata.category(character) == "No" else str(int(value))
