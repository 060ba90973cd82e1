"""Notices as communities write them, each with what must be said: the specification of the spoken form.

Every file holds one subject in pairs of lines: as it is written, as it is said. A line end in a notice is ⏎.
"""

from __future__ import annotations

from pathlib import Path


def _pairs(path: Path) -> list[tuple[str, str]]:
    """Return a file's notices. Raises ValueError where one has not two lines."""
    blocks = path.read_text(encoding="utf-8").strip().split("\n\n")
    pairs: list[tuple[str, str]] = []
    for block in blocks:
        written, said = block.split("\n")
        pairs.append((written.replace("⏎", "\n").replace("⇥", "\t"), said))
    return pairs


NOTICES = tuple(pair for path in sorted(Path(__file__).parent.glob("*.txt")) for pair in _pairs(path))
