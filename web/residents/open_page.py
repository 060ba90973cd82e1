"""What belongs to the residents' page: its switch, its turns, its sounds, and what was last made for it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from typing import TypeVar, cast

from box.clock import Clock
from web.residents.sounds import Sounds
from web.residents.switch import Switch
from web.residents.turns import Turns

_T = TypeVar("_T")


class LastMade:
    """What was made last, by its name: however many ask for it, it is made once while nothing changes."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[Hashable, object]] = {}
        self._lock = RLock()  # a page is made of what is made here too

    def of(self, name: str, state: Hashable, make: Callable[[], _T]) -> _T:
        """Return what ``name`` is for ``state``, made where it was another when it was made last; others wait for it.

        Each name stands for values of one type.
        """
        with self._lock:
            known = self._kept.get(name)
            if known is None or known[0] != state:
                known = self._kept[name] = (state, make())
            return cast(_T, known[1])


@dataclass(frozen=True)
class OpenPage:
    """All of it, handed in as one."""

    switch: Switch
    turns: Turns
    sounds: Sounds
    made: LastMade = field(default_factory=LastMade)


def open_page_at(panel_folder: Path, clips: Path, clock: Clock) -> OpenPage:
    """Return what belongs to the page, its files in the panel's folder."""
    return OpenPage(
        Switch(panel_folder / "residents.json"), Turns(clock.monotonic), Sounds(panel_folder / "aired", clips)
    )
