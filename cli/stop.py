"""``stop``: silence now."""

from __future__ import annotations

import argparse

from box.folders import Folders
from box.sentences import Sentence
from cli import wire

SUMMARY = Sentence("马上停播（下一个时段照常）", "silence now; the next cue airs")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take nothing."""


def run(arguments: argparse.Namespace, folders: Folders) -> int:
    """Ask the speaker to stop what sounds."""
    return wire.told(wire.client_of(folders).stop(wire.who()), "停了", "stopped")
