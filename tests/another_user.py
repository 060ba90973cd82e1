"""What only root can show, and only where another user can read this code: acts done as that user."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from box.folders import share


def open_to_all(path: Path) -> bool:
    """Tell whether every folder above ``path`` lets anybody pass; root's home does not."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in path.parents)


needs_another_user = pytest.mark.skipif(
    os.geteuid() != 0 or not (open_to_all(share() / "xiaolaba") and open_to_all(Path(sys.executable))),
    reason="only root can become somebody else, and only where others can read this code",
)
