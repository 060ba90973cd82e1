"""With a seed the examples of a rule are the same, whatever else has been changed in the program, or read before."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from box.folders import share

SHOWS_EXAMPLES = """
import sys
from hypothesis import given, seed, settings, strategies as st
from tests.same_examples import by_the_seed_alone
by_the_seed_alone()
sys.path.insert(0, sys.argv[1])
import program
seen = []

@seed(0)
@settings(max_examples=300, database=None)
@given(st.integers(0, 10**9), st.text(max_size=8))
def rule(number, words):
    seen.append((number, words))

rule()
print(ascii(seen))
"""


def examples_beside(folder: Path, content: str) -> str:
    """Return the examples that are met where the program has a module of that content."""
    folder.mkdir()
    (folder / "program.py").write_text(content, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", SHOWS_EXAMPLES, str(folder)],
        cwd=share(),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout


def test_another_program_meets_the_same_examples(tmp_path: Path) -> None:
    """Its own numbers and words are not drawn."""
    numbers = ", ".join(str(713_000 + number) for number in range(200))
    first = examples_beside(tmp_path / "before", "")
    assert first.count("(") >= 300
    assert examples_beside(tmp_path / "after", f"NUMBERS = [{numbers}]\nWORD = '长城'\n") == first
