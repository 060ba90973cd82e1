"""The telephone numbers in a message: found, held against those the community registered, and said twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from box.sentences import Sentence
from programme.model import Message
from programme.zones import said_in

_NATIONAL = (
    "110 119 120 122 114 10000 10001 10010 10015 10016 10086 10099 11183 11185 "
    "12301 12305 12306 12308 12309 12310 12313 12315 12317 12318 12319 12320 12321 12322 12323 12325 12326 12328 "
    "12329 12330 12331 12333 12335 12336 12337 12338 12339 12340 12345 12348 12349 12350 12351 12355 12356 12358 "
    "12360 12363 12365 12366 12367 12368 12369 12370 12371 12377 12378 12379 12380 12381 12385 12386 12388 12389 "
    "12390 12393 12395 12396 12398 95338 95508 95511 95518 95519 95522 95528 95533 95555 95558 95559 95561 95566 "
    "95568 95577 95580 95588 95595 95598 95599 96110"
)
NATIONAL = frozenset(_NATIONAL.split())
"""Short numbers that are the same in the whole country: offices, operators, banks. None of them is ever questioned."""

MOST_DIGITS_APART = 2
_CONTEXT = 16  # characters before a number that can tell what it is
SHORT = 4  # digits; numbers so short are alike by nature, so only one digit may be wrong in them


@dataclass(frozen=True)
class Suspicion:
    """A number of a message, as it is written there, and the registered one that was perhaps meant."""

    number: str
    registered: str


def doubt_sentence(doubt: Suspicion) -> Sentence:
    """Return the doubt in words."""
    return Sentence(
        f"号码 {doubt.number} 和登记的 {doubt.registered} 只差一两位，请核对",
        f"the number {doubt.number} differs by a digit or two from {doubt.registered}, which is registered: check it",
    )


_NARROW = str.maketrans("０１２３４５６７８９（）－—–＋", "0123456789()---+")
_DASH = r"[- ]*"
_SHAPED = (
    rf"(?:\+?86{_DASH})?1[3-9]\d[- ]?\d{{4}}[- ]?\d{{4}}(?!\d)"
    rf"|(?:\(0\d{{2,3}}\)|0\d{{2,3}}){_DASH}\d{{3,4}}[- ]?\d{{4}}(?!\d)"
    r"|[48]00(?:[- ]?\d{3}[- ]?\d{4}|[- ]\d{4}[- ]\d{3})(?!\d)"
)
_CANDIDATE = re.compile(
    rf"(?<![\dA-Za-z.·-])(?:(?P<shaped>{_SHAPED})|(?P<parted>[2-9]\d{{2,3}}[- ]\d{{4}}(?!\d))|(?P<bare>\d{{3,12}}))"
    r"(?:\s*转\s*\d{1,6})?(?!\d|[.:/-]\d|[A-Za-z@])"
)
_CALLED = re.compile(
    r"(?:电话|热线|手机|专线|座机|传真|内线|拨打|致电|拨|请打|打|咨询|求助|报警|急救|火警)(?:号码?|为|是|[::：(\s])*$"
)
_LISTED = re.compile(r"\d[、，,/或和]$")
_NO_TELEPHONE = re.compile(
    r"(?:密码|验证码|账号|帐号|卡号|群号?|编号|工号|邮编|邮政编码|证号|单号|微信号?|QQ|第|尾号|No\.?|日期)[:：为是\s]*$"
)
_AMOUNT = re.compile(
    r"\s*(?:[余多个位名人户次天年月日号楼栋室层周岁元块角分米里斤克吨升度种类件条张只支枝辆台部间所家份批轮场遍倍平亩万亿千级届]|小时|公里|[%‰℃])"
)
_SHORT_NUMBER = re.compile(r"1[12]0|119|122|114|12[1-9]\d\d|9[56]\d{3}|100(?:1[056]|86|99)|1118[35]")
_HOTLINE_FOLLOWS = re.compile(r"\s*(?:服务|政务|举报|报警|咨询|反诈)?(?:热线|专线|电话)")


def suspicious(text: str, hotlines: Iterable[str]) -> tuple[Suspicion, ...]:
    """Return the numbers that differ by a digit or two from one of ``hotlines``: changed, swapped, missing or too many.

    Numbers that are registered, and the national ones, are never among them. An area code that only one of the two
    has does not count.
    """
    registered = {hotline: _digits(hotline) for hotline in hotlines}
    found: list[Suspicion] = []
    for number in dict.fromkeys(text[start:end] for start, end in _telephones(text, any_digits=True)):
        written = _digits(number)
        if written in NATIONAL or any(_apart(written, digits) == 0 for digits in registered.values()):
            continue
        near = [(_apart(written, digits), hotline) for hotline, digits in registered.items()]
        near = [(apart, hotline) for apart, hotline in near if apart <= _allowed(written, registered[hotline])]
        if near:
            found.append(Suspicion(number, min(near, key=lambda pair: pair[0])[1]))
    return tuple(found)


def text_said(message: Message, zone: str) -> str:
    """Return the words of ``message`` as they are said in ``zone``, its telephone numbers twice where it asks for that.

    A recording says what it says; its text stays as it is written but for the zone's name.
    """
    twice = message.say_numbers_twice and not message.recording
    return said_in(say_numbers_twice(message.text) if twice else message.text, zone)


def say_numbers_twice(text: str) -> str:
    """Return ``text`` with every telephone number in it written twice: 请拨打12345，12345.

    It works on what is written, where numbers are still numbers; one that is there twice already stays so.
    """
    parts: list[str] = []
    done = 0
    for start, end in _telephones(text):
        number = text[start:end]
        parts.append(text[done:end])
        done = end
        again = re.compile(rf"\s*[，,、]?\s*{re.escape(number)}(?!\d)")
        before = text[:start].rstrip("，,、 ").endswith(number)
        if not again.match(text, end) and not before:
            parts.append(f"，{number}")
    return "".join((*parts, text[done:]))


def _telephones(text: str, *, any_digits: bool = False) -> Iterator[tuple[int, int]]:
    """Yield where telephone numbers are; with ``any_digits`` also digits that may be one with a mistake in it."""
    narrow = text.translate(_NARROW)
    for match in _CANDIDATE.finditer(narrow):
        before, after = narrow[max(0, match.start() - _CONTEXT) : match.start()], narrow[match.end() :]
        if _NO_TELEPHONE.search(before) or _AMOUNT.match(after):
            continue
        bare = match["bare"] or ""
        if (
            match["shaped"]
            or (match["parted"] and _CALLED.search(before))  # else it may be from one amount to another
            or (bare and _is_telephone(bare, before, after))
            or (any_digits and len(bare) > SHORT)
        ):
            yield match.span()


def _is_telephone(digits: str, before: str, after: str) -> bool:
    """Tell whether bare digits are a telephone number by their shape or by the words around them."""
    if _SHORT_NUMBER.fullmatch(digits):
        return True
    local = len(digits) in {7, 8} and digits[0] in "23456789" and not re.match(r"20[0-3]\d[01]\d[0-3]\d", digits)
    return bool(
        local
        or _CALLED.search(before)
        or _HOTLINE_FOLLOWS.match(after)
        or (_LISTED.search(before) and len(digits) > SHORT)
    )


def _digits(number: str) -> str:
    """Return the digits of a number without its extension and the country's code."""
    digits = re.sub(r"\D", "", number.translate(_NARROW).partition("转")[0])
    return digits[2:] if digits.startswith("86") and len(digits) > 11 else digits


def _local(digits: str) -> str:
    """Return a landline's digits without the area code."""
    if not digits.startswith("0") or len(digits) < 10:
        return digits
    return digits[3:] if digits[1] in "12" else digits[4:]


def _allowed(written: str, registered: str) -> int:
    return 1 if min(len(written), len(registered)) <= SHORT else MOST_DIGITS_APART


def _apart(one: str, other: str) -> int:
    """Return how many digits two numbers differ by; two neighbours that changed places count as one."""
    if one.startswith("0") != other.startswith("0"):
        one, other = _local(one), _local(other)
    if abs(len(one) - len(other)) > MOST_DIGITS_APART:
        return MOST_DIGITS_APART + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, digit in enumerate(one, 1):
        above, row = row, [i, *([0] * len(other))]
        for j, facing in enumerate(other, 1):
            row[j] = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (digit != facing))
            if i > 1 and j > 1 and digit == other[j - 2] and one[i - 2] == facing:
                row[j] = min(row[j], before[j - 2] + 1)
        before = above
    return row[-1]
