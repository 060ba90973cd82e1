"""Times of the day, and the ratios that look like them."""

from __future__ import annotations

import re

from tts.rules.numbers import cardinal, quantity
from tts.rules.rule import RANGE, rule

_CLOCK = r"(\d{1,2}):(\d{2})(?::(\d{2}))?"


def _is_time(hour: str, minute: str) -> bool:
    return int(hour) <= 24 and int(minute) < 60


def _clock(hour: str, minute: str, second: str | None = None) -> str:
    words = f"{quantity(str(int(hour)))}点"
    if int(minute) or second:
        words += f"{_two_places(minute)}分"
    return words + (f"{_two_places(second)}秒" if second and int(second) else "")


def _two_places(minute: str) -> str:
    """Say minutes or seconds: below ten with a zero."""
    number = str(int(minute))
    return f"零{cardinal(number)}" if len(number) == 1 and number != "0" else cardinal(number)


def _range(match: re.Match[str]) -> str:
    hour, minute, second, end_hour, end_minute, end_second = match.groups()
    if not (_is_time(hour, minute) and _is_time(end_hour, end_minute)):
        return match[0]
    return f"{_clock(hour, minute, second)}到{_clock(end_hour, end_minute, end_second)}"


def _single(match: re.Match[str]) -> str:
    hour, minute, second = match.groups()
    return _clock(hour, minute, second) if _is_time(hour, minute) else match[0]


def _ratio(match: re.Match[str]) -> str:
    return _said_ratio(match[1], match[2])


def _said_ratio(left: str, right: str) -> str:
    return f"{cardinal(left)}比{cardinal(right)}"


def _hours(match: re.Match[str]) -> str:
    return f"{quantity(match[1])}到{quantity(match[2])}{match[3]}"


def _hour_minute(match: re.Match[str]) -> str:
    hour, word, minute = match.groups()
    return f"{quantity(str(int(hour)))}{word}{_two_places(minute)}分"


def _hour(match: re.Match[str]) -> str:
    return f"{quantity(str(int(match[1])))}{match[2]}"


def _round_the_clock(match: re.Match[str]) -> str:
    return f"{cardinal(match[1])}乘{cardinal(match[2])}"


_RATIO = r"(\d{1,4}):(\d{1,5})"
_ALONE = r"(?<!\d)(?<!\d:)"

_DASH = r"\s*(?:——|[-–—－~～])\s*"
_PART_OF_DAY = r"次日|当日|第二天|凌晨|清晨|早上?|上午|中午|下午|晚上?|夜间"


def _half_of_day(match: re.Match[str]) -> str:
    hour, minute, half = match.groups()
    return f"{'上午' if half in 'Aa' else '下午'}{_clock(hour, minute)}" if _is_time(hour, minute) else match[0]


TWELVE_HOURS = (
    # Before the dates' rules, which look for the part of the day.
    rule(r"(?<![\d:])(\d{1,2}):(\d{2})\s*([AaPp])\.?[Mm](?![A-Za-z])\.?", _half_of_day),
)

RULES = (
    rule(rf"(?<=比分)([为是]?){_RATIO}(?![\d:])", lambda match: match[1] + _said_ratio(match[2], match[3])),
    rule(rf"(?<=以){_RATIO}(?=的|[获险大完]|战?胜|击败|领先|不敌|负)", _ratio),
    rule(rf"(?<=:\d\d){_DASH}(?={_PART_OF_DAY})", lambda _: "到"),
    rule(rf"(?<=比例)([为是约]?){_RATIO}(?![\d:])", lambda match: match[1] + _said_ratio(match[2], match[3])),
    rule(rf"(?<![\d:]){_RATIO}(?=的?(?:比例|稀释|配比|兑))", _ratio),
    rule(rf"{_ALONE}{_CLOCK}{RANGE}{_CLOCK}(?![\d:])", _range),
    rule(rf"{_ALONE}{_CLOCK}(?![\d:])(?:分(?![钟之]))?", _single),
    rule(rf"{_ALONE}{_RATIO}(?![\d:])", _ratio),
    rule(rf"(?<=[日点分时秒午晚]){_DASH}(?=[一二三四五六七八九十两零]+[点时年月])", lambda _: "到"),
    rule(rf"(?<![\d.])([012]?\d){RANGE}([012]?\d)(点|时(?![间期代候段]))", _hours),
    rule(r"(?<![\d.])([012]?\d)(点|时)([0-5]?\d)分(?!钟)", _hour_minute),
    rule(r"(?<![\d.])([012]?\d)(点(?!位)|时(?![间期代候段]))", _hour),
    rule(r"(?<!\d)(\d)\s*[×xX*]\s*(24)(?!\d)", _round_the_clock),
)
