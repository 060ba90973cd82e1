"""Plates, document numbers, buildings and rooms."""

from __future__ import annotations

import re

from tts.rules.counted import NOT_AN_AMOUNT
from tts.rules.numbers import cardinal, digits, digits_clearly
from tts.rules.rule import RANGE, rule

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_BUILDING = r"号楼|号院|号门|号线|号机|号|栋|幢|座|单元|层|楼"


def _plate(match: re.Match[str]) -> str:
    return f"{match[1]}{match[2]}，{digits_clearly(match[3])}"


def _document(match: re.Match[str]) -> str:
    return f"{digits(match[1])}，{match[2]}{cardinal(match[3])}号"


def _road(match: re.Match[str]) -> str:
    return f"{match[1]}{digits_clearly(match[2])}"


def _milestone(match: re.Match[str]) -> str:
    return f"K{cardinal(match[1])}加{cardinal(match[2])}"


def _half_dashed(match: re.Match[str]) -> str:
    return f"{cardinal(match[1])}杠{digits_clearly(match[2])}"


def _serial(match: re.Match[str]) -> str:
    return match[1] + re.sub(r"-(\d+)", lambda part: f"杠{digits_clearly(part[1])}", match[2])


def _numbered(match: re.Match[str]) -> str:
    return f"编号{digits_clearly(match[1])}"


def _standard(match: re.Match[str]) -> str:
    return f"{match[1].replace('/', '')}{digits_clearly(match[2])}杠{digits(match[3])}"


def _buildings(match: re.Match[str]) -> str:
    return f"{cardinal(match[1])}到{cardinal(match[2])}{match[3]}"


def _building(match: re.Match[str]) -> str:
    return f"{cardinal(match[1])}{match[2]}"


def _room(match: re.Match[str]) -> str:
    return digits_clearly(match[0])


def _dashed(match: re.Match[str]) -> str:
    return "杠".join((cardinal(match[1]), cardinal(match[2]), digits_clearly(match[3])))


def _lettered(match: re.Match[str]) -> str:
    return f"{match[1]}到{match[2]}"


_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9}


def _roman(match: re.Match[str]) -> str:
    return cardinal(str(_ROMAN[match[0]]))


def _flat(match: re.Match[str]) -> str:
    """Say how many rooms a flat has: 2室1厅."""
    return "".join(
        f"{'两' if digit == '2' else cardinal(digit)}{word}"
        for digit, word in re.findall(r"(\d)([室厅卫厨])", match[0])
    )


PLATES = (
    # Before the telephone's rules, which would take 12345 out of a plate.
    rule(rf"([{_PROVINCES}])([A-Z])\s*[·•.]?\s*((?=[A-Z]*\d)[0-9A-Z]{{5,6}})(?![0-9A-Za-z])", _plate),
    rule(r"(?<![A-Za-z])K(\d{1,4})\+(\d{1,3})(?!\d)", _milestone),
    rule(r"(?<![A-Za-z])(GB(?:/T)?|DB|YY)\s*(\d{3,6})-((?:19|20)\d\d)(?!\d)", _standard),
    rule(r"(?:编号)?[:：]?\s*(?:(?<![A-Za-z])N[oO][.:]?|№)\s*(\d{3,})(?!\d)", _numbered),
    rule(r"(?<![A-Za-z])N[oO]\.\s*(\d{1,2})(?!\d|\.\d)", lambda match: f"第{cardinal(match[1])}"),
    rule(r"(?<![A-Za-z])([A-Z]{1,6})((?:-\d{3,}(?!\d))(?:-\d+)*|(?:-\d+){2,})(?![\dA-Za-z-])", _serial),
)

RULES = (
    rule(r"(?<![A-Za-z])([GSXY])(\d{2,4})(?=[\u3400-\u9fff，、。；]|$)(?![后前])", _road),
    rule(r"(?<![\dA-Za-z.])()(\d{3})(?=国道|省道|县道|乡道)", _road),
    rule(r"[〔\[［（(]((?:19|20)\d\d)[〕\]］）)]\s*(第?)\s*(\d{1,4})\s*号", _document),
    rule(r"(?<!\d)(?:\d[室厅卫厨]){2,}", _flat),
    rule(r"(?<![A-Za-z\d-])([A-Z])\s*[-–—－~～]+\s*([A-Z])(?=[区座栋幢楼组馆口门])", _lettered),
    rule(r"(?<![A-Za-z])([A-Z][区座栋幢楼])\s*[-–—－~～]+\s*(?=[A-Z][区座栋幢楼])", lambda match: f"{match[1]}到"),
    rule(
        r"(?<![A-Za-z])(VIII|VII|III|II|IV|VI|IX)(?=[级类期型度])|(?<![A-Za-z])(?:(I)(?=[级类期]|型糖尿)|(V)(?=[级类]))",
        _roman,
    ),
    rule(rf"(?<=\d)#\s*(\d{{3,4}})(?![\d-]){NOT_AN_AMOUNT}", lambda match: f"号{digits_clearly(match[1])}"),
    rule(r"(?<=\d)\s*#", lambda _: "号"),
    rule(r"(?<![\d.A-Za-z])[-－−](\d)(?=层|楼(?![栋长]))", lambda match: f"负{cardinal(match[1])}"),
    rule(r"(?<![\d-])(\d{1,2})-(\d{3,4})(?=室|房(?!子))", _half_dashed),
    rule(rf"(?<![\d.])(\d{{1,3}}){RANGE}(\d{{1,3}})({_BUILDING})", _buildings),
    rule(r"(?<![\d-])(\d{1,2})-(\d{1,2})-(\d{3,4})(?=室|房|户|\D|$)(?!-)", _dashed),
    rule(r"(?<![\d.])\d{3,4}(?=室|房间?(?!子)|号房)", _room),
    rule(r"(?<=[楼栋幢座])(\d{1,2})-(\d{3,4})(?!\d|-)", _half_dashed),
    rule(rf"(?<=单元)\s*\d{{3,4}}(?!\d){NOT_AN_AMOUNT}", _room),
    rule(rf"(?<=\d[楼层])\s*\d{{3,4}}(?![\d-]){NOT_AN_AMOUNT}", _room),
    rule(
        rf"(?<=\d[栋幢座])\s*\d{{3,4}}(?![\d-]){NOT_AN_AMOUNT}|(?<=\d号楼)\s*\d{{3,4}}(?![\d-]){NOT_AN_AMOUNT}", _room
    ),
    rule(rf"(?<![\d.])(\d+)({_BUILDING})", _building),
)
