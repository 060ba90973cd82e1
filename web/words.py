"""How a state looks and what it is called: for each a word, an icon and a tone, never a colour alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from speaker.airing import Outcome, Reason
from speaker.words import reason_sentence, state_sentence
from tts.voices import VOICES


@dataclass(frozen=True)
class Look:
    """A state for the eye: its word, its icon in ``icons.html``, its tone in the style sheet."""

    word: str
    icon: str
    tone: str


def _look(state: str, icon: str, tone: str) -> Look:
    return Look(state_sentence(state).zh, icon, tone)


LOOKS = {
    "later": _look("later", "clock", "quiet"),
    "next": _look("next", "clock", "next"),
    "sounding": _look("sounding", "sound", "now"),
    "aired": _look("aired", "tick", "good"),
    "cut": _look("cut", "cut", "poor"),
    "pre-empted": _look("pre-empted", "cut", "poor"),
    "missed": _look("missed", "cross", "bad"),
    "refused": _look("refused", "cross", "poor"),
    "not-owed": _look("not-owed", "clock", "quiet"),
    "unknown": Look("不清楚", "query", "quiet"),  # while the speaker is away and the copy of its log has no row
}

ORIGINS = {
    "schedule": "定时",
    "panel": "手机播放",
    "command": "命令播放",
    "button": "按键播放",
    "first-airing": "第一次试播",
}

WEEKDAYS = "一二三四五六日"


def why(reason: Reason) -> str:
    """Return why a broadcast was not aired whole, as a sentence; empty where it was."""
    words = reason_sentence(reason).zh
    return f"{words}。" if words else ""


def look_of(outcome: Outcome | None) -> Look:
    """Return how an airing with that outcome looks; None is one that sounds now."""
    return LOOKS["sounding" if outcome is None else outcome.value]


def voice_name(voice: str) -> str:
    """Return what a person calls the voice."""
    return next((known.title for known in VOICES if known.name == voice), voice)


def part_of_day(at: time) -> str:
    """Return the word for the time of day: 早上, 中午 …."""
    bounds = ((5, "夜里"), (9, "早上"), (11, "上午"), (13, "中午"), (17, "下午"), (19, "傍晚"), (24, "晚上"))
    return next(word for before, word in bounds if at.hour < before)


def day_name(day: date) -> str:
    """Return the day as 11月23日 星期一."""
    return f"{day.month}月{day.day}日 星期{WEEKDAYS[day.weekday()]}"


def about(seconds: float) -> str:
    """Return a length as 约 N 秒 or 约 M 分 S 秒."""
    whole = max(1, round(seconds))
    minutes, rest = divmod(whole, 60)
    if not minutes:
        return f"约 {whole} 秒"
    return f"约 {minutes} 分 {rest} 秒" if rest else f"约 {minutes} 分"


def until(seconds: float) -> str:
    """Return how long there is to wait, in the words of a clock on the wall."""
    minutes = max(0, int(seconds)) // 60
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"还有 {hours} 小时 {minutes} 分" if minutes else f"还有 {hours} 小时"
    return f"还有 {minutes} 分钟" if minutes else "马上就播"
