"""Root becomes the owner of what it writes."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from cli.owner import become_owner_of
from cli.places import child_environment

WRITES = """
import sys
from pathlib import Path
from cli.owner import become_owner_of
become_owner_of(Path(sys.argv[1]))
Path(sys.argv[1], "file").write_text("")
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_what_root_writes_belongs_to_the_folders_owner() -> None:
    """The panel can write it afterwards; those who are neither owner nor in its group can't read it."""
    nobody = pwd.getpwnam("nobody")
    with tempfile.TemporaryDirectory() as folder:  # pytest's own are closed to everybody else
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        subprocess.run([sys.executable, "-P", "-c", WRITES, folder], env=child_environment(), check=True, timeout=60)
        made = (Path(folder) / "file").stat()
    assert made.st_uid == nobody.pw_uid
    assert made.st_mode & 0o027 == 0


def test_a_folder_that_is_not_there_or_is_ones_own_changes_nothing(tmp_path: Path) -> None:
    """In a checkout there is one user."""
    before = (os.geteuid(), os.getegid())
    become_owner_of(tmp_path / "none")
    become_owner_of(tmp_path)
    assert (os.geteuid(), os.getegid()) == before
