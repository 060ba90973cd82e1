"""Numbers that no other rule has read, and the marks of lists."""

from __future__ import annotations

import re

from tts.rules.numbers import cardinal, digits
from tts.rules.rule import RANGE, Rule, rule

_NUMBER = r"(\d+(?:\.\d+)?)"


def _listed(match: re.Match[str]) -> str:
    return f"{cardinal(match[1])}、"


def _range(match: re.Match[str]) -> str:
    return f"{cardinal(match[1])}到{cardinal(match[2])}"


def _version(match: re.Match[str]) -> str:
    return "点".join(cardinal(part) for part in match[0].split("."))


def _signed(match: re.Match[str]) -> str:
    return f"{ {'-': '负', '－': '负', '−': '负', '+': '加', '±': '正负'}[match[1]] }{cardinal(match[2])}"


_COMPARISONS = {"≥": "大于等于", "≤": "小于等于", ">": "大于", "<": "小于", "＞": "大于", "＜": "小于"}

LISTS: tuple[Rule, ...] = (
    rule(r"（(\d{1,2})）(?=[号楼栋])", lambda match: match[1]),
    rule(
        r"(?<!\d:)(?<!\d,)(?:(?<=\n)|^|(?<=[。；！？：:;,，]))\s*[（(]?(\d{1,2})\s*(?:[、．)）]|\.(?!\d))(?!\d)\s*",
        _listed,
    ),
    rule(r"(?<=第)[（(](\d{1,2}|[一二三四五六七八九十]{1,3})[)）]", lambda match: match[1]),
    rule(r"[（(](\d{1,2})[)）]", lambda match: f"，{_listed(match)}"),
    rule(r"(?<![年级])[（(]([一二三四五六七八九十]{1,3})[)）](?!班)", lambda match: f"。{match[1]}、"),
)

COMPARISONS: tuple[Rule, ...] = (rule(r"([≥≤><＞＜])\s*(?=\d)", lambda match: _COMPARISONS[match[1]]),)

RULES: tuple[Rule, ...] = (
    rule(r"(?<=PM)10(?!\d)", lambda _: "十"),
    rule(r"(?<![\d.])84(?=消毒)", lambda _: "八四"),
    rule(r"(?<=[A-Za-z])-?(\d+)\.(\d+)(?![\d.])", lambda match: f"{digits(match[1])}点{digits(match[2])}"),
    rule(r"(?<![\d.])\d+(?:\.\d+){2,}(?![\d.])", _version),
    rule(r"(?<=[A-Za-z])-?(\d+)", lambda match: digits(match[1])),
    rule(rf"(?<![\d])([±+\-－−])\s*{_NUMBER}", _signed),
    rule(rf"(?<![\d.]){_NUMBER}{RANGE}{_NUMBER}(?!\d|[-－—]\d)", _range),
    rule(_NUMBER, lambda match: cardinal(match[1])),
)
