"""YAML text as a tree of nodes that know where they stand, under limits that keep hostile text cheap.

Nothing is constructed: a scalar is its text, so ``18:00`` can't turn into 1080, nor ``no`` into false. The limits
are kept while the parser's events arrive: 65,000 opening brackets took ruamel.yaml seven minutes without them, and
a third of a second with them (measured).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from programme.faults import Fault
from programme.quoting import shortened
from programme.unseen import UNSEEN, code_of

LARGEST_BYTES = 64 * 1024
DEEPEST = 8  # the programme's own form needs five
MOST_NODES = 6000  # 64 KiB of programme hold about 3,000

_BREAKS = re.compile("\r\n|\r")


@dataclass(frozen=True)
class Span:
    """Where a node stands in the text: offsets of its first character and after its last; line from 1."""

    start: int
    end: int
    line: int
    column: int


@dataclass(frozen=True)
class Scalar:
    """A single value as text. ``style`` is None for a plain one, else its first mark: ``"``, ``'``, ``|``, ``>``."""

    text: str
    style: str | None
    span: Span

    @property
    def empty(self) -> bool:
        """Whether it says nothing: ``key:`` with no value, ``~`` or ``null``."""
        return self.style is None and self.text in {"", "~", "null"}


@dataclass(frozen=True)
class Mapping:
    """Keys and their values in the file's order, each key once."""

    entries: tuple[tuple[Scalar, Node], ...]
    flow: bool
    span: Span

    def entry(self, key: str) -> tuple[Scalar, Node] | None:
        """Return the key and value named ``key``, or None."""
        return next((entry for entry in self.entries if entry[0].text == key), None)


@dataclass(frozen=True)
class Sequence:
    """Values in order."""

    items: tuple[Node, ...]
    flow: bool
    span: Span


Node = Scalar | Mapping | Sequence


class _Refused(Exception):
    """The text can't be read any further."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


def decode(content: bytes) -> tuple[str, list[Fault]]:
    """Return the text in ``content``, with line feeds for line ends, and the faults of its characters.

    A byte order mark is taken off. Characters that nobody can see are named and replaced by spaces, so that
    the rest can still be judged.
    """
    if len(content) > LARGEST_BYTES:
        kib = LARGEST_BYTES // 1024
        return "", [Fault(None, f"文件超过 {kib} KiB，请删减", f"the file is over {kib} KiB, please shorten it")]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        zh = "这里不是 UTF-8 文字，请用 UTF-8 编码另存文件"
        return "", [Fault(line, zh, "this is not UTF-8; save the file as UTF-8")]
    text = _BREAKS.sub("\n", text)
    faults = []
    for found in UNSEEN.finditer(text):
        name = code_of(found.group())
        zh = f"有看不见的控制字符 {name}，请删掉这一处重打"
        en = f"there is an unseen control character {name}; retype this place"
        faults.append(Fault(text.count("\n", 0, found.start()) + 1, zh, en))
        if len(faults) > 20:
            break
    return UNSEEN.sub(" ", text), faults


def parse(text: str) -> tuple[Node | None, list[Fault]]:
    """Return the tree of the only document in ``text`` (None if there is none to use) and every fault of its form."""
    faults: list[Fault] = []
    try:
        # typ="safe", pure: the Python scanner without the bookkeeping of comments; its events give every place.
        tree = _Tree(iter(YAML(typ="safe", pure=True).parse(text)), faults)
        return tree.document(), faults
    except _Refused as refused:
        faults.append(refused.fault)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = (error.problem or error.context or "").replace("\n", " ")[:120]
        zh = f"这里的写法读不懂，请检查缩进、冒号和引号（{problem}）"
        en = f"this can't be read; check indentation, colons and quotes ({problem})"
        faults.append(Fault(mark.line + 1 if mark else None, zh, en))
    except Exception as error:  # noqa: BLE001 - hostile text makes the parser raise ValueError, IndexError and others
        kind = type(error).__name__
        faults.append(Fault(None, f"文件的写法读不懂（{kind}）", f"the file can't be read ({kind})"))
    return None, faults


class _Tree:
    """Builds nodes from the parser's events and collects what the programme file does not allow."""

    def __init__(self, events: Iterator[Event], faults: list[Fault]) -> None:
        self._events = events
        self._faults = faults
        self._nodes = 0

    def document(self) -> Node | None:
        root: Node | None = None
        documents = 0
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                line = event.start_mark.line + 1
                if documents > 1:
                    raise _Refused(
                        Fault(line, "一个文件只能有一份节目单，请删掉多余的 ---", "only one document: remove ---")
                    )
                if event.version is not None or event.tags:
                    self._faults.append(Fault(line, "请删掉 % 开头的行", "remove the lines that start with %"))
                root = self._node(next(self._events), 1)
        return root

    def _node(self, event: Event, depth: int) -> Node:
        line = event.start_mark.line + 1
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise _Refused(Fault(line, "内容太多，请删减", "there is too much in the file, please shorten it"))
        if depth > DEEPEST:
            raise _Refused(
                Fault(line, "这里套得太深，请照样例的层次写", "this is nested too deep; keep to the example's form")
            )
        self._allowed(event, line)
        if isinstance(event, MappingStartEvent):
            return self._mapping(event, depth)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(event, depth)
        text = event.value if isinstance(event, ScalarEvent) else ""
        style = event.style if isinstance(event, ScalarEvent) else None
        return Scalar(text, style or None, _span(event, event))

    def _allowed(self, event: Event, line: int) -> None:
        if isinstance(event, AliasEvent):
            zh, en = "不能用 * 引用，请把内容写全", "references with * are not allowed; write it out"
        elif getattr(event, "anchor", None):
            zh, en = "不能用 & 做标记；文字请加引号", "marks with & are not allowed; put words in quotes"
        elif getattr(event, "tag", None):
            zh, en = "不能用 ! 标签；以 ! 开头的文字请加引号", "tags with ! are not allowed; put words in quotes"
        else:
            return
        self._faults.append(Fault(line, zh, en))

    def _mapping(self, start: Event, depth: int) -> Mapping:
        entries: dict[str, tuple[Scalar, Node]] = {}
        for event in self._events:
            if isinstance(event, MappingEndEvent):
                span = _span(start, event)
                return Mapping(tuple(entries.values()), bool(getattr(start, "flow_style", False)), span)
            key = self._node(event, depth + 1)
            value = self._node(next(self._events), depth + 1)
            if not isinstance(key, Scalar):
                self._faults.append(Fault(key.span.line, "冒号前只能是一个名字", "a name is needed before the colon"))
            elif key.text in entries:
                first = entries[key.text][0].span.line
                name = shortened(key.text)
                zh = f"“{name}”写了两次，第一次在第 {first} 行，请留一个"
                self._faults.append(
                    Fault(key.span.line, zh, f'"{name}" is here twice, first in line {first}; keep one')
                )
            else:
                entries[key.text] = (key, value)
        raise StopIteration

    def _sequence(self, start: Event, depth: int) -> Sequence:
        items: list[Node] = []
        for event in self._events:
            if isinstance(event, SequenceEndEvent):
                return Sequence(tuple(items), bool(getattr(start, "flow_style", False)), _span(start, event))
            items.append(self._node(event, depth + 1))
        raise StopIteration


def _span(first: Event, last: Event) -> Span:
    start = first.start_mark
    return Span(start.index, last.end_mark.index, start.line + 1, start.column)
