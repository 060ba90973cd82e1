"""The speaker's own copy of what is on air: what it airs after a reboot needs nobody else."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from box.aside import all_aside, put_aside
from box.clock import Clock
from box.durable import replace_file, sync_folder
from box.folders import Folders
from programme.publication import Publication, PublicationInvalid
from speaker.asrun.forms import LATER
from speaker.intake.acceptance import accepted

logger = logging.getLogger(__name__)

_NAME = "on-air.json"


@dataclass(frozen=True)
class Kept:
    """A publication as it was kept."""

    publication: Publication
    content: bytes


def kept_copy(folders: Folders, clock: Clock, version: str = "") -> Kept | None:
    """Return the copy kept from before, None if there is none. A damaged one is put aside; the panel has another.

    A ``version`` that finds the copy of another saves it first, so that it has its own again when it is put back: the
    form may have changed meanwhile.
    """
    path = kept_path(folders)
    _save_for_the_version_before(path, version)
    try:
        content = path.read_bytes()
        kept = Kept(accepted(content), content)
    except FileNotFoundError:
        return None
    except PublicationInvalid as error:
        logger.error("the kept publication can't be used: %s", error)  # noqa: TRY400 - the sentence says it all
        if version and _saved(path, version).is_file():
            with suppress(OSError):  # a storage that refuses is told by its alarm; what can't be used is not used
                put_aside(path, clock.now(), why=LATER)
                _saved(path, version).rename(path)
                sync_folder(path.parent)
            return kept_copy(folders, clock)
        with suppress(OSError):  # likewise
            put_aside(path, clock.now())
        return None
    except OSError as error:
        logger.error("the kept publication can't be used: %s", error)  # noqa: TRY400 - the sentence says it all
        return None
    if version:
        with suppress(OSError):
            _saved(path, version).unlink(missing_ok=True)  # it would be old by the next time
    return kept


def has_kept_one(folders: Folders) -> bool:
    """Tell whether there is, or was, a kept copy: then there was a log too."""
    aside = (*all_aside(folders.speaker), *all_aside(folders.speaker, LATER))
    return kept_path(folders).exists() or any(one.name == _NAME for one in aside)


def kept_path(folders: Folders) -> Path:
    """Return where the copy is kept."""
    return folders.speaker / _NAME


def _save_for_the_version_before(path: Path, version: str) -> None:
    mark = path.with_name("version")
    try:
        before = mark.read_text(encoding="utf-8").strip() if mark.exists() else ""
        if not version or before == version:
            return
        if before and path.exists():
            for other in path.parent.glob(f"{_NAME}.of-*"):
                if other != _saved(path, version):
                    other.unlink()
            replace_file(_saved(path, before), path.read_bytes())
        replace_file(mark, f"{version}\n".encode())
    except (OSError, UnicodeDecodeError) as error:
        logger.warning("the publication of the version before was not saved: %s", error)


def _saved(path: Path, version: str) -> Path:
    return path.with_name(f"{path.name}.of-{version}")
