"""The syllables of Mandarin, and how a person may write one with its tone."""

from __future__ import annotations

import unicodedata

_COMMON = "a e ai ao ou an en ang eng"
_WITH_U = "u uo ui uan un"
_FINALS = {
    "": "a o e ai ei ao ou an en ang eng er yi ya yo ye yao you yan yin yang ying yong wu wa wo wai wei wan wen wang "
    "weng yu yue yuan yun",
    "b": "a o ai ei ao an en ang eng i ie iao ian in ing u",
    "p": "a o ai ei ao ou an en ang eng i ie iao ian in ing u",
    "m": "a o e ai ei ao ou an en ang eng i ie iao iu ian in ing u",
    "f": "a o ei ou an en ang eng u",
    "d": f"{_COMMON} ei ong i ia ie iao iu ian ing {_WITH_U}",
    "t": "a e ai ei ao ou an ang eng ong i ie iao ian ing u uo ui uan un",
    "n": f"{_COMMON} ei ong i ie iao iu ian in iang ing u uo uan un v ve ue",
    "l": "a o e ai ei ao ou an ang eng ong i ia ie iao iu ian in iang ing u uo uan un v ve ue",
    "g": f"{_COMMON} ei ong {_WITH_U} ua uai uang",
    "k": f"{_COMMON} ei ong {_WITH_U} ua uai uang",
    "h": f"{_COMMON} ei ong {_WITH_U} ua uai uang",
    "j": "i ia ie iao iu ian in iang ing iong u ue uan un",
    "q": "i ia ie iao iu ian in iang ing iong u ue uan un",
    "x": "i ia ie iao iu ian in iang ing iong u ue uan un",
    "zh": f"i {_COMMON} ei ong {_WITH_U} ua uai uang",
    "ch": f"i {_COMMON} ong {_WITH_U} ua uai uang",
    "sh": f"i {_COMMON} ei {_WITH_U} ua uai uang",
    "r": "i e ao ou an en ang eng ong u ua uo ui uan un",
    "z": f"i {_COMMON} ei ong {_WITH_U}",
    "c": f"i {_COMMON} ong {_WITH_U}",
    "s": f"i {_COMMON} ong {_WITH_U}",
}
SYLLABLES = frozenset(initial + final for initial, finals in _FINALS.items() for final in finals.split())
"""Every syllable of the standard language, ü written v."""

_MARKS = {"\u0304": "1", "\u0301": "2", "\u030c": "3", "\u0300": "4"}
_UMLAUT = "\u0308"


def syllable_of(written: str) -> str | None:
    """Return ``dai4`` for ``dai4`` or ``dài``, ``lv4`` for ``lü4``; None where there is no such syllable or no tone."""
    tone = ""
    letters = ""
    for character in unicodedata.normalize("NFD", written):
        if character in _MARKS:
            tone += _MARKS[character]
        elif character == _UMLAUT:
            letters = f"{letters[:-1]}v"
        else:
            letters += character
    if letters[-1:] in {"1", "2", "3", "4", "5"}:
        tone += letters[-1]
        letters = letters[:-1]
    return f"{letters}{tone}" if len(tone) == 1 and letters in SYLLABLES else None
