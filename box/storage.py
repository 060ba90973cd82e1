"""What is asked of the storage: how much room it has left, and whether a file is still what it was."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path


def free_bytes_in(folder: Path) -> int:
    """Return how much may still be written to the storage that ``folder`` is on. Raises OSError."""
    storage = os.statvfs(folder)
    return storage.f_bavail * storage.f_frsize


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hex digits. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
