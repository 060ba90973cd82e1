"""How this box is, as it tells the hub: put together from the speaker's status and what the panel has published."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from fleet.wire.accounts import DeviceState
from fleet.wire.topics import Inward
from programme.foreign import read_publication
from programme.publication import Publication, PublicationInvalid
from speaker.condition import Alarm
from speaker.protocol import Status

MOST_ALARMS = 50


class OnAirFile:
    """The panel's ``on-air.json``, read again only when it has changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None
        self._publication: Publication | None = None

    def publication(self) -> Publication | None:
        """Return what is published, None if nothing is or it can't be read."""
        try:
            status = self._path.stat()
            seen = (status.st_ino, status.st_mtime_ns)
            if seen != self._seen:
                self._publication = read_publication(self._path)
                self._seen = seen
        except (OSError, PublicationInvalid):
            self._seen, self._publication = None, None
        return self._publication


def state_of(
    status: Status | None,
    publication: Publication | None,
    *,
    now: datetime,
    since: datetime,
    version: str,
    zone: str,
    keys: int,
    counters: Mapping[Inward, int],
    records_waiting: int,
    own_alarms: tuple[Alarm, ...] = (),
) -> DeviceState:
    """Return what the hub is told; without a status, that nobody here answers."""
    volume = publication.volume_percent if publication else None
    stand_ins = sum(message.stand_in for message in publication.messages) if publication else 0
    state = DeviceState(
        online=True,
        since=since,
        version=version,
        zone=zone,
        now=now,
        volume_percent=volume,
        stand_ins=stand_ins,
        keys=keys,
        counters=dict(counters),
        records_waiting=records_waiting,
        alarms=own_alarms,
    )
    if status is None:
        return state
    sounding = status.sounding
    return DeviceState(
        online=True,
        since=since,
        version=version,
        zone=zone,
        now=now,
        clock=status.clock.trust,
        card=status.card,
        sounding=sounding.title[:200] if sounding else "",
        volume_percent=volume,
        stand_ins=stand_ins,
        revision=status.shared,
        keys=keys,
        counters=dict(counters),
        records_waiting=records_waiting,
        alarms=(*own_alarms, *status.alarms)[:MOST_ALARMS],
    )
