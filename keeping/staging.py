"""Lays a backup out beside what is there, checking every byte of it; what is there is not touched."""

from __future__ import annotations

import hashlib
import os
import tarfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, BinaryIO

from box.sentences import XiaolabaError
from box.storage import free_bytes_in
from keeping.contents import Part, part_of
from keeping.manifest import (
    ABOUT,
    DIGEST,
    MANIFEST,
    MOST_MEMBERS,
    MOST_PAPER_BYTES,
    About,
    Member,
    damaged,
    not_a_backup,
    read_about,
    read_manifest,
)
from keeping.swap import STAGING, discard_staged
from keeping.writing import CHUNK_BYTES

MOST_BYTES = 16 << 30
_ROOM_LEFT_BYTES = 50 << 20  # for what is written while the box goes on
_LONGEST_HEADER_BYTES = 64 << 10  # a member's name and numbers; a larger one is an attack on the memory

FreeBytes = Callable[[Path], int]
Report = Callable[[int, int], None]


class NoRoom(XiaolabaError):
    """The storage can't hold the backup beside what is there."""


@dataclass(frozen=True, slots=True)
class Staged:
    """A backup that was found whole and lies ready. ``counts`` is how many things of each part it has."""

    about: About
    counts: Mapping[str, int]


@dataclass(slots=True)
class _Bounded:
    """A file of which no one piece may be large: tarfile would read a header of any size into memory."""

    file: BinaryIO

    def read(self, size: int = -1) -> bytes:
        """Read, refusing what no backup of ours asks for."""
        if not 0 <= size <= max(_LONGEST_HEADER_BYTES, CHUNK_BYTES):
            raise damaged()
        return self.file.read(size)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Pass on."""
        return self.file.seek(offset, whence)

    def tell(self) -> int:
        """Pass on."""
        return self.file.tell()


@dataclass(slots=True)
class _Found:
    papers: dict[str, bytes] = field(default_factory=dict)
    members: list[Member] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


def stage(
    file: BinaryIO,
    room: Path,
    *,
    version: str,
    free_bytes: FreeBytes = free_bytes_in,
    report: Report = lambda _done, _total: None,
) -> Staged:
    """Lay out the backup ``file`` (seekable) in ``room``, ready to take the place of what is there.

    Only names of the table are taken, as plain files of bounded size, each with the bytes that the manifest says; and
    all of them. ``report`` is told how many bytes of how many are done. Raises BackupUnusable for anything else,
    NoRoom, or OSError; nothing is left behind then.
    """
    discard_staged(room)
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if size + _ROOM_LEFT_BYTES > free_bytes(room):
        megabytes = size // 1_000_000 + 1
        raise NoRoom(
            f"存储卡放不下这个备份（要 {megabytes} MB），没有改动任何东西。请先腾出空间",
            f"the storage has no room for this backup ({megabytes} MB); nothing was changed. Make room first",
        )
    target = room / STAGING / "new"
    target.mkdir(mode=0o700, parents=True)
    try:
        found = _laid_out(_Bounded(file), target, version, lambda done: report(done, size))
        manifest = read_manifest(found.papers[MANIFEST], found.papers[DIGEST])
        _require(list(manifest.members) == found.members)
    except BaseException:
        discard_staged(room)
        raise
    return Staged(read_about(found.papers[ABOUT], version), dict(found.counts))


def _laid_out(file: _Bounded, target: Path, version: str, report: Callable[[int], None]) -> _Found:
    found, total = _Found(), 0
    try:
        with tarfile.open(fileobj=file, mode="r:") as tar:  # type: ignore[call-overload]  # all that tarfile calls is there
            for info in tar:
                total += info.size
                if total > MOST_BYTES or len(found.members) >= MOST_MEMBERS:
                    raise damaged(info.name[:80])
                _take(tar, info, target, found, version)
                report(info.offset_data + info.size)
    except (tarfile.TarError, EOFError, ValueError, OverflowError) as error:
        raise (damaged() if ABOUT in found.papers else not_a_backup()) from error
    if list(found.papers) != [ABOUT, MANIFEST, DIGEST]:
        raise damaged() if ABOUT in found.papers else not_a_backup()
    return found


def _take(tar: tarfile.TarFile, info: tarfile.TarInfo, target: Path, found: _Found, version: str) -> None:
    reader = tar.extractfile(info) if info.type == tarfile.REGTYPE and not info.pax_headers else None
    if reader is None or info.name in found.papers or (MANIFEST in found.papers and info.name != DIGEST):
        raise damaged(info.name[:80])
    if not found.papers and info.name != ABOUT:
        raise not_a_backup()
    if info.name in (ABOUT, MANIFEST, DIGEST):
        found.papers[info.name] = _paper(reader, info)
        if info.name == ABOUT:
            read_about(found.papers[ABOUT], version)  # before gigabytes of a later version are laid out
            found.members.append(_member(info.name, found.papers[ABOUT]))
        return
    part = part_of(info.name)
    if part is None or info.size > part.most_bytes or (target / info.name).exists():
        raise damaged(info.name[:80])
    found.members.append(_written(reader, info, target / info.name, part))
    if part.name != "recordings" or not info.name.endswith(".json"):  # a recording's note is no recording
        found.counts[part.name] += 1


def _require(whole: bool) -> None:
    if not whole:
        raise damaged()


def _paper(reader: IO[bytes], info: tarfile.TarInfo) -> bytes:
    if info.size > MOST_PAPER_BYTES:
        raise damaged(info.name)
    return b"".join(_pieces(reader, info))


def _written(reader: IO[bytes], info: tarfile.TarInfo, path: Path, part: Part) -> Member:
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, part.mode)
    with os.fdopen(descriptor, "wb") as file:
        for piece in _pieces(reader, info):
            digest.update(piece)
            file.write(piece)
    if path.suffix == ".wav" and path.parent.name == "clips" and path.stem != digest.hexdigest():
        raise damaged(info.name)  # a clip is what its name says
    return Member(name=info.name, size=info.size, sha256=digest.hexdigest())


def _pieces(reader: IO[bytes], info: tarfile.TarInfo) -> Iterator[bytes]:
    left = info.size
    while left:
        piece = reader.read(min(left, CHUNK_BYTES))
        if not piece:
            raise damaged(info.name[:80])
        left -= len(piece)
        yield piece


def _member(name: str, content: bytes) -> Member:
    return Member(name=name, size=len(content), sha256=hashlib.sha256(content).hexdigest())
