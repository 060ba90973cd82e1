"""What of a notice is not heard, told to its writer: nothing is dropped without a word."""

from __future__ import annotations

from collections.abc import Iterable

from box.sentences import Sentence
from tts.rules.cleaning import is_picture, is_unseen
from tts.rules.symbols import BRACKETS, QUOTES, unheard

_MOST_SHOWN = 10


def notes_on(text: str, ruled: str) -> tuple[Sentence, ...]:
    """Return the notes on ``text``, of which the rules of numbers made ``ruled``: one a kind, the gravest first."""
    notes: list[Sentence] = []
    pictures = [character for character in text if is_picture(character)]
    if pictures:
        notes.append(
            Sentence(
                f"图形“{_shown(pictures)}”不会读出来，需要的话请写成文字",
                f"the pictures {_shown(pictures)} are not read: put them in words where they matter",
            )
        )
    if any(is_unseen(character) for character in text):
        notes.append(
            Sentence("文中有看不见的字符，已经去掉", "there are characters that can't be seen; they are left out")
        )
    symbols = unheard(ruled)
    if symbols:
        notes.append(
            Sentence(
                f"符号“{_shown(symbols)}”不会读出来，需要的话请写成文字",
                f"the signs {_shown(symbols)} are not read: put them in words where they matter",
            )
        )
    if any(character in BRACKETS for character in ruled):
        notes.append(
            Sentence(
                "括号里的字会读出来，括号读成停顿", "what is in brackets is read, the brackets themselves are pauses"
            )
        )
    if any(character in QUOTES for character in ruled):
        notes.append(Sentence("引号和书名号听不出来", "quotation marks are not heard"))
    return tuple(notes)


def _shown(characters: Iterable[str]) -> str:
    each = tuple(dict.fromkeys(characters))
    return "".join(each[:_MOST_SHOWN]) + ("…" if len(each) > _MOST_SHOWN else "")
