"""Numbers in words: as an amount, or digit by digit."""

from __future__ import annotations

_DIGITS = "零一二三四五六七八九"
_PLACES = ("", "十", "百", "千")
_SECTIONS = ("", "万", "亿", "万亿")
_LONGEST_AMOUNT = 4 * len(_SECTIONS)


def digits(text: str) -> str:
    """Say digit by digit: ``2020`` as 二零二零."""
    return "".join(_DIGITS[int(character)] if character.isdecimal() else character for character in text)


def digits_clearly(text: str) -> str:
    """Say digit by digit with 幺 for one, as numbers are told by telephone: 一 and 七 sound alike."""
    return digits(text).replace("一", "幺")


def cardinal(text: str) -> str:
    """Say an amount: ``10500`` as 一万零五百, ``36.5`` as 三十六点五, ``2000`` as 两千 but ``2`` as 二.

    Digits that no amount begins with (``007``), or more than anybody counts to, are said one by one.
    """
    whole, dot, fraction = text.partition(".")
    if dot:
        return f"{cardinal(whole)}点{digits(fraction)}"
    if len(whole) > _LONGEST_AMOUNT or (whole.startswith("0") and whole.strip("0")):
        return digits(whole)
    if not whole.strip("0"):
        return digits(whole)
    words = _sections(whole)
    return words.removeprefix("一") if words.startswith("一十") else words


def quantity(text: str) -> str:
    """Say an amount of something that is counted: as ``cardinal``, but ``2`` as 两."""
    return "两" if text == "2" else cardinal(text)


def _sections(whole: str) -> str:
    padded = whole.zfill(-(-len(whole) // 4) * 4)
    sections = [padded[start : start + 4] for start in range(0, len(padded), 4)]
    words = ""
    gap = False
    for index, section in enumerate(sections):
        if not section.strip("0"):
            gap = bool(words)
            continue
        said = _section(section, first=not words)
        if words and (gap or section.startswith("0")):
            said = f"零{said}"
        place = _SECTIONS[len(sections) - 1 - index]
        words += ("两" if said == "二" and place else said) + place
        gap = False
    return words


def _section(section: str, *, first: bool) -> str:
    """Say four digits without the zeros before them."""
    words = ""
    zero = False
    for index, character in enumerate(section):
        place = _PLACES[3 - index]
        if character == "0":
            zero = bool(words)
            continue
        word = "两" if character == "2" and place == "千" and first and not words else _DIGITS[int(character)]
        words += ("零" if zero else "") + word + place
        zero = False
    return words
