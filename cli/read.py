"""``read``: what a text will be read as."""

from __future__ import annotations

import argparse

from box.folders import Folders
from box.sentences import Sentence
from cli import terminal
from cli.wrong import InputWrong
from tts.spoken import SpokenFormEmpty, spoken_form

SUMMARY = Sentence("显示一段文字会怎样读", "print how a text will be read aloud")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the text; without quotes its words are put together again."""
    parser.add_argument("text", metavar="TEXT", nargs="+", help=terminal.text("要读的文字", "what is to be read"))


def run(arguments: argparse.Namespace, folders: Folders) -> int:
    """Print the spoken form on one line, and nothing else."""
    print(said(" ".join(arguments.text)))
    return 0


def said(text: str) -> str:
    """Return the spoken form. Raises InputWrong where there is nothing to say."""
    try:
        return spoken_form(text)
    except SpokenFormEmpty as error:
        raise InputWrong(*error.sentence) from error
