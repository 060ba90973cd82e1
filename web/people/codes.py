"""Codes that are read from one screen and typed into another: eight digits, kept only as a hash."""

from __future__ import annotations

import secrets
import unicodedata

DIGITS = 8  # ten tries in a hundred million; digits only, because every phone has a keypad for them
MOST_TRIES = 10


def draw() -> str:
    """Return a new code's digits."""
    return "".join(secrets.choice("0123456789") for _ in range(DIGITS))


def shown(digits: str) -> str:
    """Return the digits as they are shown to a person: ``1234-5678``."""
    return f"{digits[:4]}-{digits[4:]}"


def typed(code: str) -> str:
    """Return the digits of a code however it was typed: with dashes, blanks, full-width figures."""
    return "".join(character for character in unicodedata.normalize("NFKC", code) if character.isalnum())
