"""``holidays``: how far the civil calendar is known, and putting in a year by the notice that announces it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import msgspec

from box.folders import Folders
from box.sentences import Sentence
from cli import terminal
from cli.programme_in_use import programme_in_use
from cli.wrong import InputWrong
from programme.civil import known_until, with_year
from programme.model import CivilYear
from programme.notice import LONGEST_NOTICE, NoticeUnclear, decoded, read_notice

SUMMARY = Sentence("看放假安排到哪一年，或者放进一年", "how far the holidays are known, or put in a year")

_LARGEST_BYTES = 4 * LONGEST_NOTICE


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the file of a notice, or ``-`` for standard input."""
    help_text = terminal.text("放假通知的文字文件，- 是标准输入", "a text file of the notice; - is standard input")
    parser.add_argument("file", nargs="?", metavar="FILE", help=help_text)


def run(arguments: argparse.Namespace, folders: Folders) -> int:
    """Print what is known, or put the year of the notice into the programme file; a running panel puts it on air."""
    from programme.file import ProgrammeFile  # noqa: PLC0415 - the YAML parser costs time that other verbs save

    if arguments.file is None:
        programme = ProgrammeFile(programme_in_use(folders)).read().programme
        year = known_until(programme.calendar).year
        print(terminal.text(f"到 {year} 年底的放假安排都有了", f"the holidays are known until the end of {year}"))
        for one in programme.calendar:
            _print(one)
        return 0
    if not folders.programme.is_file():
        raise InputWrong(
            f"还没有节目文件：{folders.programme}。先运行 xiaolaba run 或 xiaolaba install",
            f"there is no programme yet: {folders.programme}. First: xiaolaba run or xiaolaba install",
        )
    try:
        arranged = read_notice(decoded(_content(arguments.file)))
    except NoticeUnclear as error:
        for fault in error.faults:
            print(f"{arguments.file}: {fault.text(terminal.language())}")
        return 2
    file = ProgrammeFile(folders.programme)
    edition = file.read()
    calendar = with_year(edition.programme.calendar, arranged)
    file.save(msgspec.structs.replace(edition.programme, calendar=calendar), edition.revision)
    _print(arranged)
    terminal.tell(
        f"{arranged.year} 年放进节目文件了；面板在运行就会自动播出，否则请运行 xiaolaba publish",
        f"{arranged.year} is in the programme file; a running panel puts it on air, else: xiaolaba publish",
    )
    return 0


def _content(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read(_LARGEST_BYTES)
    try:
        with Path(name).open("rb") as file:
            return file.read(_LARGEST_BYTES)
    except OSError as error:
        why = error.strerror or str(error)
        raise InputWrong(f"打不开 {name}（{why}）", f"{name} can't be opened ({why})") from error


def _print(year: CivilYear) -> None:
    print(terminal.text(f"{year.year} 年", f"{year.year}"))
    for holiday in year.holidays:
        print(f"  {holiday.first} – {holiday.last}  {holiday.name}")
    worked = " ".join(map(str, year.workdays)) or "—"
    print(terminal.text(f"  调休上班：{worked}", f"  worked instead: {worked}"))
