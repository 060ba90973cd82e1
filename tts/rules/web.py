"""Addresses of the web and of mail, said sign by sign: nobody could type them otherwise."""

from __future__ import annotations

import re

from tts.rules.numbers import digits_clearly
from tts.rules.rule import Rule, rule

_SIGNS = {".": "点", "@": "艾特", "_": "下划线", "-": "杠", "/": "斜杠"}


def _address(match: re.Match[str]) -> str:
    address = re.sub(r"^https?://", "", match[0]).rstrip("/.-_")
    said = re.sub(r"\d+", lambda number: digits_clearly(number[0]), address)
    return re.sub(r"[.@_/-]", lambda sign: _SIGNS[sign[0]], said)


RULES: tuple[Rule, ...] = (
    rule(r"(?<![A-Za-z0-9])[A-Za-z0-9][A-Za-z0-9._-]*@[A-Za-z0-9-]+(?:\.[A-Za-z]{2,})+", _address),
    rule(
        r"https?://[A-Za-z0-9][A-Za-z0-9._/-]*|(?<![A-Za-z0-9])www(?:\.[A-Za-z0-9-]+)+(?:/[A-Za-z0-9._/-]+)?", _address
    ),
    rule(r"(?<![A-Za-z0-9.-])(?:[A-Za-z0-9-]+\.)+(?:com|cn|net|org)(?![A-Za-z0-9])", _address),
    rule(r"(?<![A-Za-z0-9_])[A-Za-z][A-Za-z0-9]*_[A-Za-z0-9_]+(?![A-Za-z0-9_])", _address),
)
