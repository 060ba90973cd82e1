"""Writes a backup: a tar, made piece by piece, so that it needs no room of its own."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import msgspec

from keeping.contents import PARTS, Part
from keeping.manifest import ABOUT, DIGEST, FORMAT, MANIFEST, About, Manifest, Member

CHUNK_BYTES = 1 << 18
WORKPLACE = ".backing-up-"


class _Clip(msgspec.Struct, frozen=True):
    clip: str


class _OnAir(msgspec.Struct, frozen=True):
    messages: tuple[_Clip, ...] = ()


class _Sidecar(msgspec.Struct, frozen=True):
    sha256: str


class _Tar:
    """The pieces of a tar and, as they pass, what the manifest says of them."""

    def __init__(self, made: datetime) -> None:
        self._made = int(made.timestamp())
        self._members: list[Member] = []

    def member(self, name: str, file: BinaryIO) -> Iterator[bytes]:
        """Yield one file's pieces: as long as it was when it was opened, though somebody adds to it meanwhile."""
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        info = tarfile.TarInfo(name)
        info.size, info.mtime, info.mode = size, self._made, 0o600
        yield info.tobuf(tarfile.GNU_FORMAT)
        digest, left = hashlib.sha256(), size
        while left:
            piece = file.read(min(left, CHUNK_BYTES))
            if not piece:
                raise EOFError(name)
            digest.update(piece)
            left -= len(piece)
            yield piece
        yield bytes(-size % tarfile.BLOCKSIZE)
        self._members.append(Member(name=name, size=size, sha256=digest.hexdigest()))

    def papers(self) -> Iterator[bytes]:
        """Yield the manifest, its digest and the end of the tar."""
        manifest = msgspec.json.encode(Manifest(members=tuple(self._members)))
        yield from self.member(MANIFEST, BytesIO(manifest))
        yield from self.member(DIGEST, BytesIO(hashlib.sha256(manifest).hexdigest().encode() + b"\n"))
        yield bytes(2 * tarfile.BLOCKSIZE)


def backup_of(room: Path, *, version: str, zone: str, now: datetime) -> Iterator[bytes]:
    """Yield a backup of the panel's ``room``, piece by piece.

    Of the clips only those on air are in it: with them another box speaks at once, in the same voice, without a
    network. Nobody is logged in by it. Raises OSError where the room can't be read, or has no place for a copy of the
    records while it is made.
    """
    for left_over in room.glob(f"{WORKPLACE}*"):  # of one that was killed
        shutil.rmtree(left_over, ignore_errors=True)
    about = About(format=FORMAT, version=version, made=now.astimezone(UTC), zone=zone)
    tar = _Tar(now)
    yield from tar.member(ABOUT, BytesIO(msgspec.json.format(msgspec.json.encode(about), indent=1)))
    for part in PARTS:
        for name in _members(room, part):
            # Some are taken away after they were listed, as a draft is when it is saved.
            with suppress(FileNotFoundError), _opened(room, name) as file:
                yield from tar.member(name, file)
    yield from tar.papers()


def _members(room: Path, part: Part) -> Iterator[str]:
    if part.inside is None:
        if (room / part.name).is_file():
            yield part.name
        return
    names = sorted(path.relative_to(room).as_posix() for path in (room / part.name).rglob("*") if path.is_file())
    if part.name == "clips":
        wanted = _on_air(room)
        names = [name for name in names if _clip_of(room / name) in wanted]
    yield from (name for name in names if part.holds(name))


def _opened(room: Path, name: str) -> BinaryIO:
    if name in {"users.json", "users.good.json"}:
        return BytesIO(_without_sessions((room / name).read_bytes()))
    if name == "records.sqlite":
        return _snapshot(room, name)
    return (room / name).open("rb")


def _without_sessions(users: bytes) -> bytes:
    """Return the users with nobody logged in and nobody invited: a backup must open no door."""
    try:
        kept = msgspec.json.decode(users, type=list[dict[str, object]])
    except ValueError:
        return users  # damaged: it is kept as it is
    return msgspec.json.encode([{**user, "sessions": [], "invitation": None} for user in kept])


def _snapshot(room: Path, name: str) -> BinaryIO:
    """Return the database as it is at one instant, whoever writes to it meanwhile."""
    with tempfile.TemporaryDirectory(prefix=WORKPLACE, dir=room) as folder:
        copy = Path(folder) / name
        with closing(sqlite3.connect(room / name, timeout=5)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        return copy.open("rb")  # its name goes with the folder, its content with the handle


def _on_air(room: Path) -> frozenset[str]:
    try:
        on_air = msgspec.json.decode((room / "on-air.json").read_bytes(), type=_OnAir)
    except (OSError, msgspec.DecodeError):
        return frozenset()
    return frozenset(message.clip for message in on_air.messages)


def _clip_of(path: Path) -> str:
    """Return the hash of the clip that a file of the library is, or tells of."""
    if path.suffix != ".json":
        return path.stem
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Sidecar).sha256
    except (OSError, msgspec.DecodeError):
        return ""
