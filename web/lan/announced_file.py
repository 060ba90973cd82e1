"""What the panel is called on the LAN, kept where ``doctor`` and ``status`` can read it."""

from __future__ import annotations

from pathlib import Path

import msgspec

from box.durable import replace_file
from box.sentences import Sentence
from web.lan.announcing import Announced


class _Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str = ""
    zh: str = ""
    en: str = ""


def keep(path: Path, announced: Announced) -> None:
    """Write it down; the file goes with the panel's leave. Raises OSError."""
    if announced == Announced():
        path.unlink(missing_ok=True)
        return
    zh, en = announced.fault or ("", "")
    replace_file(path, msgspec.json.encode(_Kept(announced.name, zh, en)))


def kept(path: Path) -> Announced:
    """Return what was written; nothing announced, where there is no such file or it can't be read."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=_Kept)
    except (OSError, msgspec.DecodeError):
        return Announced()
    return Announced(found.name, Sentence(found.zh, found.en) if found.zh else None)
