"""Dates in the forms that officials use."""

from __future__ import annotations

import re

from tts.rules.numbers import cardinal, digits
from tts.rules.rule import RANGE, rule

_YEAR = r"((?:19|20|21)\d\d)"


def _is_day(month: str, day: str) -> bool:
    return 1 <= int(month) <= 12 and 1 <= int(day) <= 31


def _numeric(match: re.Match[str]) -> str:
    year, _, month, day = match.groups()
    if not _is_day(month, day):
        return match[0]
    return f"{digits(year)}年{cardinal(str(int(month)))}月{cardinal(str(int(day)))}日"


def _years(match: re.Match[str]) -> str:
    return f"{digits(match[1])}到{digits(match[2])}年"


def _year(match: re.Match[str]) -> str:
    return f"{digits(match[1])}年"


def _month_days(match: re.Match[str]) -> str:
    month, first, last, mark = match.groups()
    if not (_is_day(month, first) and _is_day(month, last)):
        return match[0]
    return f"{_number(month)}月{_number(first)}到{_number(last)}{mark}"


def _month_day(match: re.Match[str]) -> str:
    month, day, mark = match.groups()
    return f"{_number(month)}月{_number(day)}{mark}" if _is_day(month, day) else match[0]


def _across_months(match: re.Match[str]) -> str:
    month, day, end_month, end_day, mark = match.groups()
    if not (_is_day(month, day) and _is_day(end_month, end_day)):
        return match[0]
    return f"{_number(month)}月{_number(day)}{mark}到{_number(end_month)}月{_number(end_day)}{mark}"


def _dotted_range(match: re.Match[str]) -> str:
    month, day, end_month, end_day = match.groups()
    if not (_is_day(month, day) and _is_day(end_month, end_day)):
        return match[0]
    return f"{_number(month)}月{_number(day)}日到{_number(end_month)}月{_number(end_day)}日"


def _soon_after(match: re.Match[str]) -> str:
    """Take 1.17-1.19 for dates where the second is the later one, in the same month or the next."""
    month, day, end_month, end_day = (int(part) for part in match.groups())
    return _dotted_range(match) if (month, day) < (end_month, end_day) and end_month - month <= 1 else match[0]


def _to_another(match: re.Match[str]) -> str:
    """Say the dash between two things that are counted alike: 1号楼-6号楼, 6月龄—3岁, but not 3号楼-2单元."""
    unit, following = match[1], match[2]
    within = unit[-1] in "楼栋幢座元层" and following[0] in "单室层号" and unit[-1] != following[-1]
    return match[0] if within else f"{unit}到"


def _packed(match: re.Match[str]) -> str:
    lead, year, month, day = match.groups()
    return f"{lead}{digits(year)}年{_number(month)}月{_number(day)}日" if _is_day(month, day) else match[0]


def _months(match: re.Match[str]) -> str:
    return f"{_number(match[1])}到{_number(match[2])}月"


def _month(match: re.Match[str]) -> str:
    return f"{_number(match[1])}月" if 1 <= int(match[1]) <= 12 else match[0]


def _days(match: re.Match[str]) -> str:
    return f"{_number(match[1])}到{_number(match[2])}{match[3]}"


def _day(match: re.Match[str]) -> str:
    return f"{_number(match[1])}日"


def _dotted(match: re.Match[str]) -> str:
    month, day = match[1], match[2]
    return f"{_number(month)}月{_number(day)}日" if _is_day(month, day) else match[0]


def _memorial(match: re.Match[str]) -> str:
    month, day = match[1], match[2]
    return f"{_number(month)}{digits(day)}" if _is_day(month, day) else match[0]


def _born(match: re.Match[str]) -> str:
    return f"{digits(match[1])}后"


def _number(text: str) -> str:
    return cardinal(str(int(text)))


_DASH = r"\s*(?:——|[-–—－~～])\s*"
_MONTH_DAY = r"(\d{1,2})\.(\d{1,2})"
_FESTIVAL = r"(?=(?:国际)?(?:劳动|儿童|妇女|国庆|建党|建军|青年|消费者|晚会|维权|长假|假期|小长假))"
_BEFORE_A_DATE = r"(?:(?<![低高大小等少多属])(?<=于)|(?<=日期)|(?<=日期:)|(?<=时间:)|(?<=截[至止到])|(?<=定在))"
_PART_OF_DAY = "上午|下午|中午|晚|早|凌晨|夜间|全天|当天"
_AFTER_A_DATE = rf"(?=[（(]?(?:周|星期)|\s*(?:{_PART_OF_DAY}|期间|之?前(?!\d)|之后|起(?!步)|开始|\d{{1,2}}:\d\d))"
_NO_AMOUNT = r"(?!\d|[.%‰℃°/:]|\s*[a-zA-Z]|\s*(?:[米元吨度倍万亿千百公斤厘毫平升个折兆分秒级岁小立天周年月]))"

