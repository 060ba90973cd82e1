"""``read``: what a text will be read as."""

from __future__ import annotations

import argparse

from box.folders import Folders
from box.sentences import Sentence
from cli import terminal
from cli.wrong import InputWrong
from tts.kept_words import KeptWords
from tts.spoken import SpokenFormEmpty, spoken_form
from tts.word_list import WordList

SUMMARY = Sentence("显示一段文字会怎样读", "print how a text will be read aloud")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the text; without quotes its words are put together again."""
    parser.add_argument("text", metavar="TEXT", nargs="+", help=terminal.text("要读的文字", "what is to be read"))


def run(arguments: argparse.Namespace, folders: Folders) -> int:
    """Print the spoken form on one line, and nothing else."""
    print(said(" ".join(arguments.text), words_of(folders).words()))
    return 0


def words_of(folders: Folders) -> KeptWords:
    """Return the word list of the data folder; one that is damaged is told of, and the last good one counts."""
    words = KeptWords(folders.words)
    fault = words.kept().fault
    if fault is not None:
        terminal.tell(
            f"{fault.zh}。先用上一次好的读音表", f"{fault.en}; the last word list that was good is used for now"
        )
    return words


def said(text: str, words: WordList) -> str:
    """Return the spoken form. Raises InputWrong where there is nothing to say."""
    try:
        return spoken_form(text, words)
    except SpokenFormEmpty as error:
        raise InputWrong(*error.sentence) from error
