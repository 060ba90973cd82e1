"""Percentages, fractions, temperatures, units and ranges of quantities."""

from __future__ import annotations

import re

from tts.rules.counted import COUNTED, NOT_AN_AMOUNT
from tts.rules.numbers import cardinal, digits, quantity
from tts.rules.rule import RANGE, rule

_NUMBER = r"(\d+(?:\.\d+)?)"
_START = r"(?<![\d.A-Za-z])"
_SHARES = {"%": "百分之", "‰": "千分之"}
_DEGREES = {"℃": "摄氏度", "°C": "摄氏度", "℉": "华氏度", "°F": "华氏度", "°": "度", "度": "度"}
_DEGREE = "|".join(_DEGREES)
_UNITS = {
    "km/h": "公里每小时",
    "m³/s": "立方米每秒",
    "m3/s": "立方米每秒",
    "mmol/L": "毫摩尔每升",
    "mmHg": "毫米汞柱",
    "μg": "微克",
    "MPa": "兆帕",
    "kPa": "千帕",
    "kV": "千伏",
    "KV": "千伏",
    "KW": "千瓦",
    "dB": "分贝",
    "Mbps": "兆",
    "M": "兆",
    "m/s": "米每秒",
    "mg/L": "毫克每升",
    "kWh": "度",
    "km²": "平方公里",
    "m²": "平方米",
    "m2": "平方米",
    "㎡": "平方米",
    "m³": "立方米",
    "m3": "立方米",
    "km": "公里",
    "㎞": "公里",
    "cm": "厘米",
    "㎝": "厘米",
    "mm": "毫米",
    "㎜": "毫米",
    "kg": "公斤",
    "KG": "公斤",
    "Kg": "公斤",
    "㎏": "公斤",
    "mg": "毫克",
    "ml": "毫升",
    "mL": "毫升",
    "㏄": "毫升",
    "min": "分钟",
    "kW": "千瓦",
    "m": "米",
    "g": "克",
    "L": "升",
    "h": "小时",
    "t": "吨",
    "V": "伏",
    "W": "瓦",
}
_UNIT = "|".join(re.escape(unit) for unit in _UNITS)
_ENDS = r"(?![A-Za-z0-9])"


def _share_range(match: re.Match[str]) -> str:
    low, low_sign, high, sign = match.groups()
    return f"{_SHARES[low_sign or sign]}{cardinal(low)}到{_SHARES[sign]}{cardinal(high)}"


def _share(match: re.Match[str]) -> str:
    return f"{_SHARES[match[2]]}{cardinal(match[1])}"


def _minus(sign: str | None, number: str) -> str:
    return f"{'零下' if sign else ''}{cardinal(number)}"


def _temperature_range(match: re.Match[str]) -> str:
    low_sign, low, low_degree, high_sign, high, degree = match.groups()
    said = f"{_minus(low_sign, low)}{_DEGREES[low_degree] if low_degree else ''}"
    return f"{said}到{_minus(high_sign, high)}{_DEGREES[degree]}"


def _temperature(match: re.Match[str]) -> str:
    sign, number, degree = match.groups()
    said = quantity(number) if degree == "度" and not sign else cardinal(number)
    return f"{'零下' if sign else ''}{said}{_DEGREES[degree]}"


def _fraction(match: re.Match[str]) -> str:
    above, below = match.groups()
    return f"{cardinal(below)}分之{cardinal(above)}" if 0 < int(above) < int(below) else match[0]


def _unit_range(match: re.Match[str]) -> str:
    return f"{quantity(match[1])}到{quantity(match[2])}{_UNITS[match[3]]}"


def _unit(match: re.Match[str]) -> str:
    return f"{quantity(match[1])}{_UNITS[match[2]]}"


def _counted_range(match: re.Match[str]) -> str:
    return f"{quantity(match[1])}到{quantity(match[2])}"


def _counted(match: re.Match[str]) -> str:
    return quantity(match[1])


