"""Which settings count, and the command lines of the two processes."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from box.folders import INSTALLED_DATA, INSTALLED_SETTINGS, Folders, checkout


def settings_file(folders: Folders) -> Path:
    """Return the settings that count for a data folder.

    Installed, the limits are root's alone; a settings.toml in the data folder counts only in a checkout.
    """
    if checkout() is None or folders.data == INSTALLED_DATA:
        return INSTALLED_SETTINGS
    return folders.data / "settings.toml"


def module(name: str, folders: Folders, *more: str) -> tuple[str, ...]:
    """Return the command line of ``python -m name`` on those folders, with this interpreter.

    -P keeps modules in the folder that the user stands in from being taken for ours.
    """
    return (
        sys.executable, "-P", "-m", name,
        "--data", str(folders.data), "--runtime", str(folders.runtime), "--settings", str(settings_file(folders)),
        *more,
    )  # fmt: skip


def fleet_agent(folders: Folders) -> tuple[str, ...]:
    """Return the command line of the fleet's agent; it reads no settings."""
    where = ("--data", str(folders.data), "--runtime", str(folders.runtime))
    return (sys.executable, "-P", "-m", "fleet.agent", *where)


def child_environment() -> dict[str, str]:
    """Return the environment of the two processes: ours, and where the code is in a checkout."""
    environment = dict(os.environ)
    root = checkout()
    if root is not None:
        paths = [str(root), *filter(None, environment.get("PYTHONPATH", "").split(os.pathsep))]
        environment["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(paths))
    # Password hashing at 19 MiB on four threads otherwise leaves the panel at 117 MB for good (measured).
    environment.setdefault("MALLOC_MMAP_THRESHOLD_", "131072")
    return environment
