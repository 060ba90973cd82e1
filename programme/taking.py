"""Taking typed values from nodes: each that can't be taken is a fault with its line, and the rest goes on."""

from __future__ import annotations

import re
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from datetime import date, time

from programme.faults import Fault, Path
from programme.nodes import Mapping, Node, Scalar, Sequence
from programme.quoting import quoted, unknown

_NUMBER = re.compile(r"[0-9]{1,9}")
_TIME = re.compile(r"([0-9]{1,2})[:：]([0-9]{2})")  # a phone's Chinese keyboard types the wide colon
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
YES_NO = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}

UNTAKEN_TEXT = "…"


@dataclass
class Taking:
    """What is collected while the tree is walked.

    ``lines`` tells where each path stands. ``spoiled`` are the paths whose value could not be taken and was
    replaced by some other value, so that judging that one makes no second fault.
    """

    faults: list[Fault] = field(default_factory=list)
    lines: dict[Path, int] = field(default_factory=dict)
    spoiled: set[Path] = field(default_factory=set)

    def wrong(self, path: Path, zh: str, en: str) -> None:
        """Record that the value at ``path`` can't be taken."""
        self.faults.append(Fault(self.line_of(path), zh, en, path))
        self.spoiled.add(path)

    def is_spoiled(self, path: Path) -> bool:
        """Tell whether the value at ``path``, or what holds it, could not be taken."""
        return any(path[:length] in self.spoiled for length in range(len(path) + 1))

    def line_of(self, path: Path) -> int | None:
        """Return the line of the value at ``path``, or of the nearest that holds it."""
        lengths = range(len(path), -1, -1)
        return next((self.lines[path[:length]] for length in lengths if path[:length] in self.lines), None)

    def entries(self, node: Node | None, path: Path) -> dict[str, Node]:
        """Return the mapping at ``path`` as its names and values; one that is empty or left out has none."""
        if node is None or (isinstance(node, Scalar) and node.empty):
            return {}
        if not isinstance(node, Mapping):
            self.wrong(path, "这里要写“名字: 内容”，每行一个，缩进两格", "names with a colon and a value belong here")
            return {}
        for key, _ in node.entries:
            self.lines[(*path, key.text)] = key.span.line
        return {key.text: value for key, value in node.entries}

    def fields(self, node: Node | None, path: Path, known: Map[str, bool]) -> dict[str, Node]:
        """Return the mapping at ``path``, whose keys are ``known``: name to whether it must be there.

        An optional one that is there but empty is left out.
        """
        found = self.entries(node, path)
        if self.is_spoiled(path):
            return {}
        for name in found:
            if name not in known:
                fault = unknown((*path, name), name, known, "项目", "key")
                self.wrong(fault.path, fault.zh, fault.en)
        for name, needed in known.items():
            if needed and name not in found:
                self.faults.append(Fault(self.line_of(path), f"缺少 {name}", f"{name} is missing", path))
                self.spoiled.add((*path, name))
        return {
            name: value
            for name, value in found.items()
            if name in known and (known[name] or not (isinstance(value, Scalar) and value.empty))
        }

    def items(self, node: Node | None, path: Path) -> tuple[Node, ...]:
        """Return the list at ``path``; one that is empty or left out has none."""
        if node is None or (isinstance(node, Scalar) and node.empty):
            return ()
        if not isinstance(node, Sequence):
            self.wrong(path, "这里要写列表，如 [a, b]", "a list belongs here, as [a, b]")
            return ()
        for index, item in enumerate(node.items):
            self.lines[(*path, index)] = item.span.line
        return node.items

    def text(self, node: Node | None, path: Path) -> str:
        """Return the text at ``path`` as it is written, whatever YAML would take it for."""
        if isinstance(node, Scalar):
            return "" if node.empty else node.text
        if node is not None:
            self.wrong(
                path,
                "这里要写文字；有冒号或括号的文字请加引号",
                "words belong here; quote words with colons or brackets",
            )
        return UNTAKEN_TEXT

    def optional_text(self, node: Node | None, path: Path) -> str | None:
        """Return the text at ``path``, or None where it was left out."""
        return None if node is None else self.text(node, path)

    def number(self, node: Node | None, path: Path, otherwise: int) -> int:
        """Return the whole number at ``path``; ``otherwise`` where it was left out."""
        if node is None:
            return otherwise
        if isinstance(node, Scalar) and _NUMBER.fullmatch(node.text):
            return int(node.text)
        self.wrong(path, f"这里要写数字，如 {otherwise}", f"a number belongs here, as {otherwise}")
        return otherwise

    def yes_or_no(self, node: Node | None, path: Path, otherwise: bool) -> bool:
        """Return the answer at ``path``; ``otherwise`` where it was left out."""
        if node is None:
            return otherwise
        if isinstance(node, Scalar) and node.text.lower() in YES_NO:
            return YES_NO[node.text.lower()]
        self.wrong(path, "这里写 true（要）或 false（不要）", "write true or false here")
        return otherwise

    def date(self, node: Node | None, path: Path) -> date | None:
        """Return the date at ``path``, or None where it was left out or is none."""
        if node is None:
            return None
        if isinstance(node, Scalar) and _DATE.fullmatch(node.text):
            try:
                return date.fromisoformat(node.text)
            except ValueError:
                self.wrong(path, f"日历上没有 {node.text} 这一天", f"the calendar has no {node.text}")
                return None
        self.wrong(path, "日期要写成 2026-02-17 这样", "a date is written as 2026-02-17")
        return None

    def time(self, node: Node | None, path: Path) -> time | None:
        """Return the time of day at ``path``, with or without quotes, or None where it is none."""
        if node is None:
            return None
        shown = node.text if isinstance(node, Scalar) else ""
        found = _TIME.fullmatch(shown)
        if found and int(found[1]) < 24 and int(found[2]) < 60:
            return time(int(found[1]), int(found[2]))
        zh, en = "时间要写成 07:30 这样，从 00:00 到 23:59", "a time is written as 07:30, from 00:00 to 23:59"
        if shown:
            zh, en = f"{quoted(shown)}不是时间；{zh}", f"{quoted(shown, 'en')} is no time; {en}"
        self.wrong(path, zh, en)
        return None
