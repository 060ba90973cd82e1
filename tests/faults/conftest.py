"""A courtyard on the virtual sound card, and disks that can be filled, broken and mended."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.card.virtual import VirtualCard
from tests.faults.courtyard import Courtyard
from tests.faults.disk import Disk, NoLoop


@pytest.fixture
def courtyard(tmp_path: Path, virtual_card: VirtualCard) -> Iterator[Courtyard]:
    """Give a courtyard whose processes do not run yet; whatever runs is ended afterwards."""
    with Courtyard(tmp_path, virtual_card.environment) as one:
        yield one


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """Give a small ext4 disk of its own, mounted. It takes root and a kernel that has loop devices."""
    if os.geteuid() != 0:
        pytest.skip("a disk can be mounted by root only")
    one = Disk(tmp_path / "disk.img", tmp_path / "disk")
    try:
        one.make()
    except (NoLoop, subprocess.CalledProcessError, FileNotFoundError) as error:
        pytest.skip(f"no disk can be mounted here: {error}")
    yield one
    one.unmount()


@pytest.fixture
def yard_on_disk(disk: Disk, tmp_path: Path, virtual_card: VirtualCard) -> Iterator[Courtyard]:
    """Give a courtyard whose data lies on that disk, with its programme on air."""
    with Courtyard(tmp_path, virtual_card.environment, data=disk.folder / "data") as one:
        one.publish()
        yield one
