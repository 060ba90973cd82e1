"""The State Council's notice of a year's holidays, as it is printed, becomes a year of the calendar.

It is checked by what the notice itself says twice: the weekday of each date, and how many days a holiday has; then by
the rules of ``checking_calendar``. What can't be understood is told, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from box.sentences import Sentence, XiaolabaError
from programme.checking_calendar import year_faults
from programme.festivals import TITLES, Festival, festival_named
from programme.model import CivilYear, Holiday
from programme.quoting import shortened

LONGEST_NOTICE = 8000  # characters; the longest so far had about 1,000
MOST_FAULTS = 10
_NEEDED = (
    Festival.NEW_YEARS_DAY,
    Festival.SPRING,
    Festival.TOMB_SWEEPING,
    Festival.LABOUR,
    Festival.DRAGON_BOAT,
    Festival.MID_AUTUMN,
    Festival.NATIONAL,
)
_WEEKDAYS = "一二三四五六日"
_NAME = r"(?:元旦|春节|清明节?|劳动节|五一|端午节?|中秋节?|国庆节?|[\u4e00-\u9fff]{2,10}纪念日)"
_ITEM = re.compile(rf"({_NAME}(?:[、和,，]{_NAME})*)[:：]")
_YEAR_OF_TITLE = re.compile(r"(2[01][0-9]{2})年(?=[^0-9]{0,8}(?:节假日|放假|元旦|假期))")
_YEAR = re.compile(r"(2[01][0-9]{2})年")
_ISO = re.compile(r"([12][0-9]{3})-([0-9]{1,2})-([0-9]{1,2})")
_DATE = r"(?:([12][0-9]{3})年)?(?:([0-9]{1,2})月)?([0-9]{1,2})日"
_BESIDE = r"(?:[（(][^（()）]{0,30}[)）])?"
_TOKEN = re.compile(rf"{_DATE}({_BESIDE})|([至到—~～-]+)|(放假|补休)|(上班|补班)|共([0-9]{{1,2}})天")
_WEEKDAY = re.compile(rf"(?:周|星期|礼拜)([{_WEEKDAYS}天])")
_WIDE = str.maketrans("０１２３４５６７８９", "0123456789", " \t\u3000\r")


class NoticeUnclear(XiaolabaError):
    """A notice that can't be taken as it is; ``faults`` say what about it."""

    def __init__(self, faults: Iterable[Sentence]) -> None:
        self.faults = tuple(faults)[:MOST_FAULTS]
        super().__init__("；".join(fault.zh for fault in self.faults), "; ".join(fault.en for fault in self.faults))


