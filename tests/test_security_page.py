"""The threat model names a test for each attack, and every test it names is there."""

from __future__ import annotations

import re

from tests.test_reliability import ROOT, found_in

PAGE = (ROOT / "docs/security.md").read_text(encoding="utf-8")
_ROW = re.compile(r"^\| (?!---|attack )(.+) \|$", re.MULTILINE)
_TEST = re.compile(r"`(tests/[a-z_/]+\.py)::(test_[a-z0-9_]+)`")


def test_every_attack_names_a_test_that_is_there() -> None:
    """What is promised against an attack is shown by making it."""
    rows = _ROW.findall(PAGE)
    assert len(rows) > 50
    for row in rows:
        [(path, name)] = _TEST.findall(row)
        assert name in found_in(path), f"{path}::{name}"


def test_every_attack_that_is_made_on_the_broker_is_in_it() -> None:
    """Whoever makes another attack tells what comes of it."""
    named = {name for _, name in _TEST.findall(PAGE)}
    files = ("tests/fleet/hub/test_attacks.py", "tests/fleet/hub/test_attacks_over_time.py")
    made = {name for file in files for name in found_in(file) if name.startswith("test_")}
    assert made <= named


def test_the_page_can_be_found() -> None:
    """From the README in both languages, and from the architecture."""
    for page in ("README.md", "README.zh-CN.md", "docs/architecture.md"):
        assert "security.md" in (ROOT / page).read_text(encoding="utf-8")
