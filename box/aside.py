"""What is damaged is put aside with the time in its name, and never deleted to make room for what replaces it."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from box.durable import sync_folder

MOST_ASIDE = 20  # of one file: storage that damages it every hour must not fill up with the remains
_STAMP = "%Y%m%dT%H%M%SZ"
DAMAGED = "damaged"
_NAME = r"(?P<name>.+)\.{why}-(?P<at>[0-9]{{8}}T[0-9]{{6}}Z)(-[0-9]+)?"


@dataclass(frozen=True)
class Aside:
    """A file that was put aside ``at`` that instant (UTC), and what it was called."""

    path: Path
    name: str
    at: datetime


def put_aside(path: Path, now: datetime, *companions: str, why: str = DAMAGED) -> Path:
    """Rename ``path`` to ``NAME.damaged-TIME`` beside it, durably, and return where it is now.

    ``why`` is what its name says instead of ``damaged``. ``companions`` are endings of files that belong to it (a
    database's ``-wal``) and go with it. Of many, the first and the newest are kept: the first is nearest to what was
    good. Raises OSError.
    """
    name = f"{path.name}.{why}-{now.astimezone(UTC).strftime(_STAMP)}"
    aside = path.with_name(name)
    number = 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{name}-{number}")
    for ending in (*companions, ""):
        part = path.with_name(path.name + ending)
        if part.exists():
            part.rename(aside.with_name(aside.name + ending))
    had = sorted(path.parent.glob(f"{path.name}.{why}-*"), key=lambda one: one.stat().st_ctime_ns)
    for surplus in had[1 : -MOST_ASIDE + 1]:
        if surplus.is_dir():
            shutil.rmtree(surplus)
        else:
            surplus.unlink()
    sync_folder(path.parent)
    return aside


def all_aside(folder: Path, why: str = DAMAGED) -> tuple[Aside, ...]:
    """Return what lies aside in ``folder`` and is called so, the newest first."""
    found = []
    for path in folder.glob(f"*.{why}-*"):
        named = re.fullmatch(_NAME.format(why=why), path.name)
        if named is not None:
            at = datetime.strptime(named["at"], _STAMP).replace(tzinfo=UTC)
            found.append(Aside(path, named["name"], at))
    return tuple(sorted(found, key=lambda one: one.at, reverse=True))
