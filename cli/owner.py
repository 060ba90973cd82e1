"""Root becomes the owner of what it is about to write, so that the panel can still write it afterwards."""

from __future__ import annotations

import os
import pwd
from pathlib import Path


def become_owner_of(folder: Path) -> None:
    """Take on the user and groups of ``folder``'s owner, for good. Does nothing but for root, or without the folder.

    New files are for the owner and the group that both users share (umask 0027).
    """
    if os.geteuid() != 0 or not folder.is_dir():
        return
    owner = folder.stat().st_uid
    if owner == 0:
        return
    user = pwd.getpwuid(owner)
    os.initgroups(user.pw_name, user.pw_gid)
    os.setgid(user.pw_gid)
    os.setuid(owner)
    os.umask(0o027)
    os.environ["HOME"] = user.pw_dir
    os.chdir(folder)  # root may stand where the new user can't
