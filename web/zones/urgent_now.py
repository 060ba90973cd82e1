"""The urgent announcement that goes on in the yards now: pages from which somebody may want to stop it lead there."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import msgspec

from box.durable import replace_file
from box.sentences import XiaolabaError
from fleet.hub import urgent_protocol as u
from fleet.wire.accounts import What
from web.handed_in import HandedIn
from web.zones.applied import PATIENCE_SECONDS
from web.zones.urgent_look import is_over

ANSWERS_WITHIN = timedelta(minutes=1)  # of its start: who has told nothing by then does not say it
_IN_HAND = {What.ARMED, What.STARTED}
_MOST_KEPT = 20
_LARGEST_BYTES = 64 * 1024
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class GoingOn:
    """Its id, its title, and in how many yards it was ordered to sound."""

    urgent: str
    title: str
    yards: int


class SaidHere:
    """Which urgent announcements this yard's own loudspeaker was asked to say too: a stop reaches it as the others."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "urgent-here.json"

    def note(self, urgent: str) -> None:
        """Keep that it was. Raises OSError."""
        replace_file(self._path, msgspec.json.encode([*self._all()[-(_MOST_KEPT - 1) :], urgent]))

    def was(self, urgent: str) -> bool:
        """Tell whether it was."""
        return urgent in self._all()

    def _all(self) -> list[str]:
        try:
            with self._path.open("rb") as file:
                return msgspec.json.decode(file.read(_LARGEST_BYTES), type=list[str])
        except FileNotFoundError:
            return []
        except (OSError, msgspec.DecodeError) as error:  # a stop must reach the yards all the same
            _LOG.warning("%s can't be read: %s", self._path.name, error)
            return []


def going_on(house: HandedIn, state: u.UrgentState) -> GoingOn | None:
    """Return what goes on, None where it is over, stopped or was never said."""
    if state.urgent is None or state.starts_at is None or state.stopped is not None:
        return None
    now = house.clock.now()
    waits = now - state.starts_at < ANSWERS_WITHIN or any(one.what in _IN_HAND for one in state.zones)
    if not waits or is_over(state, now):
        return None
    return GoingOn(state.urgent, state.title, len(state.zones))


def urgent_now(house: HandedIn) -> GoingOn | None:
    """Return the same for a page that is about something else, None also where the hub can't be asked."""
    hub = house.hub_at()
    if hub is None:
        return None
    try:
        return going_on(house, hub.urgent(None, PATIENCE_SECONDS))
    except XiaolabaError:
        return None
