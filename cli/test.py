"""``test``: the test suite, with its coverage."""

from __future__ import annotations

import argparse
import os
import sys

from box.folders import Folders, checkout
from box.sentences import Sentence
from cli.wrong import InputWrong

SUMMARY = Sentence(
    "运行测试（后面的选项交给 pytest；--slow 也运行慢的）",
    "run the tests (options go to pytest; --slow: the slow ones too)",
)

# Set, it tells the tests that the launcher has brought what they need: what is missing then fails, and is not skipped.
WHOLE = "XIAOLABA_TEST"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take nothing itself: everything after the verb is pytest's."""


def run(arguments: argparse.Namespace, folders: Folders) -> int:
    """Become pytest, in the checkout's root."""
    root = checkout()
    if root is None:
        raise InputWrong(
            "测试只能在源码文件夹里运行：./xiaolaba test", "tests are run from a checkout: ./xiaolaba test"
        )
    rest: list[str] = arguments.rest
    os.chdir(root)
    os.environ[WHOLE] = "yes"
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *pytest_arguments(rest)])  # noqa: S606 - pytest itself


def pytest_arguments(rest: list[str]) -> list[str]:
    """Return pytest's arguments. All tests run several at a time; those that somebody names, one after another.

    Only all tests with the slow ones show their coverage: it takes twice the time.
    """
    asked = [word for word in rest if word != "--slow"]
    quick = [] if "--slow" in rest else ["-m", "not slow"]
    several = [] if any(not word.startswith("-") for word in asked) else ["-n", "auto", "--dist", "worksteal"]
    coverage = [] if asked or quick else ["--cov", "--cov-report=term:skip-covered"]
    return [*quick, *several, *coverage, *asked]
