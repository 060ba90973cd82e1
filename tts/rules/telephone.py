"""Telephone numbers, digit by digit with 幺 and a pause between groups, so that they can be remembered."""

from __future__ import annotations

import re

from tts.rules.counted import NOT_AN_AMOUNT
from tts.rules.numbers import digits_clearly
from tts.rules.rule import rule

_ALONE = r"(?<![\dA-Za-z.\-/])"
_ENDS = r"(?![\d]|[.\-/]\d)"
_GROUPS = {7: (3, 4), 8: (4, 4), 9: (3, 3, 3), 10: (3, 3, 4), 11: (3, 4, 4), 18: (6, 8, 4)}
_EXTENSION = r"(?:\s*(?:转(?:分机号?)?|-|－|—)\s*(\d{1,6}))?"
_SAID = "[幺零二三四五六七八九]"
_BEFORE_A_NUMBER = (
    r"电话|热线|手机|专线|座机|传真|号码|内线|邮编|邮政编码|验证码|微信|QQ群|QQ|微信群|群号|短号|分机|账号|卡号|尾号|编号|工号|证号"
    r"|密码|拨打|致电|拨|请打|咨询|举报|报警|急救|火警"
)
_SEVERAL = r"\d{3,}(?:[ -]\d{3,})*(?:[、，,/或]\d{3,}(?:[ -]\d{3,})*)*"
_HOTLINES = r"1[12]0|119|122|114|12(?:[13]\d\d)|9[56]\d{3}|100(?:1[056]|86|99)|1118[35]"


def grouped(number: str) -> str:
    """Say a number in the groups that people use for its length: 138, 0000, 1234."""
    sizes = _GROUPS.get(len(number))
    if sizes is None:
        sizes = (len(number),) if len(number) <= 6 else tuple(4 for _ in range(-(-len(number) // 4)))
    parts: list[str] = []
    start = 0
    for size in sizes:
        parts.append(digits_clearly(number[start : start + size]))
        start += size
    return "，".join(parts)


def _mobile(match: re.Match[str]) -> str:
    return grouped("".join(match.groups()))


def _landline(match: re.Match[str]) -> str:
    area, first, second, extension = match.groups()
    said = f"{digits_clearly(area)}，{grouped(first + second)}"
    return f"{said}，转{digits_clearly(extension)}" if extension else said


def _from_abroad(match: re.Match[str]) -> str:
    return f"{digits_clearly('0' + match[1])}，{grouped(match[2] + match[3])}"


def _written_together(match: re.Match[str]) -> str:
    number = match[0]
    area = 3 if number[1] in "12" else 4
    return f"{digits_clearly(number[:area])}，{grouped(number[area:])}"


def _service(match: re.Match[str]) -> str:
    return "，".join(digits_clearly(part) for part in match.groups())


def _local(match: re.Match[str]) -> str:
    number = re.sub(r"\D", "", match[1])
    said = grouped(number)
    return f"{said}，转{digits_clearly(match[2])}" if match[2] else said


def _named(match: re.Match[str]) -> str:
    said = re.sub(r"\d[\d -]*\d", lambda number: grouped(re.sub(r"\D", "", number[0])), match[2])
    return f"{match[1]}{said}"


def _hidden(match: re.Match[str]) -> str:
    return f"{digits_clearly(match[1])}开头，尾号{digits_clearly(match[2])}"


def _identity(match: re.Match[str]) -> str:
    return "，".join(digits_clearly(part) for part in (match[1], match[2], match[3]))


def _whole(match: re.Match[str]) -> str:
    return grouped(match[0])


RULES = (
    rule(r"(?<![\dA-Za-z])(\d{2,6})[*＊×xX]{2,}(\d{2,4})(?![\dA-Za-z])", _hidden),
    rule(r"(?<![\dA-Za-z])(\d{6})((?:19|20)\d{6})(\d{3}[\dXx])(?![\dA-Za-z])", _identity),
    rule(r"(?<![\d])(?:\+|00)?86[- ](?=\d{2,3}-?\d{7,8}(?!\d))(\d{2,3})-?(\d{3,4})(\d{4})", _from_abroad),
    rule(rf"{_ALONE}(?:(?:\+|00)86[- ]?)?(1[3-9]\d)[- ]?(\d{{4}})[- ]?(\d{{4}}){_ENDS}", _mobile),
    rule(
        rf"{_ALONE}[（(]?(0\d{{2,3}})(?:[)）]|[)）]?\s*[-－—]|\s)\s*(\d{{3,4}})[- ]?(\d{{4}})(?!\d){_EXTENSION}(?!\d)",
        _landline,
    ),
    rule(rf"{_ALONE}0[1-9]\d{{9,10}}{_ENDS}", _written_together),
    rule(rf"{_ALONE}([48]00)[-－— ]?(\d{{3}})[-－— ]?(\d{{4}}){_ENDS}", _service),
    rule(rf"{_ALONE}([48]00)[-－— ]?(\d{{4}})[-－— ]?(\d{{3}}){_ENDS}", _service),
    rule(rf"{_ALONE}([2-9]\d{{2,3}} ?\d{{4}})(?!\d|\.\d){NOT_AN_AMOUNT}(?:\s*转(?:分机号?)?\s*(\d{{1,6}}))?", _local),
    rule(
        rf"((?:{_BEFORE_A_NUMBER})(?:号码?|为|是|[：:（(\s])*)({_SEVERAL})(?!\d|[.:]\d){NOT_AN_AMOUNT}",
        _named,
    ),
    rule(
        rf"(?<={_SAID})\s*[/／]\s*(1[3-9]\d{{9}}|[2-9]\d{{6,7}})(?!\d|\.\d){NOT_AN_AMOUNT}",
        lambda match: f"、{grouped(match[1])}",
    ),
    rule(rf"(?<={_SAID})\s+(?={_SAID})", lambda _: "，"),
    rule(rf"(?<={_SAID})[，,]?转\s*(\d{{1,6}})(?!\d)", lambda match: f"，转{digits_clearly(match[1])}"),
    rule(rf"转\s*(\d{{3,6}})(?!\d|[.:-]\d){NOT_AN_AMOUNT}", lambda match: f"转{digits_clearly(match[1])}"),
    rule(rf"{_ALONE}(?<!第)(?<!第 )(?:{_HOTLINES}){_ENDS}{NOT_AN_AMOUNT}", _whole),
    rule(rf"{_ALONE}\d{{9,}}{_ENDS}{NOT_AN_AMOUNT}", _whole),
)
