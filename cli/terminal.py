"""What the command says to the person at the terminal, in the terminal's language."""

from __future__ import annotations

import os
import sys

from box.sentences import Language, Sentence, language_of


def language() -> Language:
    """Return the language of this terminal."""
    return language_of(os.environ)


def text(zh: str, en: str) -> str:
    """Return a sentence in this terminal's language."""
    return Sentence(zh, en).text(language())


def tell(zh: str, en: str) -> None:
    """Say a sentence on standard error: results alone go to standard output."""
    print(text(zh, en), file=sys.stderr, flush=True)


def tell_faults(path: object, faults: tuple[object, ...]) -> None:
    """Print every fault of a programme file on standard error, as ``FILE:LINE: what is wrong``."""
    for fault in faults:
        line = getattr(fault, "line", None)
        where = f"{path}:{line}" if line else f"{path}"
        print(f"{where}: {text(getattr(fault, 'zh', ''), getattr(fault, 'en', ''))}", file=sys.stderr, flush=True)
