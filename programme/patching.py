"""A changed value into an existing YAML text: only the lines of what changed are written anew.

Comments, blank lines, order and quoting of everything else stay to the letter. ruamel.yaml's own round trip keeps
comments too, but it indents anew, and a deleted entry takes with it the comment above the next one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from programme.form import Shape
from programme.nodes import Mapping, Node, Scalar, Sequence
from programme.rendering import Lines, entry, inline, value_lines

Fields = dict[str, Shape]

_HEADER = re.compile(r"[|>][-+0-9]*[ \t]*(#.*)?")


@dataclass(frozen=True)
class _Chunk:
    """An entry's part of the text. ``lead`` are the whole lines above it, ``body`` begins at its first mark."""

    lead: str
    body: str


def patched(text: str, root: Mapping, old: Fields, new: Fields) -> str:
    """Return ``text``, whose tree is ``root`` and whose meaning is ``old``, changed so that it means ``new``.

    The text ends with a line end.
    """
    if root.flow:
        return "".join(entry(key, value, 0) for key, value in new.items())
    return _Patch(text).document(root, old, new)


class _Patch:
    def __init__(self, text: str) -> None:
        self._text = text

    def document(self, root: Mapping, old: Fields, new: Fields) -> str:
        end = self._end_of_lines(self._end(root), root.span.column)
        return self._text[: root.span.start] + self._mapping(root, old, new) + self._text[end:]

    def _mapping(self, node: Mapping, old: Fields, new: Fields) -> str:
        """Return the text of a block mapping, from its first key to the end of its last entry's lines."""
        column = node.span.column
        chunks: dict[str, _Chunk] = {}
        spaced = ""
        position = node.span.start
        for key, value in node.entries:
            lead = self._text[position : self._line_start(key.span.start)] if chunks else ""
            spaced = "\n" if lead.startswith("\n") else spaced
            position = self._end_of_lines(self._end_of_entry(key, value), column)
            if key.text in new:
                body = self._entry(key, value, position, old, new)
            else:
                lead, body = _above_the_gap(lead), ""
            chunks[key.text] = _Chunk(lead, body)
        added = _added(node, old, new)
        order = _ordered(list(chunks), added, old, new)
        chunks |= {name: _Chunk(spaced, entry(name, new[name], column).lstrip(" ")) for name in added}
        return _joined([chunks[name] for name in order], column)

    def _sequence(self, node: Sequence, old: list[Shape], new: list[Shape]) -> str:
        """Return the text of a block sequence, from its first dash to the end of its last item's lines."""
        column = node.span.column
        kept: list[tuple[_Chunk, int, Node]] = []
        position = node.span.start
        for item in node.items:
            dash = self._dash(position) if kept else position
            lead = self._text[position : self._line_start(dash)] if kept else ""
            position = self._end_of_lines(self._end(item), column)
            kept.append((_Chunk(lead, self._text[dash:position]), dash, item))
        chunks: list[_Chunk] = []
        sources = _sources(old, new)
        for source, wanted in zip(sources, new, strict=True):
            if source is None:
                chunks.append(_Chunk("", f"- {inline(wanted)}\n"))
                continue
            chunk, dash, item = kept[source]
            end = dash + len(chunk.body)
            body = self._value(dash, item, item.span.start, end, old[source], wanted, column)
            chunks.append(_Chunk(chunk.lead, body))
        dropped = [chunk for index, (chunk, _, _) in enumerate(kept) if index not in sources]
        chunks += [_Chunk(_above_the_gap(chunk.lead), "") for chunk in dropped]
        return _joined(chunks, column)

    def _entry(self, key: Scalar, value: Node, end: int, old: Fields, new: Fields) -> str:
        name = key.text
        unquoted = name == "at" and isinstance(value, Scalar) and value.style is None
        start = self._start_of_value(key, value)
        was = old.get(name) if not unquoted else None
        return self._value(key.span.start, value, start, end, was, new[name], key.span.column, quote=name == "at")

    def _value(  # noqa: PLR0917 - the six say where the value stands and what it was and will be
        self,
        start: int,
        node: Node,
        value_start: int,
        end: int,
        old: Shape | None,
        new: Shape,
        column: int,
        *,
        quote: bool = False,
    ) -> str:
        """Return the text from ``start`` (its key or dash) to ``end``, with the value in it changed to ``new``."""
        if isinstance(node, Mapping) and node.entries and isinstance(old, dict) and isinstance(new, dict) and new:
            if not node.flow:
                inner = self._end_of_lines(self._end(node), node.span.column)
                return self._text[start:value_start] + self._mapping(node, old, new) + self._text[inner:end]
            return self._text[start:value_start] + self._flow(node, old, new) + self._text[node.span.end : end]
        if old == new:
            return self._text[start:end]
        if isinstance(node, Sequence) and not node.flow and isinstance(old, list) and isinstance(new, list) and new:
            inner = self._end_of_lines(self._end(node), node.span.column)
            return self._text[start:value_start] + self._sequence(node, old, new) + self._text[inner:end]
        quoted = quote or (isinstance(node, Scalar) and node.style in {"'", '"'})
        return self._replaced(start, node, value_start, end, value_lines(new, column, quote=quoted))

    def _replaced(self, start: int, node: Node, value_start: int, end: int, lines: Lines) -> str:
        """Return the text from ``start`` to ``end`` with other words for the value, its comment kept."""
        value_end = max(self._end(node), value_start)
        if isinstance(node, Scalar) and node.style in {"|", ">"}:
            header = _HEADER.match(self._text, value_start)
            comment = f"  {header[1]}" if header and header[1] else ""
            rest = self._text[self._end_of_line(value_end) : end]
        else:
            line_end = self._end_of_line(value_end)
            comment = self._text[value_end:line_end].rstrip()
            rest = self._text[line_end:end]
        before = self._text[start:value_start]
        before = before.rstrip() + (" " if lines.head else "") if before.endswith(":") or not lines.head else before
        return f"{before}{lines.head}{comment}\n{lines.following}{rest}"

    def _flow(self, node: Mapping, old: Fields, new: Fields) -> str:
        """Return the text of a mapping in brackets; changed values in place, else all of it written anew."""
        names = [key.text for key, _ in node.entries]
        added = _added(node, old, new)
        if added or any(name not in new for name in names):
            return inline({name: new[name] for name in _ordered(names, added, old, new) if name in new})
        text, position = "", node.span.start
        for key, value in node.entries:
            unquoted = key.text == "at" and isinstance(value, Scalar) and value.style is None
            if old.get(key.text) != new[key.text] or unquoted:
                text += self._text[position : value.span.start] + inline(new[key.text], quote=key.text == "at")
                position = value.span.end
        return text + self._text[position : node.span.end]

    def _start_of_value(self, key: Scalar, value: Node) -> int:
        """Return where the value begins; one that is not there, right behind its key's colon."""
        if value.span.start == value.span.end:
            return self._text.index(":", key.span.end) + 1
        return value.span.start

    def _end_of_entry(self, key: Scalar, value: Node) -> int:
        return (
            max(self._start_of_value(key, value), self._end(value))
            if value.span.start != value.span.end
            else (self._start_of_value(key, value))
        )

    def _end(self, node: Node) -> int:
        """Return where the node's own text ends, without the comments and blank lines behind it."""
        if isinstance(node, Mapping) and not node.flow and node.entries:
            return self._end_of_entry(*node.entries[-1])
        if isinstance(node, Sequence) and not node.flow and node.items:
            return self._end(node.items[-1])
        return node.span.end

    def _line_start(self, position: int) -> int:
        return self._text.rfind("\n", 0, position) + 1

    def _end_of_line(self, position: int) -> int:
        """Return the start of the line below; a block scalar ends there already."""
        if position and self._text[position - 1] == "\n":
            return position
        return self._text.index("\n", position) + 1

    def _end_of_lines(self, position: int, column: int) -> int:
        """Return the end of an entry in ``column`` that ends at ``position``: deeper comments below belong to it."""
        end = self._end_of_line(position)
        while True:
            line_end = self._text.find("\n", end) + 1
            line = self._text[end:line_end]
            if not line.lstrip(" ").startswith("#") or len(line) - len(line.lstrip(" ")) <= column:
                return end
            end = line_end

    def _dash(self, position: int) -> int:
        """Return where the next item's dash is, below comments and blank lines."""
        while self._text[position : self._text.index("\n", position)].lstrip(" ").startswith("#") or (
            not self._text[position : self._text.index("\n", position)].strip()
        ):
            position = self._text.index("\n", position) + 1
        return self._text.index("-", position)


