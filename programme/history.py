"""Former editions of the programme, each as the file it was, from which it can be restored."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, unquote

from box.durable import replace_file, sync_folder
from box.sentences import XiaolabaError
from programme.file import Edition, revision_of
from programme.reading import read_programme

BY_HAND = "file"  # the author of what was written into the file by hand
MOST_KEPT = 1000  # two and a half years of an edit every day; 4 MB of starter programmes
_LONGEST_AUTHOR = 150  # bytes in a file name, in which a Chinese character takes nine
_LONGEST_OF_TWO = 80  # where the name holds an approver too: it ends at 255 bytes

_STAMP = "%Y%m%dT%H%M%S.%fZ"
_NAME = re.compile(
    r"(?P<at>[0-9]{8}T[0-9]{6}\.[0-9]{6}Z)_(?P<revision>[0-9a-f]{16})_(?P<author>[^_/]{1,150})(?:_(?P<approver>[^_/]{1,80}))?\.yaml"
)


class NotInHistory(XiaolabaError):
    """There is no such former edition, or its file is damaged."""


@dataclass(frozen=True)
class Former:
    """One entry: ``name`` is its file's, ``at`` the instant (UTC) it was kept, ``author`` who made it.

    ``approver`` is who let it through, empty where nobody had to.
    """

    name: str
    at: datetime
    revision: str
    author: str
    approver: str = ""


class History:
    """The history folder: one file an edition, named by instant, revision and author; the newest 1,000."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, edition: Edition, author: str, at: datetime, approver: str = "") -> str:
        """Keep ``edition``, made by ``author`` and let through by ``approver``; return its entry's name.

        ``at`` is aware. A long author's name is cut. Raises OSError when the disk is full or read-only.
        """
        self._folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        stamp = at.astimezone(UTC).strftime(_STAMP)
        most = _LONGEST_OF_TWO if approver else _LONGEST_AUTHOR
        names = "_".join(_file_part(name, most) for name in (author, approver) if name or name is author)
        name = f"{stamp}_{edition.revision}_{names}.yaml"
        replace_file(self._folder / name, edition.content)
        self._drop_oldest()
        return name

    def entries(self) -> tuple[Former, ...]:
        """Return every entry, the newest first; files of other names are not ours and not listed."""
        if not self._folder.is_dir():
            return ()
        names = sorted((path.name for path in self._folder.iterdir()), reverse=True)
        return tuple(former for former in map(_former, names) if former)

    def read(self, name: str) -> Edition:
        """Return the edition of the entry ``name``.

        Raises NotInHistory when there is none or it is not what was kept, ProgrammeInvalid when it is not a
        programme by today's rules.
        """
        former = _former(name)
        content = self._content(name) if former else None
        if former is None or content is None or revision_of(content) != former.revision:
            zh = "没有这个旧版本，或者它的文件坏了，请选另一个"
            raise NotInHistory(zh, "There is no such former edition, or its file is damaged; choose another.")
        return Edition(programme=read_programme(content), revision=former.revision, content=content)

    def _content(self, name: str) -> bytes | None:
        try:
            return (self._folder / name).read_bytes()
        except FileNotFoundError:
            return None

    def _drop_oldest(self) -> None:
        surplus = self.entries()[MOST_KEPT:]
        for former in surplus:
            (self._folder / former.name).unlink(missing_ok=True)
        if surplus:
            sync_folder(self._folder)


def _former(name: str) -> Former | None:
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    try:
        at = datetime.strptime(found["at"], _STAMP).replace(tzinfo=UTC)
    except ValueError:  # digits, but no date
        return None
    return Former(
        name=name,
        at=at,
        revision=found["revision"],
        author=unquote(found["author"]),
        approver=unquote(found["approver"] or ""),
    )


def _file_part(author: str, most: int) -> str:
    """Return ``author`` as a part of a file name: percent-encoded, whole characters, of bounded length."""
    part = ""
    for character in author:
        encoded = quote(character, safe="", errors="replace").replace("_", "%5F").replace(".", "%2E")
        if len(part) + len(encoded) > most:
            break
        part += encoded
    return part or "%3F"
