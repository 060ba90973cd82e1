"""Leaving the fleet: what makes this box a member goes first, then what was shared; its own programme stays."""

from __future__ import annotations

import shutil
from pathlib import Path

from box.durable import sync_folder
from fleet.agent.board import BULLETINS
from fleet.agent.programme import ORDERED, SHARED
from fleet.agent.records import MARK
from fleet.agent.standing import ANSWERS, STANDING
from fleet.agent.unsent import UNSENT
from fleet.enrol.membership import leave

_SHARED = (SHARED, ORDERED, BULLETINS, ANSWERS, STANDING, MARK, UNSENT, "said.json")


def forget(room: Path) -> None:
    """Forget the hub and all that it sent; the panel then says only the yard's own. Raises OSError.

    The counters stay: who joins the same hub again must not be told by what was ordered before. Those of another hub
    are of other keys.
    """
    leave(room)
    for name in _SHARED:
        companions = (f"{Path(name).stem}.good.json", f"{name}-wal", f"{name}-shm")
        for path in (room / name, *(room / companion for companion in companions)):
            path.unlink(missing_ok=True)
    for folder in ("clips", "coming", "walk"):
        shutil.rmtree(room / folder, ignore_errors=True)
    sync_folder(room)
