"""The key that signs the panel's cookies: made once, kept for the panel's user only."""

from __future__ import annotations

import secrets
from pathlib import Path

from box.durable import replace_file


def secret_at(path: Path) -> bytes:
    """Return the key in ``path``, making it (0600) where there is none. Deleting the file logs everybody out."""
    try:
        kept = path.read_bytes()
    except FileNotFoundError:
        kept = b""
    if len(kept) >= 32:
        return kept
    path.parent.mkdir(parents=True, exist_ok=True)
    made = secrets.token_bytes(32)
    replace_file(path, made, mode=0o600)
    return made
