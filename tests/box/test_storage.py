"""The storage's answers, beside those of other programs."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from box.storage import free_bytes_in, hash_of


def test_the_room_left_is_what_any_user_may_still_write(tmp_path: Path) -> None:
    """As the library's own reckoning has it, but for what others write meanwhile."""
    assert free_bytes_in(tmp_path) == pytest.approx(shutil.disk_usage(tmp_path).free, rel=0.2)


def test_a_hash_is_the_one_of_sha256sum(tmp_path: Path) -> None:
    """Over the whole file, however large; one that is not there raises."""
    path = tmp_path / "clip.wav"
    path.write_bytes(bytes(range(256)) * 10_000)
    told = subprocess.run(["sha256sum", str(path)], capture_output=True, text=True, check=True).stdout
    assert hash_of(path) == told.split()[0]
    with pytest.raises(FileNotFoundError):
        hash_of(tmp_path / "gone")
