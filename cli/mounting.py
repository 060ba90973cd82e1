"""A stick mounted for as long as something is done with it, where nobody else looks."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cli.installation import Machine

# A stick comes from anywhere: nothing on it is run, and no device in it is one.
_OPTIONS = "nosuid,nodev,noexec,noatime"


@contextmanager
def mounted(device: Path, machine: Machine, *more: str) -> Iterator[Path]:
    """Mount ``device`` and take it off again; ``more`` are mount's own words. Raises InstallFailed where it can't be.

    The unit has a mount namespace of its own. The folder is only ever removed when it is empty: a stick that could not
    be taken off keeps what is on it.
    """
    folder = Path(tempfile.mkdtemp(prefix="xiaolaba-stick-", dir="/run"))
    try:
        machine.run(("mount", "-o", _OPTIONS, *more, "--", str(device), str(folder)))
        try:
            yield folder
        finally:
            machine.run(("umount", "--", str(folder)))
    finally:
        with suppress(OSError):  # a stick that could not be taken off is still in it
            folder.rmdir()
