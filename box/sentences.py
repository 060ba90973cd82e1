"""A sentence for a person, in Chinese and in English, and errors that are such sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

Language = Literal["zh", "en", "both"]


class Sentence(NamedTuple):
    """One thing to tell a person, complete in both languages, without jargon and with what to do."""

    zh: str
    en: str

    def text(self, language: Language = "both") -> str:
        """Return the sentence on one line; ``both`` puts the Chinese first."""
        if language == "zh":
            return self.zh
        if language == "en":
            return self.en
        return f"{self.zh} · {self.en}"


class XiaolabaError(Exception):
    """The root of every package's errors: a sentence that a person can act on."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.sentence = Sentence(zh, en)

    def __str__(self) -> str:
        return self.sentence.text()


def language_of(environment: Mapping[str, str]) -> Language:
    """Return the terminal's language: zh or en where the locale says so, else both.

    The order of the variables is that of POSIX (LC_ALL, LC_MESSAGES, LANG).
    """
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = environment.get(name, "")
        if value:
            if value.startswith("zh"):
                return "zh"
            if value.startswith("en"):
                return "en"
            return "both"
    return "both"
