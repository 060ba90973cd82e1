"""What makes the time of each broadcast: when it changes, the broadcast is owed from then on only."""

from __future__ import annotations

import msgspec

from programme.model import RestDays, Workdays
from programme.publication import Publication


def timings_of(publication: Publication) -> dict[str, str]:
    """Return for each broadcast its hour, its zone and its days, in a stable text.

    Of workdays and rest days the years that were dropped in are part: one that is put in at noon does not make the
    morning's broadcast a missed one.
    """
    calendar = msgspec.json.encode(publication.calendar).decode() if publication.calendar else ""
    return {
        broadcast.id: f"{broadcast.at} {publication.timezone} {msgspec.json.encode(broadcast.days).decode()}"
        f"{calendar if isinstance(broadcast.days, Workdays | RestDays) else ''}"
        for broadcast in publication.broadcasts
    }
