"""A sentence in which a word of the word list is heard, as the residents will hear it."""

from __future__ import annotations

import re

from programme.hotlines import text_said
from programme.model import Programme
from tts.rules.cleaning import clean

LONGEST_HEARD = 120  # characters of a sentence that is rendered to hear one word in it
_SENTENCE = re.compile(r"[^。；！？\n]+[。；！？]?")


def sentence_with(word: str, programme: Programme) -> str:
    """Return a sentence of the programme in which ``word`` stands, or one made for it."""
    for message in programme.messages:
        for sentence in _SENTENCE.findall(text_said(message)):
            if clean(word) in clean(sentence) and len(sentence) <= LONGEST_HEARD:
                return str(sentence).strip()
    return f"请大家听一听，{word}，这样念对不对。"
