"""The command ``xiaolaba``: finds the verb, hands it its arguments, and turns what happens into an exit code."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from box.folders import folders_at
from box.sentences import Sentence
from cli import terminal
from cli.outcome import DONE, WRONG, outcome_of
from cli.verbs import VERBS, load


def main(words: list[str] | None = None) -> int:
    """Do what the command line says; return the exit code: 0 done, 1 failed, 2 the input is wrong."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that can't show Chinese gets question marks in its place, not a traceback.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # pytest's and ours are TextIOWrappers
    return outcome_of(lambda: _do(sys.argv[1:] if words is None else words))


def _do(words: list[str]) -> int:
    before, name, after = _split(words)
    if name is None or name == "help":
        return _help(wanted=name == "help" or "-h" in before or "--help" in before)
    if name not in VERBS:
        terminal.tell(f"没有“{name}”这个命令", f"there is no verb “{name}”")
        return _help(wanted=False)
    entry = VERBS[name]
    verb = load(name)
    parser = _parser(f"xiaolaba {name}", verb.SUMMARY)
    if entry.takes_anything:
        arguments = parser.parse_args(before)
        arguments.rest = after
    else:
        verb.add_arguments(parser)
        arguments = parser.parse_args(before + after)
    folders = folders_at(arguments.data, os.environ)
    if entry.writes_panel:
        from cli.owner import become_owner_of  # noqa: PLC0415 - only where they are needed
        from cli.restore import finish_restore  # noqa: PLC0415

        become_owner_of(folders.panel)
        finish_restore(folders)
    return verb.run(arguments, folders)


def _split(words: list[str]) -> tuple[list[str], str | None, list[str]]:
    """Return the options before the verb, the verb, and what follows it. ``--data DIR`` may come before."""
    at = 0
    while at < len(words):
        if words[at] == "--data":
            at += 2
        elif words[at].startswith("-"):
            at += 1
        else:
            return words[:at], words[at], words[at + 1 :]
    return words, None, []


def _parser(program: str, summary: Sentence) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=program, description=summary.text(terminal.language()))
    parser.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help=terminal.text("数据文件夹（或环境变量 XIAOLABA_DATA）", "the data folder (or XIAOLABA_DATA)"),
    )
    return parser


def _help(*, wanted: bool) -> int:
    stream = sys.stdout if wanted else sys.stderr
    print(terminal.text("用法：xiaolaba 命令 [选项]", "usage: xiaolaba VERB [OPTIONS]"), file=stream)
    width = max(map(len, VERBS))
    for name in VERBS:
        print(f"  {name:<{width}}  {load(name).SUMMARY.text(terminal.language())}", file=stream)
    print(terminal.text("细节：xiaolaba 命令 --help", "more: xiaolaba VERB --help"), file=stream)
    return DONE if wanted else WRONG


if __name__ == "__main__":
    sys.exit(main())
