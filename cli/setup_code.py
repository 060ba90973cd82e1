"""``setup-code``: a new code for the panel's first visit."""

from __future__ import annotations

import argparse

from box.clock import SystemClock
from box.folders import Folders
from box.sentences import Sentence
from cli import terminal

SUMMARY = Sentence("打印一个新的一次性开通码", "print a new single-use set-up code")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take nothing."""


def run(arguments: argparse.Namespace, folders: Folders) -> int:
    """Print the code, and nothing else, on standard output; it goes to no log."""
    print(new_code(folders))
    terminal.tell(
        "打开面板，输入这个码，设定登录密码。只能用一次", "open the panel and set the password with it. It works once"
    )
    return 0


def new_code(folders: Folders) -> str:
    """Return a new single-use code; those before it are void."""
    from web.people.setup_code import SetupCode  # noqa: PLC0415 - as late as it is needed

    folders.panel.mkdir(parents=True, exist_ok=True)
    return SetupCode(folders.panel / "setup-code.json", SystemClock()).issue()
