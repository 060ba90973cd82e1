"""Which version on which machine is measured: a figure without both can't be compared with another."""

from __future__ import annotations

import os
import platform
import subprocess
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
_MODEL = "model name"  # of /proc/cpuinfo; not every machine tells


def commit_here(root: Path = _ROOT) -> str:
    """Return the name of the commit that ``root`` is at, with ``-dirty`` where a file differs from it."""
    try:
        told = subprocess.run(
            ["git", "-C", str(root), "describe", "--always", "--dirty", "--exclude=*"],
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return "no checkout"
    return told.stdout.strip()


def machine_here() -> str:
    """Return its cores and what they are."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    models = [line.partition(":")[2].strip() for line in lines if line.startswith(_MODEL)]
    return f"{os.cpu_count()} cores of {models[0] if models else platform.machine()}"
