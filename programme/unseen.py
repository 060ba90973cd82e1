"""Characters that nobody can see and that a file, a terminal or a voice would stumble over."""

from __future__ import annotations

import re

# Control characters but line feed and tab, halves of characters, other line ends, byte order mark, noncharacters.
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


def code_of(character: str) -> str:
    """Return the character's name in Unicode's notation, as U+0007."""
    return f"U+{ord(character):04X}"
