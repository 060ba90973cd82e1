"""The chain of the as-run log: each finished row carries a hash over its content and the hash before it. Pure.

A row that is changed, taken out, put in or moved afterwards no longer fits what follows it. Whoever can write the
whole log can chain it anew from there on; what shows that is a copy of the hashes that lies elsewhere, in the panel's
room.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import msgspec

from box.sentences import XiaolabaError
from speaker.heard import Hearing
from speaker.record import Airing, Said

_NOTHING: Mapping[int, str] = {}


class RowDoesNotFit(XiaolabaError):
    """A row is not as it was when it was finished, or is missing, or was added; the sentence names it."""


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain: the last link and its hash.

    Links count from 1. Those of rows that were there before a log had a chain end at 0: they are as they were then.
    """

    link: int
    hash: str


def beginning(log: str) -> Head:
    """Return what the first row of a log follows; ``log`` is the log's identity."""
    return Head(0, hashlib.sha256(f"xiaolaba as-run log {log}".encode()).hexdigest())


def sealed(row: Airing, before: Head) -> Airing:
    """Return ``row``, which is finished, with its place in the chain after ``before``."""
    placed = msgspec.structs.replace(row, link=before.link + 1, hash="")
    return msgspec.structs.replace(placed, hash=_hash_of(placed, before.hash))


def follow(
    rows: Iterable[Airing], log: str, known: Mapping[int, str] = _NOTHING, *, from_the_first: bool = True
) -> Head:
    """Return the head of ``rows``, which come in the order of their finishing.

    ``known`` are hashes that were kept elsewhere, by their links. Rows that have not ended are passed over, and one
    that waits for the microphone's verdict; so are all of a log that has no chain yet. Without ``from_the_first`` the
    first row is taken for what it says it is.

    Raises RowDoesNotFit at the first row that does not fit.
    """
    head, first, unchained = beginning(log), True, None
    waits = 1
    for row in rows:
        if row.link is None and waits and row.heard is not None and row.heard.verdict == "pending":
            waits -= 1  # the log has never more than one
            continue
        if row.link is None:
            unchained = unchained or (row if row.outcome is not None else None)
            continue
        if unchained is not None:
            raise _added(unchained)
        if first:
            head = _before_first(row, head, from_the_first=from_the_first)
        else:
            _hold_to_its_place(row, head)
        if (not first or from_the_first) and row.hash != _hash_of(row, head.hash):
            raise _changed(row)
        if known.get(row.link, row.hash) != row.hash:
            raise _other(row)
        head, first = Head(row.link, row.hash), False
    if unchained is not None and (known or not first):
        raise _added(unchained)
    if known and max(known) > head.link:
        raise _cut(head, max(known) - head.link)
    return head


def _hash_of(row: Airing, before: str) -> str:
    content = msgspec.to_builtins(row)
    _leave_out_unset(content, Airing)
    for said in content["said"]:
        _leave_out_unset(said, Said)
    if row.heard is not None:
        _leave_out_unset(content["heard"], Hearing)
    content.pop("hash", None)
    content = _of_later(content.pop("beyond", "")) | content
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{before}\n{text}".encode()).hexdigest()


def _of_later(beyond: str) -> dict[str, object]:
    """Return what a later version wrote of a row; what is no such thing is there too, and fits no hash."""
    try:
        told = json.loads(beyond or "{}")
    except ValueError:
        told = None
    return told if isinstance(told, dict) else {"beyond": beyond}


def _leave_out_unset(content: dict[str, object], kind: type[msgspec.Struct]) -> None:
    """Take out what is at its default, so that a row's hash stays when later versions know more of a row."""
    for one in msgspec.structs.fields(kind):
        if not one.required and content[one.encode_name] == one.default:
            del content[one.encode_name]


def _before_first(row: Airing, start: Head, *, from_the_first: bool) -> Head:
    link = row.link or 0
    if from_the_first and link > 1:
        raise _missing(row, link - 1)
    return Head(link - 1, start.hash)


def _hold_to_its_place(row: Airing, head: Head) -> None:
    ahead = (row.link or 0) - head.link - 1
    if ahead > 0:
        raise _missing(row, ahead)
    if ahead < 0:
        raise RowDoesNotFit(
            f"编号 {row.id} 的记录（{row.day}）不在原来的位置上",
            f"row {row.id} (of {row.day}) is not in its place",
        )


def _changed(row: Airing) -> RowDoesNotFit:
    return RowDoesNotFit(
        f"编号 {row.id} 的记录（{row.day}）对不上：它播完以后被改过，或者它前面的被动过",
        f"row {row.id} (of {row.day}) does not fit: it was changed after it was finished, or what is before it was",
    )


def _missing(row: Airing, count: int) -> RowDoesNotFit:
    return RowDoesNotFit(
        f"编号 {row.id} 的记录（{row.day}）前面少了 {count} 条",
        f"before row {row.id} (of {row.day}), {count} rows are missing",
    )


def _added(row: Airing) -> RowDoesNotFit:
    return RowDoesNotFit(
        f"编号 {row.id} 的记录（{row.day}）没有校验码，是另外加进去的",
        f"row {row.id} (of {row.day}) has no hash: it was added by somebody else",
    )


def _other(row: Airing) -> RowDoesNotFit:
    return RowDoesNotFit(
        f"编号 {row.id} 的记录（{row.day}）和面板先前抄下的校验码不一样，从这一条起被重新写过",
        f"row {row.id} (of {row.day}) is not the one whose hash the panel kept: the log was written anew from there on",
    )


def _cut(head: Head, count: int) -> RowDoesNotFit:
    return RowDoesNotFit(
        f"记录到第 {head.link} 条为止，后面少了 {count} 条，面板留有它们的校验码",
        f"the log ends at link {head.link}: after it {count} rows are missing, whose hashes the panel kept",
    )
