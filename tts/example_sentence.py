"""Sentences to try something by: a word of the word list, a voice, a volume, each as the residents will hear it."""

from __future__ import annotations

import re

from programme.hotlines import text_said
from programme.model import Programme
from tts.rules.cleaning import clean

VOICE_SAMPLE = "各位居民，大家好。今天下午两点到五点停水，请提前存水。有事请打社区电话，12345。"
VOLUME_TEST = "各位居民，大家好。现在试一下音量，请听一听清楚不清楚，响不响。"
LONGEST_HEARD = 120  # characters of a sentence that is rendered to hear one word in it
_SENTENCE = re.compile(r"[^。；！？\n]+[。；！？]?")


def sentence_with(word: str, programme: Programme) -> str:
    """Return a sentence of the programme in which ``word`` stands, or one made for it."""
    for message in programme.messages:
        for sentence in _SENTENCE.findall(text_said(message, programme.zone)):
            if clean(word) in clean(sentence) and len(sentence) <= LONGEST_HEARD:
                return str(sentence).strip()
    return f"请大家听一听，{word}，这样念对不对。"
