"""``bench``: one measurement."""

from __future__ import annotations

import argparse
import os
import sys

from box.folders import Folders, checkout
from box.sentences import Sentence
from cli.wrong import InputWrong

SUMMARY = Sentence("测一项性能：bench 名称 [--json]", "one measurement: bench NAME [--json]")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take nothing itself: everything after the verb is the measurement's."""


def run(arguments: argparse.Namespace, folders: Folders) -> int:
    """Become the measurement: it is no part of what is installed."""
    if checkout() is None:
        raise InputWrong(
            "测量只能在源码文件夹里运行：./xiaolaba bench", "benches are run from a checkout: ./xiaolaba bench"
        )
    rest: list[str] = arguments.rest
    os.execv(sys.executable, [sys.executable, "-P", "-m", "bench", *rest])  # noqa: S606 - the bench itself
