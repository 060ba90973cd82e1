"""How a box stands to a hub: standalone → enrolled → joined ⇄ offline → left, or damaged. Pure."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """How it stands."""

    STANDALONE = "standalone"  # it has never joined anything, and works as it always did
    ENROLLED = "enrolled"  # it has a ticket, and somebody at the hub has still to compare the digits
    JOINED = "joined"  # a member, and the hub's broker is there
    OFFLINE = "offline"  # a member, and the broker is not: everything sounds from what is here
    DAMAGED = "damaged"  # storage has spoilt its membership: all sounds from what is here until the hub adds it again
    LEFT = "left"  # it was a member; what was shared is forgotten


class Event(StrEnum):
    """What changes it."""

    TICKET = "ticket"
    WELCOMED = "welcomed"
    REFUSED = "refused"
    CONNECTED = "connected"
    LOST = "lost"
    DAMAGED = "damaged"
    LEAVES = "leaves"


_NEXT: dict[tuple[State, Event], State] = {
    (State.STANDALONE, Event.TICKET): State.ENROLLED,
    (State.LEFT, Event.TICKET): State.ENROLLED,
    (State.ENROLLED, Event.TICKET): State.ENROLLED,
    (State.ENROLLED, Event.WELCOMED): State.OFFLINE,
    (State.ENROLLED, Event.REFUSED): State.STANDALONE,
    (State.ENROLLED, Event.LEAVES): State.STANDALONE,
    (State.OFFLINE, Event.CONNECTED): State.JOINED,
    (State.JOINED, Event.CONNECTED): State.JOINED,
    (State.JOINED, Event.LOST): State.OFFLINE,
    (State.OFFLINE, Event.LOST): State.OFFLINE,
    (State.JOINED, Event.DAMAGED): State.DAMAGED,
    (State.OFFLINE, Event.DAMAGED): State.DAMAGED,
    (State.DAMAGED, Event.TICKET): State.ENROLLED,
    (State.DAMAGED, Event.LEAVES): State.LEFT,
    (State.JOINED, Event.LEAVES): State.LEFT,
    (State.OFFLINE, Event.LEAVES): State.LEFT,
}


def after(state: State, event: Event) -> State:
    """Return how the box stands after ``event``; an event that means nothing where it stands changes nothing."""
    return _NEXT.get((state, event), state)