def _added(node: Mapping, old: Fields, new: Fields) -> list[str]:
    """Return the names to be added: what the node does not say and what is not what its absence means."""
    return [name for name, value in new.items() if node.entry(name) is None and old.get(name) != value]


def _ordered(names: list[str], added: list[str], old: Fields, new: Fields) -> list[str]:
    """Return the node's ``names`` in their order, and those ``added`` behind what they follow in ``new``.

    Only where the order itself has changed, as of messages that were moved, is it that of ``new``.
    """
    places = {name: place for place, name in enumerate(new)}
    order = list(names)
    if [name for name in old if name in new] != [name for name in new if name in old]:
        order.sort(key=lambda name: places.get(name, len(places)))
    for name in added:
        before = [place for place, other in enumerate(order) if places.get(other, len(places)) < places[name]]
        order.insert(max(before, default=-1) + 1, name)
    return order


def _sources(old: list[Shape], new: list[Shape]) -> list[int | None]:
    """Return for each new item the old one that it was: itself if it is still there, else the one in its place."""
    sources: list[int | None] = [None] * len(new)
    matcher = SequenceMatcher(None, [repr(item) for item in old], [repr(item) for item in new], autojunk=False)
    for match in matcher.get_matching_blocks():
        for offset in range(match.size):
            sources[match.b + offset] = match.a + offset
    taken = set(sources)
    free = [place for place in range(len(old)) if place not in taken]
    for same in (True, False):
        for index, item in enumerate(new):
            if sources[index] is None:
                found = next((place for place in free if (old[place] == item if same else place == index)), None)
                if found is not None:
                    free.remove(found)
                    sources[index] = found
    return sources


def _above_the_gap(lead: str) -> str:
    """Return what stands above an entry and is not about it alone: the lines down to the last blank one."""
    return lead[: lead.rfind("\n\n") + 1]


def _joined(chunks: list[_Chunk], column: int) -> str:
    """Return the chunks one below the other; what stands before the first is there already."""
    text = ""
    indent = " " * column
    for chunk in chunks:
        lead = chunk.lead if text else chunk.lead.lstrip()
        text += lead + ((indent if text or lead else "") + chunk.body if chunk.body else "")
    return text
