"""How 一 and 不 change their tone before others. Third tones are left to espeak, which joins them itself."""

from __future__ import annotations

_NUMERALS = frozenset("零〇一二三四五六七八九幺")
_COUNTING_BEFORE = _NUMERALS | frozenset("第十周期初点百千万亿")
_ENDS_A_WORD = frozenset("统唯万之专划单同逐")
_ORDINAL_AFTER = frozenset("月日号楼单栋幢层班级")
_MAGNITUDES = frozenset("百千万亿")


def with_sandhi(han: str, readings: list[str], given: frozenset[int] = frozenset()) -> list[str]:
    """Return the readings of the characters ``han`` with the tones of 一 and 不 as they are said in a sentence.

    The readings at the places ``given`` are those of the word list, which knows best.
    """
    changed = list(readings)
    for index, character in enumerate(han):
        if index in given:
            continue
        if character == "一":
            changed[index] = f"yi{_tone_of_yi(han, readings, index)}"
        elif character == "不":
            changed[index] = f"bu{_tone_of_bu(han, readings, index)}"
    return changed


def _tone_of_bu(han: str, readings: list[str], index: int) -> str:
    if 0 < index < len(han) - 1 and han[index - 1] == han[index + 1]:
        return "5"  # 好不好
    return "2" if _tone(readings, index + 1) == "4" else "4"


def _tone_of_yi(han: str, readings: list[str], index: int) -> str:
    before = han[index - 1] if index else ""
    after = han[index + 1] if index + 1 < len(han) else ""
    if not after or before in _ENDS_A_WORD:
        return "1"
    if before == after and before not in _NUMERALS:
        return "5"  # 看一看
    if after in _MAGNITUDES:
        return "2" if after in "万亿" else "4"
    if after in _NUMERALS | {"十", "点"} and not (after == "点" and before not in _NUMERALS):
        return "4" if after == "点" else "1"
    if before in _COUNTING_BEFORE or after in _ORDINAL_AFTER or han.startswith("星期", max(index - 2, 0)):
        return "1"
    following = _tone(readings, index + 1)
    return "2" if following == "4" or after == "个" else "4"


def _tone(readings: list[str], index: int) -> str:
    return readings[index][-1] if index < len(readings) else ""
