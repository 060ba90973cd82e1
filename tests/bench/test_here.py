"""What a measurement says of the version and the machine."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from bench.here import commit_here, machine_here


def git(folder: Path, *words: str) -> str:
    """Run git in ``folder``, as nobody in particular; return what it says."""
    who = ("-c", "user.name=n", "-c", "user.email=n@example.org", "-c", "commit.gpgsign=false")
    return subprocess.run(
        ["git", "-C", str(folder), *who, *words], capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.mark.skipif(shutil.which("git") is None, reason="there is no git, and so no commit to name")
def test_the_commit_is_named_and_that_something_was_changed_since(tmp_path: Path):
    """Figures of files that were never committed can't be had again."""
    assert commit_here(tmp_path) == "no checkout"
    git(tmp_path, "init", "-q")
    (tmp_path / "a").write_text("1", encoding="ascii")
    git(tmp_path, "add", "a")
    git(tmp_path, "commit", "-qm", "a")
    commit = git(tmp_path, "rev-parse", "--short", "HEAD")
    assert commit_here(tmp_path) == commit
    (tmp_path / "a").write_text("2", encoding="ascii")
    assert commit_here(tmp_path) == f"{commit}-dirty"


def test_the_machine_is_told_by_its_cores():
    """Two cores of one model are not two of another."""
    assert " cores of " in machine_here()
