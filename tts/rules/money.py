"""Money. First of all rules, because its numbers look like any other's."""

from __future__ import annotations

import re

from tts.rules.numbers import cardinal, quantity
from tts.rules.rule import RANGE, rule

_AMOUNT = r"(\d+(?:\.\d+)?)"
_UNIT = r"([万亿]?)"
_CURRENCIES = {"¥": "元", "￥": "元", "$": "美元", "＄": "美元", "€": "欧元"}


def _separators_out(match: re.Match[str]) -> str:
    return match[0].replace(",", "").replace("，", "")


def _yuan(number: str, big: str) -> str:
    if "." in number and not big:
        number = number.rstrip("0").rstrip(".")
    return f"{quantity(number)}{big}"


def _with_sign(match: re.Match[str]) -> str:
    sign, number, big, _ = match.groups()
    return f"{_yuan(number, big)}{_CURRENCIES[sign]}"


def _range(match: re.Match[str]) -> str:
    low, high, big, unit = match.groups()
    return f"{_yuan(low, '')}到{_yuan(high, big)}{unit}"


def _plain(match: re.Match[str]) -> str:
    number, big, unit = match.groups()
    return f"{_yuan(number, big)}{unit}"


def _small(match: re.Match[str]) -> str:
    return f"{quantity(match[1])}{match[2]}{cardinal(match[3])}{match[4]}"


def _discount(match: re.Match[str]) -> str:
    return f"{cardinal(match[1])}{cardinal(match[2])}折"


RULES = (
    rule(r"(?<![\d.])([1-9])\.?([1-9])\s*折", _discount),
    rule(
        r"(?:(?<=[¥￥$＄€])|(?<![\d.]))\d{1,3}(?:,\d{3})+(?![\d,])(?=(?:\.\d+)?\s*[万亿]?[元人户名份个吨斤件平张只块])",
        _separators_out,
    ),
    rule(
        r"(?<![\d.,，])[1-9]\d{0,2}(?:,\d{3})+(?![\d,])(?=\s*(?:[%余多a-zA-Z㎡]|(?![室房号栋楼单])[㐀-鿿]))",
        _separators_out,
    ),
    rule(r"(?<=[¥￥$＄€])\d{1,3}(?:,\d{3})+(?![\d,])", _separators_out),
    rule(rf"(?:US|HK)?([¥￥$＄€])\s*{_AMOUNT}\s*{_UNIT}(元)?", _with_sign),
    rule(rf"(?<![\d.]){_AMOUNT}{RANGE}{_AMOUNT}\s*{_UNIT}(元|块钱|美元|欧元)", _range),
    rule(r"(?<![\d.])(\d+)(元|块)(\d)(角|毛)", _small),
    rule(rf"(?<![\d.]){_AMOUNT}\s*{_UNIT}(元|块钱|美元|欧元|角|毛钱)", _plain),
)
