"""What a check of the machine found, as ``doctor`` keeps it and the panel shows it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

from box.durable import replace_file
from box.sentences import Sentence

_MOST_BYTES = 256 * 1024


class Finding(msgspec.Struct, frozen=True):
    """The answer to one question. Only ``wrong`` needs a person; ``note`` is how things are on purpose, perhaps."""

    code: str
    state: Literal["good", "note", "wrong"]
    what: Sentence
    mend: Sentence | None = None


class Checkup(msgspec.Struct, frozen=True):
    """Everything that was found ``at`` that instant."""

    at: datetime
    findings: tuple[Finding, ...]


def keep_checkup(path: Path, findings: Iterable[Finding], at: datetime) -> None:
    """Put what was found where everybody on this machine may read it. Raises OSError."""
    replace_file(path, msgspec.json.encode(Checkup(at, tuple(findings))), mode=0o644)


def kept_checkup(path: Path) -> Checkup | None:
    """Return what was found last; None where nobody has looked since the power came, or it can't be read."""
    try:
        with path.open("rb") as file:
            return msgspec.json.decode(file.read(_MOST_BYTES), type=Checkup)
    except (OSError, ValueError):  # msgspec's errors are ValueErrors
        return None
