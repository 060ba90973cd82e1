"""What makes the time of each broadcast: when it changes, the broadcast is owed from then on only."""

from __future__ import annotations

import msgspec

from programme.publication import Publication


def timings_of(publication: Publication) -> dict[str, str]:
    """Return for each broadcast its hour, its zone and its days, in a stable text."""
    return {
        broadcast.id: f"{broadcast.at} {publication.timezone} {msgspec.json.encode(broadcast.days).decode()}"
        for broadcast in publication.broadcasts
    }