def _times(match: re.Match[str]) -> str:
    return f"{cardinal(match[1])}乘{cardinal(match[2])}"


_PER = (
    r"平方米|立方米|小时|分钟|公里|公斤|学期|方|家(?![庭属长])"
    r"|[人户月年天日周次件张份台位个栋套亩吨斤米升度瓶袋箱只盒车辆节课本平间桌场趟棵]"
)
_PER_UNITS = {unit: said for unit, said in _UNITS.items() if unit not in {"M", "h", "t", "V", "W", "g", "min"}}
_PER_UNIT = "|".join(re.escape(unit) for unit in _PER_UNITS)


def _per(match: re.Match[str]) -> str:
    """Say a price by the piece: 元/月 as 元每月, 元/4小时 as 元每四小时."""
    amount, unit, latin = match.groups()
    said = quantity(amount) if amount else ""
    return f"每{said}{_PER_UNITS[latin] if latin else unit}"


def _tall(match: re.Match[str]) -> str:
    """Say a height as people do: 1米75 as 一米七五."""
    return f"{quantity(match[1])}米{digits(match[2])}"


def _ordinals(match: re.Match[str]) -> str:
    """Say 第1、2名 as 第一、二名: what is in order is not counted."""
    return re.sub(r"\d+", lambda number: cardinal(number[0]), match[0])


def _more_than(match: re.Match[str]) -> str:
    return f"{quantity(match[1])}多"


RULES = (
    rule(
        rf"(?:(?<=[元角分㎡方米立件次里度本桶克斤时量gLm²³])|(?<=[\d/／][人户])|(?<=\d[个只片盒袋瓶张把桶箱份包条]))(?:\s*[/／]\s*|(?<=[人户月年次件㎡])·)(\d{{1,3}})?(?:({_PER})|({_PER_UNIT}){_ENDS})",
        _per,
    ),
    rule(rf"(?<![\d.A-Za-z])(\d+)\+{COUNTED}", _more_than),
    rule(r"第\d+(?:[、和及或]\d+)+", _ordinals),
    rule(r"(?<=[共分各])([有为]?)2(?=[期组队班层级座路](?![一-龥]?长))", lambda match: f"{match[1]}两"),
    rule(rf"(?<![\d%‰A-Za-z])[-－−]{_NUMBER}\s*([%‰])", lambda match: f"负{_share(match)}"),
    rule(rf"{_START}{_NUMBER}([%‰])?{RANGE}{_NUMBER}\s*([%‰])", _share_range),
    rule(rf"{_START}{_NUMBER}\s*([%‰])", _share),
    rule(
        rf"(?<![\d.A-Za-z])(?:(?<!\d)([-－−]))?{_NUMBER}\s*({_DEGREE})?{RANGE}([-－−])?{_NUMBER}\s*(℃|°C|℉|°F|度)",
        _temperature_range,
    ),
    rule(rf"(?<![\d.A-Za-z])([-－−])?{_NUMBER}\s*({_DEGREE})", _temperature),
    rule(r"(?<![\d/.])(\d{1,2})/(\d{1,3})(?![\d/.])", _fraction),
    rule(rf"(?<![\d.])(\d)米(\d\d)(?!\d|\.\d){NOT_AN_AMOUNT}", _tall),
    rule(rf"{_START}{_NUMBER}{RANGE}{_NUMBER}\s*({_UNIT}){_ENDS}", _unit_range),
    rule(rf"{_START}{_NUMBER}\s*({_UNIT}){_ENDS}", _unit),
    rule(rf"{_START}{_NUMBER}{RANGE}{_NUMBER}{COUNTED}", _counted_range),
    rule(rf"{_START}{_NUMBER}\s*[×*]\s*{_NUMBER}(?![\d])", _times),
    rule(rf"(?<![\d.第A-Za-z\-])(?<!第\s)(\d+){COUNTED}", _counted),
)
