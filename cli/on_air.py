"""Brings the publication up to the programme file when ``run`` starts."""

from __future__ import annotations

import hashlib

from box.folders import Folders
from box.sentences import XiaolabaError
from cli import terminal
from programme.foreign import read_publication
from programme.publication import Publication, PublicationInvalid


def publication_of(folders: Folders) -> Publication | None:
    """Return what was published last, if it is whole and all its clips are there."""
    try:
        publication = read_publication(folders.publication)
    except (FileNotFoundError, PublicationInvalid):
        return None
    clips = (folders.clips / f"{message.clip}.wav" for message in publication.messages)
    return publication if all(clip.is_file() for clip in clips) else None


def bring_up_to_date(folders: Folders) -> Publication | None:
    """Publish the programme file if it is not what is on air, and return what is.

    A file with faults, or a voice that fails, is told; what was on air goes on. None says that nothing can be: the file
    has faults, they were told, and nothing was published before. Raises what publishing raises where nothing was.
    """
    before = publication_of(folders)
    revision = hashlib.sha256(folders.programme.read_bytes()).hexdigest()[:16]  # as programme.file.Edition has it
    if before is not None and before.revision == revision:
        return before
    from cli.publish import publish  # noqa: PLC0415 - an unchanged programme starts without YAML's and the voice's packages
    from programme.faults import ProgrammeInvalid  # noqa: PLC0415
    from programme.file import ProgrammeFile  # noqa: PLC0415

    try:
        edition = ProgrammeFile(folders.programme).read()
        terminal.tell("正在合成语音……", "rendering the messages …")
        return publish(folders, edition.programme, edition.revision)
    except ProgrammeInvalid as error:
        terminal.tell_faults(folders.programme, error.faults)
        if before is None:
            return None
    except XiaolabaError as error:
        if before is None:
            raise
        terminal.tell(*error.sentence)
    terminal.tell("节目没有更新，继续播原来的", "the programme was not changed: what was on air goes on")
    return before
