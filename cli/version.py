"""``version``: which xiaolaba this is."""

from __future__ import annotations

import argparse

from box.folders import Folders
from box.sentences import Sentence
from box.version import version_here

SUMMARY = Sentence("显示版本", "print the version")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take nothing."""


def run(arguments: argparse.Namespace, folders: Folders) -> int:
    """Print the version."""
    print(version_here())
    return 0
