"""``publish``: the programme as it stands in the file, rendered and put on air."""

from __future__ import annotations

import argparse

from box.clock import SystemClock
from box.folders import Folders
from box.sentences import Sentence
from box.settings import read_settings, unbound
from cli import terminal
from cli.places import settings_file
from cli.wrong import InputWrong
from programme.model import Programme
from programme.publication import Publication
from speaker.words import contact_without_message
from tts.clip import Progress

SUMMARY = Sentence("把节目文件合成并发布", "render the programme and put it on air")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take nothing."""


def run(arguments: argparse.Namespace, folders: Folders) -> int:
    """Publish, with progress; exit 2 with every fault where the file has some."""
    from programme.faults import ProgrammeInvalid  # noqa: PLC0415 - as late as they are needed
    from programme.file import ProgrammeFile  # noqa: PLC0415

    if not folders.programme.is_file():
        raise InputWrong(
            f"还没有节目文件：{folders.programme}。先运行 xiaolaba run，或者安装",
            f"there is no programme yet: {folders.programme}. First: xiaolaba run, or install the package",
        )
    try:
        edition = ProgrammeFile(folders.programme).read()
    except ProgrammeInvalid as error:
        terminal.tell_faults(folders.programme, error.faults)
        return 2
    publication = publish(folders, edition.programme, edition.revision)
    terminal.tell(f"已发布（{publication.revision}）", f"published ({publication.revision})")
    return 0


def publish(folders: Folders, programme: Programme, revision: str) -> Publication:
    """Render what is missing, with progress on the terminal, publish, and tell which messages a stand-in says."""
    from tts.build import publisher_at  # noqa: PLC0415 - pulls in the voice's packages

    settings = read_settings(settings_file(folders))
    publisher = publisher_at(folders, settings.audio, SystemClock())
    publication = publisher.publish(programme, revision, tell_progress)
    stand_ins = [message.title for message in publication.messages if message.stand_in]
    for contact in unbound(settings.contacts, {message.id for message in publication.messages}):
        terminal.tell(*contact_without_message(contact))
    if stand_ins:
        titles = "、".join(stand_ins)
        terminal.tell(
            f"这些稿件暂由机器声代播，好的声音能用时会换上：{titles}",
            f"a plainer voice says these for now, until the better one can be had: {titles}",
        )
    return publication


def tell_progress(progress: Progress) -> None:
    """Print a line about a message that is being rendered."""
    zh, en = progress.sentence
    terminal.tell(f"[{progress.done}/{progress.total}] {zh}", f"[{progress.done}/{progress.total}] {en}")
