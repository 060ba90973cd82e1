"""The rules a programme keeps to, whoever made it: read from the file, sent by a form, or put together by code."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from zoneinfo import ZoneInfo

from programme.checking_calendar import calendar_faults
from programme.faults import Fault, Path
from programme.festivals import Festival
from programme.meeting import meetings
from programme.model import (
    Broadcast,
    Dates,
    DayException,
    EveryMonth,
    EverySecondWeek,
    Festivals,
    Message,
    Programme,
    Weekday,
    Weekdays,
    Which,
)
from programme.quoting import quoted, unknown
from programme.unseen import UNSEEN, code_of
from programme.zones import missing_faults, zone_faults

LONGEST_TEXT = 4000  # characters; about a quarter of an hour of speech, and edge-tts takes it in parts
LONGEST_LINE = 80  # characters of a title, a reason, a name
MOST_MESSAGES = 200
MOST_BROADCASTS = 48  # every half hour
MOST_SAID = 20  # messages in one broadcast
MOST_DATES = 366
MOST_EXCEPTIONS = 100
MOST_HOTLINES = 20
REPEAT = (1, 10)
GAP_SECONDS = (0, 60)
PAUSE_SECONDS = (0, 30)
GRACE_MINUTES = (0, 120)
VOLUME_PERCENT = (0, 100)

_ID = re.compile(r"[a-z0-9-]{1,40}")
_HOTLINE = re.compile(r"[0-9](?:-?[0-9]){2,15}")

Lengths = Callable[[Message], float]


def faults_in(programme: Programme, seconds_of: Lengths | None = None) -> tuple[Fault, ...]:
    """Return everything that is wrong with ``programme``, in its order; nothing if it can be aired and saved.

    With ``seconds_of``, which tells how long a message takes to say, a broadcast that would still be sounding when
    the next one is due is a fault too; without it only two at the same minute are.
    """
    return tuple(_faults(programme, seconds_of))


def first_fault_in(programme: Programme) -> Fault | None:
    """Return the first thing that is wrong with ``programme``, or None; work on a hostile one ends there.

    Counts are judged before what they count, so that nobody can make all the rest be looked at.
    """
    return next(_faults(programme, None), None)


def _faults(programme: Programme, seconds_of: Lengths | None) -> Iterator[Fault]:
    yield from _line(("zone",), programme.zone, "小区名称", "zone")
    yield from _zone(programme.timezone)
    yield from _line(("voice",), programme.voice, "声音", "voice")
    yield from _within(("volume",), programme.volume_percent, VOLUME_PERCENT, "音量", "volume")
    yield from _within(("pause_seconds",), programme.pause_seconds, PAUSE_SECONDS, "停顿秒数", "pause_seconds")
    yield from _at_most(("messages",), len(programme.messages), MOST_MESSAGES)
    yield from _once("messages", [message.id for message in programme.messages])
    for message in programme.messages:
        yield from _message(message)
    yield from _at_most(("broadcasts",), len(programme.broadcasts), MOST_BROADCASTS)
    yield from _once("broadcasts", [broadcast.id for broadcast in programme.broadcasts])
    known = frozenset(message.id for message in programme.messages)
    for broadcast in programme.broadcasts:
        yield from _broadcast(broadcast, known)
    yield from _hotlines(programme.hotlines)
    yield from _at_most(("exceptions",), len(programme.exceptions), MOST_EXCEPTIONS)
    airable = frozenset(broadcast.id for broadcast in programme.broadcasts)
    for index, exception in enumerate(programme.exceptions):
        yield from _exception(("exceptions", index), exception, airable)
    yield from missing_faults(programme)
    yield from calendar_faults(programme.calendar)
    if len(programme.broadcasts) <= MOST_BROADCASTS:
        yield from meetings(programme, seconds_of)


def _message(message: Message) -> Iterator[Fault]:
    path: Path = ("messages", message.id)
    yield from _id(path, message.id)
    yield from _line((*path, "title"), message.title, "标题", "title")
    if message.text.strip() or message.recording is None:
        yield from _text((*path, "text"), message.text)
    optional = {
        "voice": (message.voice, "声音"),
        "recording": (message.recording, "录音"),
        "source": (message.source, "来源"),
        "author": (message.author, "作者"),
    }
    for key, (value, zh) in optional.items():
        if value is not None:
            yield from _line((*path, key), value, zh, key)
    yield from zone_faults(path, message.zones)
    first, last = message.valid_from, message.valid_until
    if first and last and first > last:
        zh = f"有效期的开始 {first} 晚于结束 {last}，请改其中一个"
        yield Fault(None, zh, f"valid_from {first} is after valid_until {last}; change one", (*path, "valid_until"))


def _broadcast(broadcast: Broadcast, known: frozenset[str]) -> Iterator[Fault]:
    path: Path = ("broadcasts", broadcast.id)
    yield from _id(path, broadcast.id)
    at = broadcast.at
    if at.second or at.microsecond or at.tzinfo:
        yield Fault(None, "时间只能精确到分钟，如 07:30", "a time is hours and minutes, as 07:30", (*path, "at"))
    yield from _days((*path, "days"), broadcast)
    said = (*path, "messages")
    if not broadcast.messages:
        yield Fault(None, "没有稿件，请至少写一篇", "it says nothing; name at least one message", said)
    yield from _at_most(said, len(broadcast.messages), MOST_SAID)
    for index, name in enumerate(broadcast.messages):
        if name not in known:
            yield unknown((*said, index), name, sorted(known), "稿件", "message")
    yield from _within((*path, "repeat"), broadcast.repeat, REPEAT, "遍数", "repeat")
    yield from _within((*path, "gap_seconds"), broadcast.gap_seconds, GAP_SECONDS, "间隔秒数", "gap_seconds")
    yield from _within((*path, "grace_minutes"), broadcast.grace_minutes, GRACE_MINUTES, "补播分钟数", "grace_minutes")
    if broadcast.volume_percent is not None:
        yield from _within((*path, "volume"), broadcast.volume_percent, VOLUME_PERCENT, "音量", "volume")
    yield from zone_faults(path, broadcast.zones)


def _days(path: Path, broadcast: Broadcast) -> Iterator[Fault]:
    match broadcast.days:
        case Weekdays(days=days) | EverySecondWeek(days=days):
            count, in_order = len(days), days == tuple(day for day in Weekday if day in days)
        case Dates(dates=dates):
            count, in_order = len(dates), dates == tuple(sorted(set(dates)))
        case Festivals(festivals=named):
            count, in_order = len(named), named == tuple(one for one in Festival if one in named)
        case EveryMonth(which=which, days=days):
            count = min(len(which), len(days))
            in_order = days == tuple(day for day in Weekday if day in days)
            in_order = in_order and which == tuple(one for one in Which if one in which)
        case _:
            return
    if not count:
        yield Fault(None, "没有写哪一天", "no day is named", path)
    if not in_order:
        yield Fault(None, "日子要按先后写，每个写一次", "name the days in their order, each once", path)
    yield from _at_most(path, count, MOST_DATES)


def _exception(path: Path, exception: DayException, airable: frozenset[str]) -> Iterator[Fault]:
    if exception.first > exception.last:
        zh = f"开始 {exception.first} 晚于结束 {exception.last}，请改其中一个"
        en = f"from {exception.first} is after to {exception.last}; change one"
        yield Fault(None, zh, en, (*path, "to"))
    yield from _line((*path, "reason"), exception.reason, "原因", "reason")
    yield from zone_faults(path, exception.zones)
    if exception.air == "none":
        return
    if not exception.air:
        yield Fault(None, "都不播请写 none", "to air nothing, write none", (*path, "air"))
    for index, name in enumerate(exception.air):
        if name not in airable:
            yield unknown((*path, "air", index), name, sorted(airable), "广播时段", "broadcast")
    for name, count in Counter(exception.air).items():
        if count > 1:
            yield Fault(None, f"{quoted(name)}写了两次", f"{quoted(name, 'en')} is here twice", (*path, "air"))
    yield from _at_most((*path, "air"), len(exception.air), MOST_BROADCASTS)


def _hotlines(hotlines: tuple[str, ...]) -> Iterator[Fault]:
    yield from _at_most(("hotlines",), len(hotlines), MOST_HOTLINES)
    for index, number in enumerate(hotlines):
        if not _HOTLINE.fullmatch(number):
            zh = f"{quoted(number)}不是电话号码，只能用数字和短横，如 12345"
            en = f"{quoted(number, 'en')} is not a telephone number: digits and hyphens, as 12345"
            yield Fault(None, zh, en, ("hotlines", index))
    for number, count in Counter(hotlines).items():
        if count > 1:
            yield Fault(None, f"{quoted(number)}写了两次", f"{quoted(number, 'en')} is here twice", ("hotlines",))


def _zone(name: str) -> Iterator[Fault]:
    try:
        known = len(name) <= LONGEST_LINE and bool(ZoneInfo(name))
    except (ValueError, OSError, LookupError):  # not a name at all, a folder among the zones, unknown
        known = False
    if not known:
        zh = f"没有时区{quoted(name)}，中国大陆写 Asia/Shanghai"
        yield Fault(None, zh, f"there is no time zone {quoted(name, 'en')}; try Asia/Shanghai", ("timezone",))


def _id(path: Path, name: str) -> Iterator[Fault]:
    if not _ID.fullmatch(name):
        zh = f"编号{quoted(name)}只能用小写英文字母、数字和短横，最多 40 个"
        en = f"the id {quoted(name, 'en')} may have only a-z, 0-9 and hyphens, 40 at most"
        yield Fault(None, zh, en, path)


def _once(kind: str, names: Sequence[str]) -> Iterator[Fault]:
    for name, count in Counter(names).items():
        if count > 1:
            zh = f"编号{quoted(name)}用了两次，请改一个"
            yield Fault(None, zh, f"the id {quoted(name, 'en')} is used twice; change one", (kind, name))


def _line(path: Path, text: str, zh: str, en: str) -> Iterator[Fault]:
    if not text.strip():
        yield Fault(None, f"{zh}是空的，请写上", f"{en} is empty; write something", path)
    elif len(text) > LONGEST_LINE:
        yield Fault(None, f"{zh}太长，最多 {LONGEST_LINE} 个字", f"{en} is over {LONGEST_LINE} characters", path)
    if "\n" in text:
        yield Fault(None, f"{zh}只能写一行", f"{en} must be one line", path)
    yield from _seen(path, text)


def _text(path: Path, text: str) -> Iterator[Fault]:
    if not text.strip():
        yield Fault(None, "稿件是空的，请写上要播的话", "the message is empty; write what to say", path)
    elif len(text) > LONGEST_TEXT:
        zh = f"稿件有 {len(text)} 个字，最多 {LONGEST_TEXT} 个，请删减或分成两篇"
        en = f"the message has {len(text)} characters of at most {LONGEST_TEXT}; shorten it or make two"
        yield Fault(None, zh, en, path)
    yield from _seen(path, text)


def _seen(path: Path, text: str) -> Iterator[Fault]:
    found = UNSEEN.search(text)
    if found:
        code = code_of(found.group())
        zh = f"有看不见的控制字符 {code}，请删掉重打"
        yield Fault(None, zh, f"there is an unseen control character {code}; retype it", path)


def _within(path: Path, number: int, bounds: tuple[int, int], zh: str, en: str) -> Iterator[Fault]:
    low, high = bounds
    if not low <= number <= high:
        yield Fault(None, f"{zh}要在 {low} 到 {high} 之间", f"{en} must be from {low} to {high}", path)


def _at_most(path: Path, count: int, most: int) -> Iterator[Fault]:
    if count > most:
        yield Fault(
            None, f"有 {count} 项，最多 {most} 项，请删减", f"there are {count}, at most {most} are allowed", path
        )
