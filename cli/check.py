"""``check``: whether a programme file is right, and every place where it is not."""

from __future__ import annotations

import argparse
from pathlib import Path
from zoneinfo import ZoneInfo

from box.clock import SystemClock
from box.folders import Folders
from box.sentences import Sentence
from box.settings import read_settings, unbound
from cli import terminal
from cli.places import settings_file
from cli.programme_in_use import programme_in_use
from cli.wrong import InputWrong
from speaker.words import contact_without_message

SUMMARY = Sentence("检查节目单有没有写错", "check a programme file for mistakes")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the file, else the data folder's own."""
    help_text = terminal.text("节目文件，不写就是正在用的那个", "the programme file; else the one in use")
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help=help_text)


def run(arguments: argparse.Namespace, folders: Folders) -> int:
    """Print one line and return 0, or each fault as ``FILE:LINE: what is wrong`` and return 2: both are results.

    A number that is nearly a registered one is warned of in the same form, and is no fault.
    """
    from programme.calendar_end import ending_soon  # noqa: PLC0415 - the YAML parser costs time that other verbs save
    from programme.doubts import doubts_in  # noqa: PLC0415
    from programme.faults import ProgrammeInvalid  # noqa: PLC0415
    from programme.file import ProgrammeFile, ProgrammeUnreadable  # noqa: PLC0415

    path = arguments.file or programme_in_use(folders)
    try:
        edition = ProgrammeFile(path).read()
    except ProgrammeUnreadable as error:
        raise InputWrong(*error.sentence) from error
    except ProgrammeInvalid as error:
        for fault in error.faults:
            where = f"{path}:{fault.line}" if fault.line else f"{path}"
            print(f"{where}: {fault.sentence.text(terminal.language())}")
        if error.left_off:
            print(terminal.text(f"还有 {error.left_off} 处没有列出", f"{error.left_off} more are not shown"))
        return 2
    programme = edition.programme
    for doubt in doubts_in(edition):
        warning = Sentence(f"提醒：{doubt.zh}", f"warning: {doubt.en}")
        print(f"{path}:{doubt.line}: {warning.text(terminal.language())}")
    end = ending_soon(programme, SystemClock().now().astimezone(ZoneInfo(programme.timezone)).date())
    if end is not None:
        warning = Sentence(f"提醒：{end.zh}", f"warning: {end.en}")
        print(f"{path}: {warning.text(terminal.language())}")
    if arguments.file is None:
        contacts = read_settings(settings_file(folders)).contacts
        for contact in unbound(contacts, {message.id for message in programme.messages}):
            told = contact_without_message(contact)
            print(f"{path}: {Sentence(f'提醒：{told.zh}', f'warning: {told.en}').text(terminal.language())}")
    broadcasts, messages = len(programme.broadcasts), len(programme.messages)
    print(
        terminal.text(
            f"{path}：没有错误。{programme.zone}，{broadcasts} 个广播时段，{messages} 篇稿件",
            f"{path}: no mistakes. {programme.zone}, {broadcasts} broadcasts, {messages} messages",
        )
    )
    return 0