def decoded(content: bytes) -> str:
    """Return the text of a file: UTF-8, or what Notepad writes in China. Raises NoticeUnclear where it is no text."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise NoticeUnclear(
        [Sentence("这不是文字文件，请把通知的文字贴进来", "this is no text file; paste the notice's words")]
    )


def read_notice(text: str) -> CivilYear:
    """Return the year that the notice arranges. Raises NoticeUnclear with everything that is wrong or missing."""
    if len(text) > LONGEST_NOTICE:
        zh = f"超过 {LONGEST_NOTICE} 个字，请只放通知里讲放假的部分"
        raise NoticeUnclear([Sentence(zh, f"over {LONGEST_NOTICE} characters; put in only what is about the days")])
    plain = _ISO.sub(r"\1年\2月\3日", text).translate(_WIDE)
    year = _year_of(plain)
    if year is None:
        raise NoticeUnclear(
            [Sentence("没有找到是哪一年，请连“2027年”一起放进来", "no year is named; put in 2027年 too")]
        )
    reading = _Reading(year)
    items = list(_ITEM.finditer(plain))
    ends = [*(item.start() for item in items[1:]), len(plain)]
    for item, end in zip(items, ends, strict=False):  # one end too many where there are no items
        reading.read(item[1], plain[item.end() : end])
    faults = reading.faults or [*_missing(reading.holidays)]
    arranged = CivilYear(
        year=year,
        holidays=tuple(sorted(reading.holidays, key=lambda one: one.first)),
        workdays=tuple(sorted(set(reading.workdays))),
    )
    faults = faults or [fault.sentence for fault in year_faults(arranged)]
    if faults:
        raise NoticeUnclear(faults)
    return arranged


def _year_of(plain: str) -> int | None:
    found = _YEAR_OF_TITLE.search(plain) or _YEAR.search(plain)
    return int(found[1]) if found else None


def _missing(holidays: Iterable[Holiday]) -> Iterator[Sentence]:
    named = {festival_named(name) for one in holidays for name in one.name.split("、")}
    for festival in _NEEDED:
        if festival not in named:
            zh, en = TITLES[festival]
            yield Sentence(f"没有找到{zh}的安排", f"nothing is said about {en}")


@dataclass
class _Span:
    first: date
    last: date


@dataclass
class _Reading:
    """What has been read; dates without a month or year take those of the one before."""

    year: int
    holidays: list[Holiday] = field(default_factory=list)
    workdays: list[date] = field(default_factory=list)
    faults: list[Sentence] = field(default_factory=list)
    _month: int = 1

    def read(self, name: str, body: str) -> None:
        """Take one item: the name of a holiday, and what follows until the next."""
        name = re.sub("[和,，]", "、", name)
        self._month = 12 if name.startswith("元旦") and "12月" in body else 1
        free: list[_Span] = []
        for place, clause in enumerate(re.split("[。；;\n]", body)):
            if place and not re.search("放假|补休|上班|补班", clause):
                continue  # what employers are encouraged to do, the office and the date of the notice
            free += self._clause(name, clause)
        if not free:
            self._wrong(f"没看懂{name}哪几天放假", f"which days of {name} are free can't be made out")
            return
        free.sort(key=lambda span: span.first)
        for before, after in pairwise(free):
            if after.first != before.last + timedelta(days=1):
                self._wrong(f"{name}放假的日子不连着，请核对", f"the days of {name} are not one after the other")
        self.holidays.append(Holiday(name=name, first=free[0].first, last=free[-1].last))

    def _clause(self, name: str, clause: str) -> list[_Span]:
        """Return the spans that a clause makes free, and note those days that it has worked."""
        waiting: list[_Span] = []
        free: list[_Span] = []
        joins = False
        for token in _TOKEN.finditer(clause):
            if token[3]:
                day = self._date(token)
                if day is None:
                    return []
                if joins and waiting:
                    waiting[-1].last = day
                else:
                    waiting.append(_Span(day, day))
            elif token[6]:
                free += waiting
                waiting = []
            elif token[7]:
                self._worked(waiting)
                waiting = []
            elif token[8] and free:
                self._counted(name, free, int(token[8]))
            joins = bool(token[5])
        return free + waiting if "上班" not in clause else free

    def _date(self, token: re.Match[str]) -> date | None:
        self._month = int(token[2]) if token[2] else self._month
        before = self._month == 12 and not self.holidays and not token[1]  # New Year's, begun in December
        year = int(token[1]) if token[1] else self.year - before
        shown = shortened(token[0])
        try:
            day = date(year, self._month, int(token[3]))
        except ValueError:
            self._wrong(f"日历上没有“{shown}”这一天", f"the calendar has no “{shown}”")
            return None
        weekday = _WEEKDAY.search(token[4] or "")
        meant = weekday[1].replace("天", "日") if weekday else None
        if meant and _WEEKDAYS[day.weekday()] != meant:
            real = _WEEKDAYS[day.weekday()]
            self._wrong(
                f"{day.month}月{day.day}日是星期{real}，这里写的是星期{meant}，请核对",
                f"{day} is no day as “{shown}” says; check it",
            )
        return day

    def _worked(self, spans: list[_Span]) -> None:
        for span in spans:
            days = (span.last - span.first).days
            self.workdays += [span.first + timedelta(days=index) for index in range(min(days, 7) + 1)]

    def _counted(self, name: str, free: list[_Span], count: int) -> None:
        days = sum((span.last - span.first).days + 1 for span in free)
        if days != count:
            self._wrong(
                f"{name}：读出来是 {days} 天，通知里写共 {count} 天，请核对",
                f"{name}: {days} days were read, the notice says {count}; check it",
            )

    def _wrong(self, zh: str, en: str) -> None:
        self.faults.append(Sentence(zh, en))
