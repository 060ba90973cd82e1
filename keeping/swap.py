"""Puts what was laid out in the place of what is there: wholly or not at all, though the power fails at any instant.

One rename decides: from then on the restored state is what counts, and whoever opens the room next finishes what a
power cut left. Each step can be done again. What was there is kept in ``before-restore-TIME``, in the same form, so
that undoing is restoring it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from box.durable import replace_file, sync_folder
from box.sentences import XiaolabaError
from keeping.contents import PARTS

STAGING, READY, DONE = ".restoring", ".restore-ready", ".restore-done"
KEPT = "before-restore-"
MOST_KEPT = 3
_PLAN = "plan.json"

Add = Callable[[Path, Path], None]


class NothingToUndo(XiaolabaError):
    """No restore was made here, or what was there before it is gone."""


class _Plan(msgspec.Struct, frozen=True):
    """What comes in place of what is there, and where that is kept."""

    replaced: tuple[str, ...]
    holds: tuple[str, ...]
    kept_in: Annotated[str, Meta(pattern=rf"^{KEPT}[0-9]{{8}}T[0-9]{{6}}Z(-[0-9]+)?$")]


def discard_staged(room: Path) -> None:
    """Take away what was laid out and not put in place."""
    for name in (STAGING, DONE):
        if (room / name).exists():
            shutil.rmtree(room / name)


def commit(room: Path, now: datetime) -> str:
    """Decide that what was laid out counts; return the name of the folder in which what was there is going to be.

    It is durable when this returns. ``finish`` does the rest.
    """
    kept_in = _fresh_name(room, now)
    _write_plan(room / STAGING, kept_in)
    os.sync()  # one for all of them: a thousand small files one by one would take a slow card half a minute
    (room / STAGING).rename(room / READY)
    sync_folder(room)
    return kept_in


def finish(room: Path, adders: Mapping[str, Add]) -> bool:
    """Put in place what was decided on, also what a power cut interrupted; tell whether there was anything.

    To be called before anything else in the room is read. ``adders`` has for each part that is added how that is
    done: it gets the part as restored and as it is here, and may be called again after a power cut.
    """
    ready = room / READY
    if not ready.is_dir():
        discard_staged(room)
        return False
    plan = msgspec.json.decode((ready / _PLAN).read_bytes(), type=_Plan)
    kept = room / plan.kept_in
    (kept / "new").mkdir(mode=0o700, parents=True, exist_ok=True)
    for part in PARTS:
        restored = ready / "new" / part.name
        if part.comes_back == "added" and restored.exists():
            adders[part.name](restored, room / part.name)
    for name in plan.replaced:
        _replace(ready / "new" / name, room / name, kept / "new" / name, comes=name in plan.holds)
    _write_plan(kept, plan.kept_in)
    sync_folder(kept / "new")
    sync_folder(room)
    ready.rename(room / DONE)
    sync_folder(room)
    discard_staged(room)
    for old in sorted(room.glob(f"{KEPT}*"))[:-MOST_KEPT]:
        shutil.rmtree(old)
    return True


def undo(room: Path, now: datetime) -> str:
    """Decide that what was there before the last restore counts again; return where what is there now is kept.

    Records and acts stay: they are only ever added to. Raises NothingToUndo.
    """
    discard_staged(room)
    kept = _undoable(room)
    if not kept:
        raise NothingToUndo(
            "没有可以撤销的恢复：这里没有恢复过，或者恢复之前的内容已经不在了",
            "there is no restore to undo here, or what was there before it is gone",
        )
    kept_in = _fresh_name(room, now)
    _write_plan(kept[-1], kept_in)
    kept[-1].rename(room / READY)
    sync_folder(room)
    return kept_in


def can_be_undone(room: Path) -> bool:
    """Tell whether what was there before the last restore is still kept."""
    return bool(_undoable(room))


def add_files(restored: Path, here: Path) -> None:
    """Move every file of a folder to where there is none of its name: what is named by its content is the same."""
    here.mkdir(mode=0o750, exist_ok=True)
    for file in sorted(restored.iterdir()):
        if not (here / file.name).exists():
            file.rename(here / file.name)
    sync_folder(here)


def add_lines(restored: Path, here: Path) -> None:
    """Add to each file of a folder the lines that it lacks, in the order in which lines of dated JSON sort."""
    here.mkdir(mode=0o700, exist_ok=True)
    for file in sorted(restored.iterdir()):
        target = here / file.name
        lines = _lines(file)
        had = _lines(target) if target.exists() else set[bytes]()
        if not lines <= had:
            replace_file(target, b"".join(line + b"\n" for line in sorted(lines | had)), mode=0o600)


def _undoable(room: Path) -> list[Path]:
    return sorted(path for path in room.glob(f"{KEPT}*") if (path / _PLAN).is_file())


def _lines(file: Path) -> set[bytes]:
    return set(filter(None, file.read_bytes().split(b"\n")))


def _replace(restored: Path, here: Path, kept: Path, *, comes: bool) -> None:
    if comes and not restored.exists():
        return  # done before the power went
    if here.exists() and not kept.exists():
        here.rename(kept)
    if comes:
        if here.is_dir():  # begun anew by somebody since it was put away
            shutil.rmtree(here)
        restored.replace(here)


def _write_plan(folder: Path, kept_in: str) -> None:
    replaced = tuple(part.name for part in PARTS if part.comes_back == "replaced")
    holds = tuple(name for name in replaced if (folder / "new" / name).exists())
    replace_file(folder / _PLAN, msgspec.json.encode(_Plan(replaced, holds, kept_in)), mode=0o600)


def _fresh_name(room: Path, now: datetime) -> str:
    name = f"{KEPT}{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    number, fresh = 1, name
    while (room / fresh).exists():
        number += 1
        fresh = f"{name}-{number}"
    return fresh
