"""The files of a voice out of an archive: only regular files, only those a voice may need, never more than a bound."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

from tts.voice_store.manifest import VoiceWrong

MOST_FILE_BYTES = 512 << 20
MOST_BYTES = 1 << 30
MOST_MEMBERS = 5_000
_MOST_HEADER_BYTES = 1 << 20  # what tarfile reads at once is a header, a name, or what we ask for
_CHUNK = 1 << 18

Stream = IO[bytes] | bz2.BZ2File | gzip.GzipFile | lzma.LZMAFile
_WANTED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.(onnx|txt|toml)|(LICEN[CS]E|README)[A-Za-z0-9._-]{0,40}")
_PACKED: dict[bytes, Callable[[IO[bytes]], Stream]] = {
    b"BZh": bz2.BZ2File,
    b"\x1f\x8b": lambda packed: gzip.GzipFile(fileobj=packed),
    b"\xfd7z": lzma.LZMAFile,
}


def unpack(archive: Path, folder: Path) -> None:
    """Write what a voice may need of the tar ``archive`` into ``folder``, flat. Raises VoiceWrong.

    tarfile writes nothing here: its own filters are missing in the Python of Debian 12, and names are all we take.
    What is more than one folder deep is left out; a link, a device or a name twice refuses the whole.
    """
    with archive.open("rb") as packed, _unpacked(packed) as stream:
        try:
            with tarfile.open(fileobj=_Bounded(stream), mode="r:") as tar:
                _take(tar, folder)
        except (tarfile.TarError, EOFError, OSError, lzma.LZMAError, ValueError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise  # the disk's, not the archive's
            raise VoiceWrong(
                f"压缩包打不开或已损坏：{archive.name}", f"the archive can't be read or is damaged: {archive.name}"
            ) from error


def copy_files(source: Path, folder: Path) -> None:
    """Copy what a voice may need of the folder ``source``, flat and bounded as an archive's. Raises VoiceWrong."""
    left = MOST_BYTES
    for path in sorted(source.iterdir()):
        if path.is_file() and _WANTED.fullmatch(path.name):
            with path.open("rb") as file:
                left -= _copy(file, folder / path.name, min(MOST_FILE_BYTES, left))


def _take(tar: tarfile.TarFile, folder: Path) -> None:
    left = MOST_BYTES
    for count, member in enumerate(tar):
        if count >= MOST_MEMBERS or member.size > left:
            raise _too_much()
        left -= member.size
        if member.isdir():
            continue
        if not member.isreg():
            raise VoiceWrong(
                f"压缩包里有链接或设备，没有安装：{member.name[:100]}",
                f"there is a link or a device in the archive, it was not installed: {member.name[:100]!r}",
            )
        parts = [part for part in member.name.split("/") if part != "."]
        if len(parts) > 2 or not _WANTED.fullmatch(parts[-1]):
            continue
        content, target = tar.extractfile(member), folder / parts[-1]
        if content is None or target.exists():
            raise VoiceWrong(f"压缩包里有两个 {parts[-1]}", f"{parts[-1]} is in the archive twice")
        if _copy(content, target, MOST_FILE_BYTES) != member.size:
            raise EOFError


def _copy(source: IO[bytes], target: Path, most: int) -> int:
    copied = 0
    with target.open("xb") as file:
        while chunk := source.read(_CHUNK):
            copied += len(chunk)
            if copied > most:
                raise _too_much()
            file.write(chunk)
    return copied


def _unpacked(packed: IO[bytes]) -> Stream:
    start = packed.read(3)
    packed.seek(0)
    opener = next((opener for magic, opener in _PACKED.items() if start.startswith(magic)), None)
    return opener(packed) if opener else packed


class _Bounded(io.RawIOBase):
    """A stream that reads little at once, and ends where it has given too much: a bomb fills nothing."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= _MOST_HEADER_BYTES:
            raise ValueError(size)
        content = self._stream.read(size)
        if self._stream.tell() > MOST_BYTES + MOST_MEMBERS * 2048:
            raise _too_much()
        return content

    def tell(self) -> int:
        return self._stream.tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence != io.SEEK_SET or offset > MOST_BYTES + MOST_MEMBERS * 2048:
            raise _too_much()
        return self._stream.seek(offset)

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True


def _too_much() -> VoiceWrong:
    return VoiceWrong(
        "文件太大或太多，不像一个声音，没有安装", "too large or too many files for a voice; not installed"
    )
