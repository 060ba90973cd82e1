"""A stick that is mounted for a while."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from cli.installation import InstallFailed
from cli.mounting import mounted
from tests.cli.a_machine import FakeMachine


def test_a_stick_that_can_not_be_taken_off_keeps_what_is_on_it(tmp_path: Path) -> None:
    """Its folder is left to the reboot: removed with its content, somebody's photographs would be gone."""

    class Stuck(FakeMachine):
        """A machine whose umount fails."""

        def run(self, words: Sequence[str]) -> None:
            """Put a photograph on the stick, and keep it busy."""
            if words[0] == "umount":
                raise InstallFailed("忙", "busy")
            (Path(words[-1]) / "photo.jpg").touch()

    with pytest.raises(InstallFailed), mounted(tmp_path, Stuck()) as stick:
        pass
    assert (stick / "photo.jpg").exists()
    shutil.rmtree(stick)
