"""Root becomes the owner of what it is about to write, so that the panel can still write it afterwards."""

from __future__ import annotations

import os
import pwd
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from cli.outcome import FAILED, outcome_of


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


def as_owner_of(folder: Path, work: Callable[[], int]) -> int:
    """Do ``work`` as ``folder``'s owner and return its exit code; for root in a child, which ends with it."""
    if os.geteuid() != 0:
        return work()
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = FAILED
    try:
        become_owner_of(folder)
        code = outcome_of(work)
    except BaseException:  # noqa: BLE001 - nothing of the child may go on in the parent's code
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
