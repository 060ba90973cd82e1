"""Which programme file a verb means when none is named."""

from __future__ import annotations

from pathlib import Path

from box.folders import Folders, share
from cli import terminal


def programme_in_use(folders: Folders) -> Path:
    """Return the data folder's programme; before the first run, the starter programme, and say so."""
    starter = share() / "schedule.yaml"
    if folders.programme.exists() or not starter.is_file():
        return folders.programme
    terminal.tell(
        f"还没有运行过，先看自带的样例节目单 {starter}",
        f"nothing has been run yet: this is the starter programme {starter}",
    )
    return starter
