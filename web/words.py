"""How a state looks and what it is called: for each a word, an icon and a tone, never a colour alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from babel.dates import format_date, format_skeleton
from flask_babel import gettext as _

from box.sentences import Sentence
from speaker.airing import Outcome, Reason
from speaker.heard import hearing_sentence, verdict_sentence
from speaker.record import Airing
from speaker.trust.states import Trust
from speaker.words import reason_sentence, state_sentence
from tts.voices import VOICES
from web.language import CHINESE, ENGLISH, as_sentence, language_now, tell


@dataclass(frozen=True)
class Look:
    """A state for the eye: its word, its icon in ``icons.html``, its tone in the style sheet."""

    sentence: Sentence
    icon: str
    tone: str

    @property
    def word(self) -> str:
        """Its word, in the reader's language."""
        word = tell(self.sentence)
        return word[:1].upper() + word[1:]


def _look(state: str, icon: str, tone: str) -> Look:
    return Look(state_sentence(state), icon, tone)


LOOKS = {
    "later": _look("later", "clock", "quiet"),
    "next": _look("next", "clock", "next"),
    "sounding": _look("sounding", "sound", "now"),
    "held": Look(Sentence("等着接播", "goes on soon"), "clock", "next"),
    "aired": _look("aired", "tick", "good"),
    "cut": _look("cut", "cut", "poor"),
    "pre-empted": _look("pre-empted", "cut", "poor"),
    "missed": _look("missed", "cross", "bad"),
    "refused": _look("refused", "cross", "poor"),
    "noted": _look("noted", "clock", "quiet"),
    "not-owed": Look(Sentence("今天不播", "not today"), "clock", "quiet"),
    "unknown": Look(
        Sentence("不清楚", "not known"), "query", "quiet"
    ),  # while the speaker is away and the copy of its log has no row
}

UNTIMED = Look(Sentence("等时间", "waits"), "clock", "quiet")

ORIGINS = {
    "schedule": Sentence("定时", "by the schedule"),
    "panel": Sentence("手机播放", "from the panel"),
    "command": Sentence("命令播放", "by the command"),
    "button": Sentence("按键播放", "by the button"),
    "first-airing": Sentence("第一次试播", "first airing"),
    "fleet": Sentence("社区统一", "from the community"),
    "contact": Sentence("外接开关", "by a contact"),
    "self-test": Sentence("每周自检", "the weekly self-test"),
}

CLOCKS = {
    Trust.SYNCHRONISED: Sentence("和网络核对着", "synchronised"),
    Trust.KEPT: Sentence("可信", "kept"),
    Trust.ASSUMED: Sentence("没有核对", "taken on trust"),
    Trust.UNTRUSTED: Sentence("不可信", "not trusted"),
}

KINDS = {
    "programme": Sentence("定时广播", "broadcast"),
    "page": Sentence("插播", "page"),
    "emergency": Sentence("应急广播", "emergency"),
}


def why(reason: Reason) -> str:
    """Return why a broadcast was not aired whole, as a sentence; empty where it was."""
    return as_sentence(reason_sentence(reason))


def begun(ahead: int) -> str:
    """Return what to say of a page that was asked for: it sounds, or so many are heard before it."""
    if ahead:
        return _("排上队了，前面还有 %(count)s 个，播完就播这个。", count=ahead)
    return _("开始播了。")


def look_of(outcome: Outcome | None) -> Look:
    """Return how an airing with that outcome looks; None is one that sounds now."""
    return LOOKS["sounding" if outcome is None else outcome.value]


def voice_name(voice: str) -> str:
    """Return what a person calls the voice."""
    return next((tell(known.named) for known in VOICES if known.name == voice), voice)


def part_of_day(at: time) -> str:
    """Return the word for the time of day: 早上, 中午 …."""
    bounds = (
        (5, _("夜里")),
        (9, _("早上")),
        (11, _("上午")),
        (13, _("中午")),
        (17, _("下午")),
        (19, _("傍晚")),
        (24, _("晚上")),
    )
    return next(word for before, word in bounds if at.hour < before)


def day_name(day: date) -> str:
    """Return the day as 11月23日 星期一, or Monday 23 November."""
    if language_now() == ENGLISH:
        return format_date(day, "EEEE d MMMM", locale=ENGLISH)
    return f"{format_skeleton('MMMd', day, locale=CHINESE)} {format_date(day, 'EEEE', locale=CHINESE)}"


def month_name(day: date) -> str:
    """Return the month of a day as 2026年11月, or November 2026."""
    return format_skeleton("yMMMM", day, locale=ENGLISH if language_now() == ENGLISH else CHINESE)


def about(seconds: float) -> str:
    """Return a length as 约 N 秒 or 约 M 分 S 秒."""
    whole = max(1, round(seconds))
    minutes, rest = divmod(whole, 60)
    if not minutes:
        return _("约 %(seconds)s 秒", seconds=whole)
    if not rest:
        return _("约 %(minutes)s 分", minutes=minutes)
    return _("约 %(minutes)s 分 %(seconds)s 秒", minutes=minutes, seconds=rest)


def until(seconds: float) -> str:
    """Return how long there is to wait, in the words of a clock on the wall."""
    minutes = max(0, int(seconds)) // 60
    hours, minutes = divmod(minutes, 60)
    if hours:
        if not minutes:
            return _("还有 %(hours)s 小时", hours=hours)
        return _("还有 %(hours)s 小时 %(minutes)s 分", hours=hours, minutes=minutes)
    return _("还有 %(minutes)s 分钟", minutes=minutes) if minutes else _("马上就播")


def heard_words(airing: Airing, *, with_figures: bool = True) -> str:
    """Return what the microphone says of an airing; empty where none is set."""
    if airing.heard is None:
        return ""
    if not with_figures:
        return tell(verdict_sentence(airing.heard))
    return _("话筒：%(what)s", what=tell(hearing_sentence(airing.heard)))
