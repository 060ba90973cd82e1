"""What is allowed in a programme file and may yet be wrong: told by ``check``, and never a reason to refuse it."""

from __future__ import annotations

from programme.faults import Fault, Path
from programme.file import Edition
from programme.hotlines import doubt_sentence, suspicious
from programme.nodes import Mapping, Node, decode, parse


def doubts_in(edition: Edition) -> tuple[Fault, ...]:
    """Return every telephone number of a message that is nearly a registered one, with the line of the text."""
    root, _ = parse(decode(edition.content)[0])
    doubts: list[Fault] = []
    for message in edition.programme.messages:
        path = ("messages", message.id, "text")
        for doubt in suspicious(message.text, edition.programme.hotlines):
            zh, en = doubt_sentence(doubt)
            doubts.append(Fault(_line(root, path), f"《{message.title}》：{zh}", f"{message.title!r}: {en}", path))
    return tuple(doubts)


def _line(node: Node | None, path: Path) -> int | None:
    """Return the line of the key at ``path``."""
    line = None
    for key in path:
        entry = node.entry(str(key)) if isinstance(node, Mapping) else None
        if entry is None:
            return line
        line, node = entry[0].span.line, entry[1]
    return line
