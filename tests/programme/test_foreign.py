"""Files of another process's room: none is believed, and none keeps the reader."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from programme.foreign import read_foreign, read_publication
from programme.publication import Publication, PublicationInvalid, encode_publication

MOST_BYTES = 1000


def test_what_is_there_is_read(tmp_path: Path) -> None:
    """Also in a folder below; one that is not there is said to be missing."""
    (tmp_path / "clips").mkdir()
    (tmp_path / "clips/a").write_bytes(b"abc")
    assert read_foreign(tmp_path, "clips", "a", most_bytes=MOST_BYTES) == b"abc"
    with pytest.raises(FileNotFoundError):
        read_foreign(tmp_path, "clips", "b", most_bytes=MOST_BYTES)


def a_link(path: Path) -> None:
    """Lead elsewhere."""
    path.symlink_to("/etc/hostname")


def a_link_without_end(path: Path) -> None:
    """Lead to what could be read for ever."""
    path.symlink_to("/dev/zero")


def a_pipe(path: Path) -> None:
    """Have a reader wait."""
    os.mkfifo(path)


def too_much(path: Path) -> None:
    """Be larger than is read."""
    path.write_bytes(bytes(MOST_BYTES + 1))


@pytest.mark.parametrize("made", [a_link, a_link_without_end, a_pipe, too_much, Path.mkdir])
def test_what_is_no_plain_file_of_that_size_is_refused(tmp_path: Path, made: Callable[[Path], None]) -> None:
    """Nothing outside is read, and nobody waits."""
    made(tmp_path / "file")
    with pytest.raises(PublicationInvalid):
        read_foreign(tmp_path, "file", most_bytes=MOST_BYTES)


def open_files() -> int:
    """Return how many files this process has open."""
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def test_what_is_refused_keeps_no_file_open(tmp_path: Path) -> None:
    """It is looked at again and again: each look would cost the reader one of its 1,024 files."""
    (tmp_path / "file").mkdir()
    before = open_files()
    for _ in range(50):
        with pytest.raises(PublicationInvalid):
            read_foreign(tmp_path, "file", most_bytes=MOST_BYTES)
    assert open_files() < before + 50


def test_a_folder_that_is_a_link_is_not_gone_into(tmp_path: Path) -> None:
    """Below the room itself no link is followed."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/a").write_bytes(b"abc")
    (tmp_path / "clips").symlink_to("elsewhere")
    with pytest.raises(PublicationInvalid):
        read_foreign(tmp_path, "clips", "a", most_bytes=MOST_BYTES)


def test_a_publication_is_read_so(tmp_path: Path) -> None:
    """Whole, or refused."""
    on_air = Publication(
        version=1,
        revision="0123456789abcdef",
        zone="警苑小区",
        timezone="Asia/Shanghai",
        published=datetime(2026, 5, 1, tzinfo=UTC),
        volume_percent=80,
        messages=(),
        broadcasts=(),
    )
    path = tmp_path / "on-air.json"
    path.write_bytes(encode_publication(on_air))
    assert read_publication(path) == on_air
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(PublicationInvalid):
        read_publication(path)
