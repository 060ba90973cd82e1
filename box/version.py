"""Which xiaolaba this is: from the checkout's pyproject.toml, else from what is installed."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from importlib.metadata import version

from box.folders import checkout

# No copy of this code was made earlier: a clock that says so is wrong. To be moved on with each release.
BUILT = datetime(2026, 1, 17, tzinfo=UTC)


def version_here() -> str:
    """Return the version, such as ``0.1.0``. A checkout is not installed, so it has no metadata."""
    root = checkout()
    if root is None:
        return version("xiaolaba")
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])
