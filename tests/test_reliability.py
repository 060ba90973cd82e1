"""The table of faults names a test for each row, and every test it names is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs/reliability.md").read_text(encoding="utf-8")
_ROW = re.compile(r"^\| (?!---|fault|who tries)(.+) \|$", re.MULTILINE)
_SLOW = ("slow", "MANY", "KINDS")  # what a decorator holds of a test that takes minutes, wholly or in part
_TEST = re.compile(r"`(tests/[a-z_/]+\.py)::(test_[a-z0-9_]+)`")


def found_in(path: str) -> dict[str, bool]:
    """Return the tests of a file, and whether each is one that takes minutes."""
    tree = ast.parse((ROOT / path).read_bytes())
    whole = "pytestmark = pytest.mark.slow" in ast.unparse(tree)
    return {
        node.name: whole or any(sign in ast.unparse(mark) for mark in node.decorator_list for sign in _SLOW)
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    }


def test_every_row_names_a_test_that_is_there() -> None:
    """A promise without a test is not in the table."""
    rows = _ROW.findall(PAGE)
    assert len(rows) > 25
    for row in rows:
        found = _TEST.findall(row)
        assert len(found) == 1, row
        path, name = found[0]
        assert name in found_in(path), f"{path}::{name}"


def test_what_takes_minutes_is_marked() -> None:
    """The sign in the table is the marker in the test."""
    for row in _ROW.findall(PAGE):
        [(path, name)] = _TEST.findall(row)
        assert ("†" in row) == found_in(path)[name], row


def test_every_fault_that_is_made_is_in_the_table() -> None:
    """Whoever makes another fault tells what it comes to."""
    named = set(_TEST.findall(PAGE))
    made = {
        (path.relative_to(ROOT).as_posix(), name)
        for folder in ("tests/faults", "tests/fleet/network")
        for path in (ROOT / folder).glob("test_*.py")
        for name in found_in(path.relative_to(ROOT).as_posix())
        if name.startswith("test_")
    }
    assert made <= named


def test_the_page_can_be_found() -> None:
    """From the README in both languages, and from the architecture."""
    for page in ("README.md", "README.zh-CN.md", "docs/architecture.md"):
        assert "reliability.md" in (ROOT / page).read_text(encoding="utf-8")
