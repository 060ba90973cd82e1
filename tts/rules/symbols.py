"""Punctuation as it is heard: brackets and dashes are pauses, quotation marks are nothing."""

from __future__ import annotations

import re

_ORDER = "！？。；：，、"
_BRIEF = "；：，、"
_HEARD = {
    "&": "和",
    "+": "加",
    "=": "等于",
    "×": "乘",
    "±": "正负",
    "℃": "摄氏度",
    "℉": "华氏度",
    "°": "度",
    "№": "编号",
    "㎡": "平方米",
}
QUOTES = "“”‘’\"'「」『』《》〈〉"
BRACKETS = "（）()[]［］【】〔〕{}｛｝"
_PAUSES = "—–－~～→|…./／\\-"
_WIDE = str.maketrans({",": "，", ";": "；", "!": "！", "?": "？", ":": "：", "\uff0e": "。", "｡": "。"})
_HAN = r"[㐀-鿿〇]"


def said_symbols(text: str) -> str:
    """Return ``text`` on one line with nothing but words and the seven marks that are pauses."""
    text = re.sub(r"\n+", "。", text)
    text = re.sub(
        r"(?<=周[一二三四五六日天])\s*[-–—－~～]+\s*(?=周)|(?<=星期[一二三四五六日天])\s*[-–—－~～]+\s*(?=星期)",
        "到",
        text,
    )
    text = re.sub(r"(?<=[“\"'‘])\+(?=[”\"'’])", "加号", text)
    text = re.sub(r"(?<=[A-Za-z])\.(?=[A-Za-z])", "点", text)
    text = re.sub(r"(?<=[A-Za-z])'(?=[A-Za-z])", "’", text)
    text = re.sub(r"\.{2,}|…+|[—–－~～→|]+|--+", "，", text)
    text = re.sub(r"(?<![A-Za-z])-|-(?![A-Za-z])", "，", text)
    text = re.sub(r"(?<=[A-Za-z])’(?=[A-Za-z])", "\ue000", text)
    text = re.sub(r"(?<=[”’」』》〉])(?=[“‘「『《〈])", "、", text)
    text = re.sub(f"[{QUOTES}]", "", text).replace("\ue000", "'")
    text = re.sub(f"[{re.escape(BRACKETS)}]", "，", text)
    text = re.sub(r"[/／\\]", "、", text)
    text = "".join(_HEARD.get(character, character) for character in text).translate(_WIDE).replace(".", "。")
    text = re.sub(rf"[^\w\s'\-{_ORDER}]|_", "", text)
    text = re.sub(r"[²³]", "", text)
    return _settled(text)


def unheard(text: str) -> str:
    """Return the symbols of ``text`` that ``said_symbols`` drops without a word or a pause, each once."""
    known = f"{QUOTES}{BRACKETS}{_PAUSES}{_ORDER}{''.join(_HEARD)}"
    return "".join(
        dict.fromkeys(
            character
            for character in text.translate(_WIDE)
            if character not in known and (character in "_²³" or not (character.isalnum() or character.isspace()))
        )
    )


def _settled(text: str) -> str:
    """Let the strongest of several marks stand, none at the beginning, and no blanks but between Latin words."""
    text = re.sub(rf"\s*([{_ORDER}])\s*", r"\1", text)
    text = re.sub(rf"[{_ORDER}]{{2,}}", lambda run: min(run[0], key=_ORDER.index), text)
    text = re.sub(rf"(?<={_HAN})\s+|\s+(?={_HAN})", "", text)
    return re.sub(r"\s+", " ", text).strip(f"{_BRIEF} ").lstrip(_ORDER)