RULES = (
    rule(rf"(?<=\d)([㐀-鿿]{{1,3}}){_DASH}(?=第?\d+(?:\.\d+)?([㐀-鿿]{{1,2}}))", _to_another),
    rule(rf"(?<=\d){_DASH}(?=(?:19|20)\d\d[-/.年]\d{{1,2}}[-/.月]\d{{1,2}})", lambda _: "到"),
    rule(r"(?<=日期)([:为是]{0,2})((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)", _packed),
    rule(rf"(?<![\d.]){_MONTH_DAY}{RANGE}{_MONTH_DAY}(?=期间|[（(](?:周|星期|农历)|\s*(?:放假|停))", _dotted_range),
    rule(rf"(?<![\d.]){_MONTH_DAY}{RANGE}{_MONTH_DAY}[日号]", _dotted_range),
    rule(
        rf"(?<![\d./为值数度重率约])(\d{{1,2}})\.(\d\d){RANGE}(\d{{1,2}})\.(\d\d){_NO_AMOUNT}(?!\s*(?:之间|范围))",
        _soon_after,
    ),
    rule(r"(?<![\d月.])2日(?=之内|内|以内|以上)", lambda _: "两日"),
    rule(
        r"(?<!\d)((?:19|20)\d\d)(?=春节|新年|春运|元旦|国庆|中秋|端午|元宵|春季|夏季|秋季|冬季|暑假|寒假|高考|中考|跨年)",
        lambda match: digits(match[1]),
    ),
    rule(rf"(?<=放假|停水|停电|停气|停暖){_MONTH_DAY}{RANGE}{_MONTH_DAY}{_NO_AMOUNT}", _dotted_range),
    rule(rf"{_BEFORE_A_DATE}{_MONTH_DAY}{RANGE}{_MONTH_DAY}{_NO_AMOUNT}", _dotted_range),
    rule(rf"(?<![\d./]){_MONTH_DAY}[日号]", _dotted),
    rule(rf"(?<![\d./]){_MONTH_DAY}{_FESTIVAL}", _memorial),
    rule(rf"{_BEFORE_A_DATE}{_MONTH_DAY}{_NO_AMOUNT}", _dotted),
    rule(rf"(?<![\d./])(\d{{1,2}})[./](\d{{1,2}}){_AFTER_A_DATE}", _dotted),
    rule(rf"(?<!\d)(\d{{1,2}})月(\d{{1,2}})[日号]?{RANGE}(\d{{1,2}})月(\d{{1,2}})([日号])", _across_months),
    rule(r"(?<!\d)((?:19|20)\d\d)(?=[级届款](?!别|会))", lambda match: digits(match[1])),
    rule(rf"(?<=[日号月年点分时秒午晚]){RANGE}(?=\d|上午|下午|晚上|次日|当日)", lambda _: "到"),
    rule(rf"(?<![\d.]){_YEAR}([-/.])(\d{{1,2}})\2(\d{{1,2}})(?![\d.])", _numeric),
    rule(rf"(?<!\d){_YEAR}{RANGE}{_YEAR}年", _years),
    rule(
        rf"(?<!\d){_YEAR}{RANGE}{_YEAR}(?=学年|赛季|[采供]暖季)",
        lambda match: f"{digits(match[1])}到{digits(match[2])}",
    ),
    rule(rf"(?<!\d){_YEAR}年", _year),
    rule(r"(?<!\d)(\d\d)年(?=\d{1,2}月)", _year),
    rule(rf"(?<!\d)(\d{{1,2}})月(\d{{1,2}}){RANGE}(\d{{1,2}})([日号])", _month_days),
    rule(r"(?<!\d)(\d{1,2})月(\d{1,2})(?![\d:])([日号]?)", _month_day),
    rule(rf"(?<!\d)(\d{{1,2}}){RANGE}(\d{{1,2}})月(?!\d)", _months),
    rule(r"(?<!\d)(\d{1,2})月", _month),
    rule(rf"(?<!\d)([123]?\d){RANGE}([123]?\d)([日])", _days),
    rule(r"(?<!\d)([123]?\d)日(?!均)", _day),
    rule(
        r"(?<![\d.])(\d{1,2})\.(\d{1,2})(?=[（(]?(?:周|星期)|[^\d\s，。；！？、]{1,5}(?:日|节|宣传周|宣传月)(?![间]))",
        _dotted,
    ),
    rule(r"(?<!\d)(\d{1,2})\s*[·•・]\s*(\d{1,2})(?!\d)", _memorial),
    rule(r"(?<![\d:.])(\d0)后(?=[^来天面期续\d])", _born),
)
