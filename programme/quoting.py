"""Words of the programme, quoted in a sentence about them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from box.sentences import Language
from programme.faults import Fault, Path

_MOST = 40  # characters; a hostile file can hold a name of 64 KiB


def shortened(text: str) -> str:
    """Return ``text`` on one line, without control characters, and at most 40 characters long."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * _MOST]).split())
    return line if len(line) <= _MOST else line[: _MOST - 1] + "…"


def quoted(text: str, language: Language = "zh") -> str:
    """Return ``text`` shortened and in the language's quotation marks."""
    return f'"{shortened(text)}"' if language == "en" else f"“{shortened(text)}”"


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the name in ``known`` that ``name`` was probably meant to be, or None."""
    if len(name) > _MOST:
        return None
    found = difflib.get_close_matches(name.lower(), list(known), n=1)
    return found[0] if found else None


def unknown(path: Path, name: str, known: Iterable[str], zh: str, en: str) -> Fault:
    """Return the fault of a ``name`` that is not among ``known``, with what was probably meant."""
    meant = nearest(name, known)
    hint_zh = f"，是不是{quoted(meant)}？" if meant else "，请检查拼写"
    hint_en = f"; did you mean {quoted(meant, 'en')}?" if meant else "; check the spelling"
    return Fault(None, f"没有{zh}{quoted(name)}{hint_zh}", f"there is no {en} {quoted(name, 'en')}{hint_en}", path)
