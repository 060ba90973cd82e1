"""The names by which a box is found on its LAN."""

from __future__ import annotations

LABEL = "xiaolaba"
MOST_BOXES = 9  # on one LAN; a courtyard has one


def host_names() -> tuple[str, ...]:
    """Return what a box may be called there: ``xiaolaba.local`` by choice, else ``xiaolaba-2.local`` and so on."""
    more = (f"{LABEL}-{number}.local" for number in range(2, MOST_BOXES + 1))
    return (f"{LABEL}.local", *more)
